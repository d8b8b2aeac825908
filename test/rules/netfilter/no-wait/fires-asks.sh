#!/bin/sh
IPT=/sbin/iptables
if ! $IPT -t raw -C PREROUTING -p udp --dport 53 -j NOTRACK; then
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information netfilter/no-wait: Where iptables is iptables-legacy, each of 2 commands here fails (status 4), or hangs (1.8.8 to 1.8.10), while another program holds the lock: no -w
  $IPT -t raw -A PREROUTING -p udp --dport 53 -j NOTRACK
fi
