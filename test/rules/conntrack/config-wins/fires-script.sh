#!/bin/sh
OPTS="--config=/etc/kubernetes/proxy.conf"
nohup kube-proxy $OPTS --conntrack-min=524288 &
#                      ^^^^^^^^^^^^^^^^^^^^^^ error conntrack/config-wins: --conntrack-min has no effect: with --config kube-proxy takes conntrack.min from that file, or its default
