#!/bin/sh
# from cron
IPT="iptables"
"$IPT" -C INPUT -p tcp --dport 443 -j ACCEPT 2>/dev/null || sudo /sbin/iptables -A INPUT -p tcp --dport 443 -j ACCEPT # why
ip6tables -w -L -n
for port in 80 443; do iptables -nvL | grep -w "$port"; done
---8<---
#!/bin/sh
# from cron
IPT="iptables"
"$IPT" -w 5 -C INPUT -p tcp --dport 443 -j ACCEPT 2>/dev/null || sudo /sbin/iptables -w 5 -A INPUT -p tcp --dport 443 -j ACCEPT # why
ip6tables -w -L -n
for port in 80 443; do iptables -w 5 -nvL | grep -w "$port"; done
