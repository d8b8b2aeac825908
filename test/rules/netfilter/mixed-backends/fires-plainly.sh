#!/bin/sh
iptables-nft -C INPUT -p tcp --dport 443 -j ACCEPT || iptables-legacy -w -A INPUT -p tcp --dport 443 -j ACCEPT
#                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/mixed-backends: Each run adds this rule once more to iptables-legacy: the check before it asks iptables-nft, which does not see it
if ! iptables-legacy -w -S INPUT | grep -q -- "--dport 80 "; then
  iptables-nft -A INPUT -p tcp --dport 80 -j ACCEPT
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/mixed-backends: Each run adds this rule once more to iptables-nft: the check before it asks iptables-legacy, which does not see it
fi
