#!/bin/sh
$IPT -A PREROUTING -j NOTRACK
iptables $TABLE -A PREROUTING -j NOTRACK
iptables -A INPUT $PROTOCOL --dport 80 -j ACCEPT
for t in iptables ip6tables; do $t -A INPUT -s 10.0.0.0/8 -j DROP; done
for c in INPUT OUTPUT; do iptables -A $c -i lo -j ACCEPT; done
