#!/bin/sh
iptables -w -t raw -I PREROUTING -p udp --dport 53 -m conntrack --ctstate NEW -m limit --limit 50/s -j ACCEPT
#                                                                         ^^^ error netfilter/state-in-raw: This rule meets no packet
