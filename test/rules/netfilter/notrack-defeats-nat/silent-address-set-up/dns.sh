#!/bin/sh
# A resolver of the node itself answers on the address of kube-dns.
ip address add 10.96.0.10/32 dev lo
iptables -w 5 -t raw -C PREROUTING -d 10.96.0.10/32 -p udp --dport 53 -j NOTRACK ||
  iptables -w 5 -t raw -A PREROUTING -d 10.96.0.10/32 -p udp --dport 53 -j NOTRACK
iptables -w 5 -t raw -C OUTPUT -s 10.96.0.10/32 -p udp --sport 53 -j NOTRACK ||
  iptables -w 5 -t raw -A OUTPUT -s 10.96.0.10/32 -p udp --sport 53 -j NOTRACK
