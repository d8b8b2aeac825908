#!/bin/bash
# keepalived: $3 is the state
VIP=203.0.113.10
case $3 in
  MASTER)
    iptables -w -t raw -A PREROUTING -d $VIP -p tcp --dport 443 -j CT --notrack
    iptables -w -t raw -A OUTPUT -s $VIP -p tcp --sport 443 -j NOTRACK ;;
  *)
    iptables -w -t raw -D PREROUTING -d $VIP -p tcp --dport 443 -j NOTRACK
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/append-again: This takes no rule away: -D does not find `CT --notrack` by the name NOTRACK
    iptables -w -t raw -D OUTPUT -s $VIP -p tcp --sport 443 -j NOTRACK ;;
esac
