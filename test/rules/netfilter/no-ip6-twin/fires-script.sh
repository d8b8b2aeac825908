#!/bin/bash
vip=$(ip -4 addr show lo | awk '/\/32/ {print $2}' | cut -d/ -f1)
for port in 80 443; do
    iptables -w 5 -t raw -A PREROUTING -d "$vip" -p tcp --dport $port -j NOTRACK
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information netfilter/no-ip6-twin: IPv6 connections to TCP ports 80 and 443
    iptables -w 5 -t raw -A OUTPUT -s "$vip" -p tcp --sport $port -j NOTRACK
    ip6tables -w 5 -A INPUT -p tcp --dport $port -j ACCEPT
done
