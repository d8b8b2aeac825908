#!/bin/bash
# Every five minutes from cron, on the routers.
set -euo pipefail

vips=$(ip -4 -o addr show dev lo scope global | awk '$4 ~ /\/32$/ { sub("/32", "", $4); print $4 }')

if [ -z "$vips" ]; then
  echo "no VIP on lo" >&2
  exit 1
fi

for vip in $vips; do
  for port in 80 443; do
    iptables -w 5 -t raw -C PREROUTING -d "$vip" -p tcp --dport "$port" -j NOTRACK 2>/dev/null ||
      iptables -w 5 -t raw -A PREROUTING -d "$vip" -p tcp --dport "$port" -j NOTRACK
    iptables -w 5 -t raw -C OUTPUT -s "$vip" -p tcp --sport "$port" -j NOTRACK 2>/dev/null ||
      iptables -w 5 -t raw -A OUTPUT -s "$vip" -p tcp --sport "$port" -j NOTRACK
  done
done
