#!/bin/sh
# One line, all in one word with commas, one that is usual, in a loop, from elsewhere.
one=$(ip addr show lo | grep /32 | awk '{print $2}' | head -1)
iptables -w -A INPUT -d $one -j ACCEPT
first=$(ip -o addr show lo | awk '/\/32/ { print $4; exit }')
iptables -w -A INPUT -d $first -j ACCEPT
second=$(ip addr show lo | grep -m1 /32 | awk '{print $2}')
iptables -w -A INPUT -d $second -j ACCEPT
joined=$(ip -o -4 addr show lo | awk '{print $4}' | paste -sd,)
iptables -w -A INPUT -d $joined -j ACCEPT
own=$(ip -4 addr show eth0 | grep inet | awk '{print $2}')
iptables -w -A INPUT -d $own -j ACCEPT
vips=$(ip -4 -o addr show dev lo | awk '{print $4}')
for vip in $vips; do
  iptables -w -A INPUT -d "$vip" -j ACCEPT
done
labelled=$(ip -4 -o addr show dev lo label lo:vip | awk '{print $4}')
iptables -w -A INPUT -d $labelled -j ACCEPT
iptables -w -A INPUT -d $UNKNOWN -j ACCEPT
