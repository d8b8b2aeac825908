#!/bin/bash
vip=$(ip -4 addr show lo | awk '/\/32/ {print $2}' | cut -d/ -f1)

iptables -w 5 -t raw -A PREROUTING -d $vip -p tcp --dport 443 -j NOTRACK
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-one-way: Replies from $vip:443 are still
for port in 80 8080; do
    iptables -w 5 -t raw -C PREROUTING -d 1.2.15.22 -p tcp --dport $port -j NOTRACK 2>/dev/null ||
        iptables -w 5 -t raw -A PREROUTING -d 1.2.15.22 -p tcp --dport $port -j NOTRACK
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-one-way: Replies from 1.2.15.22:80, 1.2.15.22:8080 are
done
