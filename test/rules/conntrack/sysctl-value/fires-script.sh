#!/bin/sh
sysctl -w net.netfilter.nf_conntrack_tcp_timeout_close_wait=60s
#                                                           ^^^ error conntrack/sysctl-value: net.netfilter.nf_conntrack_tcp_timeout_close_wait stays as it was: the kernel refuses 60s
sysctl -w "net.netfilter.nf_conntrack_max=1048576"
echo "$wait" > /proc/sys/net/netfilter/nf_conntrack_udp_timeout
