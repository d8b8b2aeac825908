#!/bin/sh
# Every minute, from cron.
iptables -w 5 -C INPUT -p tcp --dport 443 -j ACCEPT || iptables --wait -A INPUT -p tcp --dport 443 -j ACCEPT
iptables-nft -L -n
$IPTABLES -L -n
iptables $OPTIONS -L -n
ip netns exec other iptables -L -n
iptables --version
