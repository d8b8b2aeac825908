#!/bin/sh
k3d cluster create edge --image rancher/k3s:v1.34.1-k3s1 \
  --k3s-arg '--disable=traefik@server:*' \
  --k3s-arg '--kube-proxy-arg=conntrack-max-per-core=131072@server:*'
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning conntrack/nested-node: kube-proxy exits when it starts, unless the host has the 524,288 entries that it asks for on 4 CPUs: nodes of k3d are containers
