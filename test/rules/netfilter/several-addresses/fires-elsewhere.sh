#!/bin/sh
add() {
  iptables -w -t raw -A PREROUTING -d "$ADDRESS" -p tcp --dport 80 -j NOTRACK
  iptables -w -t raw -A OUTPUT -s "$ADDRESS" -p tcp --sport 80 -j NOTRACK
}
ADDRESS=$(ip -4 -o a s dev dummy0 | awk '{ print $4 }')
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/several-addresses: With two addresses on dummy0 no rule is added, for neither: `$ADDRESS` is then one word of two lines, which is no address
add
