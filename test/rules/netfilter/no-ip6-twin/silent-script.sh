#!/bin/bash
for ipt in iptables ip6tables; do
    $ipt -w 5 -t raw -A PREROUTING -p tcp --dport 443 -j NOTRACK
    $ipt -w 5 -t raw -A OUTPUT -p tcp --sport 443 -j NOTRACK
    $ipt -w 5 -A INPUT -p tcp --dport 443 -j ACCEPT
done
# NodeLocal DNSCache: an address that the node alone has.
iptables -w 5 -t raw -A PREROUTING -d 169.254.20.10 -p udp --dport 53 -j NOTRACK
iptables -w 5 -t raw -A OUTPUT -s 169.254.20.10 -p udp --sport 53 -j NOTRACK
ip6tables -w 5 -A INPUT -p udp --dport 53 -j ACCEPT
