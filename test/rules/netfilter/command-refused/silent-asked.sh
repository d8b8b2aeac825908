#!/bin/sh
iptables -A PREROUTING -j NOTRACK || true
iptables -A PREROUTING -j NOTRACK 2>/dev/null
if iptables -A INPUT --dport 80 -j ACCEPT; then echo yes; fi
iptables -A OUTPUT -i eth0 -j ACCEPT 2>&1 | grep -q such
iptables -C OUTPUT -i eth0 -j ACCEPT
