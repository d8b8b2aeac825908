#!/bin/sh
sysctl -w net.ipv6.conf.all.disable_ipv6=1
iptables -w 5 -t raw -A PREROUTING -p tcp --dport 443 -j NOTRACK
iptables -w 5 -t raw -A OUTPUT -p tcp --sport 443 -j NOTRACK
ip6tables -w 5 -A INPUT -p tcp --dport 443 -j ACCEPT
