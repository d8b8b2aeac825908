#!/bin/bash
# Rules that are added where others are there, once.
iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -j MASQUERADE
if iptables -L -n | grep -qE '^(REJECT|DROP)'; then
  iptables -I INPUT -p udp --dport 1194 -j ACCEPT
fi
iptables -C FORWARD -j DOCKER-USER && iptables -I DOCKER-USER -s 10.8.0.0/24 -j ACCEPT
