#!/bin/sh
iptables -w -C INPUT -p tcp --dport 443 -j ACCEPT || iptables-legacy -w -A INPUT -p tcp --dport 443 -j ACCEPT
for backend in nft legacy; do
  iptables-$backend -w -C INPUT -p tcp --dport 80 -j ACCEPT || iptables-$backend -w -A INPUT -p tcp --dport 80 -j ACCEPT
done
iptables-nft -S KUBE-IPTABLES-HINT && iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT
