#!/bin/sh
IPT=/sbin/iptables
$IPT -w 5 -A PREROUTING -p udp --dport 53 -j NOTRACK # dns
iptables -w 5 -A OUTPUT -p udp --sport 53 -j NOTRACK
---8<---
#!/bin/sh
IPT=/sbin/iptables
$IPT -t raw -w 5 -A PREROUTING -p udp --dport 53 -j NOTRACK # dns
iptables -t raw -w 5 -A OUTPUT -p udp --sport 53 -j NOTRACK
