#!/bin/sh
if [ "$big" ]; then sysctl -w net.netfilter.nf_conntrack_max=1048576
else sysctl -w net.netfilter.nf_conntrack_max=262144
fi
