#!/bin/bash
# what the last version of this script added
iptables -w -t raw -D OUTPUT -p tcp --sport 443 -j NOTRACK 2>/dev/null
iptables -w -t raw -A OUTPUT -p tcp --sport 443 -j CT --notrack
if [ "$1" = stop ]; then
  iptables -w -t raw -D OUTPUT -p tcp --sport 443 -j CT --notrack
  iptables -w -t raw -D OUTPUT -p tcp --sport 443 -j NOTRACK
  iptables -w -t raw -D OUTPUT -p tcp --sport 80 -j NOTRACK
fi
