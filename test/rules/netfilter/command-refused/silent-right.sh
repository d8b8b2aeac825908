#!/bin/sh
iptables -t raw -A PREROUTING -d 192.0.2.1 -j NOTRACK
iptables -A INPUT -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -j own_chain
iptables -A OUTPUT -m state --state NEW -j ACCEPT
iptables -t nat -D POSTROUTING -j NOTRACK
