#!/bin/sh
minikube start --driver=none --extra-config=kube-proxy.conntrack.maxPerCore=131072 \
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error conntrack/platform-field: kube-proxy gets none of this: minikube writes `conntrack.maxPerCore` as one key, dot and all, which kubeadm and kube-proxy drop
  --extra-config 'kube-proxy.ipvs.strictARP=true' \
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error conntrack/platform-field: kube-proxy gets none of this: minikube writes `ipvs.strictARP` as one key
  --cpus=4
