#!/bin/sh
sysctl -e -w net.ipv4.netfilter.ip_conntrack_max=1
sysctl -w net.ipv4.netfilter.ip_conntrack_max=1 2>/dev/null
sysctl -w net.ipv4.netfilter.ip_conntrack_max=1 || sysctl -w net.netfilter.nf_conntrack_max=1
if [ -e /proc/sys/net/ipv4/netfilter/ip_conntrack_max ]; then
  echo 1 > /proc/sys/net/ipv4/netfilter/ip_conntrack_max
fi
[ -f /proc/sys/net/ipv4/ip_conntrack_max ] && echo 1 > /proc/sys/net/ipv4/ip_conntrack_max
