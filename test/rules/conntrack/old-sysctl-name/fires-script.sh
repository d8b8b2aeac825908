#!/bin/sh
echo 655360 > /proc/sys/net/ipv4/netfilter/ip_conntrack_max
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning conntrack/old-sysctl-name: Kernels since 4.9 have no net.ipv4.netfilter.ip_conntrack_max
sysctl -w net.ipv4.ip_conntrack_max=655360
#         ^^^^^^^^^^^^^^^^^^^^^^^^^ warning conntrack/old-sysctl-name: Kernels since 4.9 have no net.ipv4.ip_conntrack_max
