#!/bin/sh
# Every five minutes, from cron.
[ -n "$1" ] || exit 1
for port in 80 443; do
  iptables -w -A INPUT -p tcp --dport $port -j ACCEPT
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: Each run from cron adds this rule once more: nothing asks whether it is there
done
