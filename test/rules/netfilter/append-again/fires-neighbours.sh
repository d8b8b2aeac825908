#!/bin/sh
add() {
  iptables -w -C "$@" 2>/dev/null || iptables -w -A "$@"
}
add INPUT -p tcp --dport 80 -j ACCEPT
iptables -w -I INPUT 1 -p tcp --dport 443 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: Each run adds this rule once more: its neighbours are asked for before they are added, this one is not
while true; do
  iptables -w -A INPUT -p tcp --dport 22 -j ACCEPT
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: Each round of the loop adds this rule once more: nothing asks whether it is there
  sleep 60
done
