#!/bin/sh
k3d cluster create edge --k3s-arg '--kube-proxy-arg=conntrack-max-per-core=0@server:*'
k3d cluster create edge --network host --k3s-arg '--kube-proxy-arg=conntrack-max-per-core=131072@server:*'
k3d cluster create edge --k3s-arg "--kube-proxy-arg=conntrack-max-per-core=$PER_CORE@server:*"
k3d cluster create edge --config k3d.yaml --k3s-arg '--kube-proxy-arg=conntrack-max-per-core=131072@server:*'
k3d cluster delete edge
