#!/bin/sh
for vip in $(ip -4 -o addr show dev lo | awk '{ print $4 }'); do
#            ^^^^^^^^^^^^^^^^^^^^^^^^^ information netfilter/lo-addresses-only: Addresses of Services are not among these where kube-proxy runs in IPVS mode: it binds them to kube-ipvs0, not to lo
  iptables -w -A INPUT -d "$vip" -p tcp --dport 443 -j ACCEPT
done
