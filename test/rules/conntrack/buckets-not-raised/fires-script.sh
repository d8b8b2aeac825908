#!/bin/sh
sysctl -w net.netfilter.nf_conntrack_max=2310720
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning conntrack/buckets-not-raised: Every packet searches chains of 8.8 entries
