#!/bin/sh
iptables -w -t raw -I PREROUTING -p udp --dport 53 -m conntrack --ctstate NEW -m limit --limit 50/s -j ACCEPT
#                                                                         ^^^ error netfilter/state-in-raw: This rule meets no packet
# Nobody is to connect from there; but no packet would get in at all.
iptables -w -t raw -A PREROUTING -i wlan0 -m conntrack --ctstate INVALID,NEW -j DROP
#                                                                ^^^^^^^^^^^ warning netfilter/state-in-raw: INVALID,NEW means every packet here
