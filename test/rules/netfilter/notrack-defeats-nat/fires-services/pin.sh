#!/bin/bash
set -e
VIP6=2001:db8::10
for port in 80 443; do
  ip6tables -w -t raw -C PREROUTING -d $VIP6 -p tcp --dport $port -j NOTRACK || ip6tables -w -t raw -A PREROUTING -d $VIP6 -p tcp --dport $port -j NOTRACK
#                                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-defeats-nat: Connections to [2001
  ip6tables -w -t raw -C OUTPUT -s $VIP6 -p tcp --sport $port -j NOTRACK || ip6tables -w -t raw -A OUTPUT -s $VIP6 -p tcp --sport $port -j NOTRACK
done
