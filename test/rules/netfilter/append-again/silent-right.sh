#!/bin/sh
# From cron: asked before, taken away before, in an empty chain, known by a file.
iptables -w -C INPUT -p tcp --dport 80 -j ACCEPT -m comment --comment a || iptables -w -A INPUT -p tcp -m tcp --dport 80 -m comment --comment a -j ACCEPT
iptables -w -D INPUT -p tcp --dport 443 -j ACCEPT
iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT
iptables -w -F EDGE
iptables -w -A EDGE -p tcp --dport 22 -j ACCEPT
[ -f /run/done ] || iptables -w -A OUTPUT -p tcp --dport 25 -j DROP
count=$(iptables -w -S | grep -c 8443)
[ "$count" -gt 0 ] || iptables -w -A OUTPUT -p tcp --dport 8443 -j DROP
iptables -w -C INPUT -j NEW || {
  iptables -w -A OUTPUT -p tcp --dport 8444 -j DROP
  iptables -w -A INPUT -j NEW
}
