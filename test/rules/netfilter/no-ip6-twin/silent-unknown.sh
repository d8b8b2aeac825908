#!/bin/sh
iptables -w 5 -t raw -A PREROUTING -p tcp --dport 443 -j NOTRACK
iptables -w 5 -t raw -A OUTPUT -p tcp --sport 443 -j NOTRACK
ip6tables-restore --noflush < /etc/untracked.rules
ip6tables -w 5 -A INPUT -p tcp --dport 443 -j ACCEPT
