#!/bin/sh
iptables -w -t raw -C OUTPUT -p udp --sport 53 -j NOTRACK 2>/dev/null || iptables -w -t raw -A OUTPUT -p udp --sport 53 -j CT --notrack
#                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: Each run adds this rule once more: -C does not find `CT --notrack` by the name NOTRACK, nor the other way round
if ! iptables -w -C INPUT -p tcp --dport 80 -j ACCEPT; then
  iptables -w -A INPUT -p tcp --dport 8080 -j ACCEPT
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: This rule is added again with each run, or never: the check before it asks for another one
fi
