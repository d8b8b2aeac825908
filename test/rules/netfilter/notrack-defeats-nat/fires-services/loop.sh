#!/bin/bash
for address in 203.0.113.10 10.96.0.10; do
  for port in 53 443; do
    iptables -w -t raw -A PREROUTING -d $address -p tcp --dport $port -j NOTRACK
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-defeats-nat: Connections to
    iptables -w -t raw -A OUTPUT -s $address -p tcp --sport $port -j NOTRACK
  done
done
