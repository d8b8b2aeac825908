#!/bin/sh
# Every five minutes, from cron.
iptables -C INPUT -p tcp --dport 443 -j ACCEPT 2>/dev/null || iptables -A INPUT -p tcp --dport 443 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information netfilter/no-wait: Where iptables is iptables-legacy, each of 2 commands here fails (status 4), or hangs (1.8.8 to 1.8.10), while another program holds the lock: no -w
