if true; then
  vip=$(ip -o -4 addr show dummy0 | awk '{print $4}')
  # requests
  iptables -w -t raw -A PREROUTING -d $vip -p tcp --dport 80 -j NOTRACK # http
  if [ -n "$replies" ]; then
    iptables -w -t raw -A OUTPUT -s $vip -p tcp \
      --sport 80 -j NOTRACK
  fi # replies

  echo done
fi
---8<---
if true; then
  vip=$(ip -o -4 addr show dummy0 | awk '{print $4}')
  # requests
  for vip in $vip; do
    iptables -w -t raw -A PREROUTING -d $vip -p tcp --dport 80 -j NOTRACK # http
    if [ -n "$replies" ]; then
      iptables -w -t raw -A OUTPUT -s $vip -p tcp \
        --sport 80 -j NOTRACK
    fi # replies
  done

  echo done
fi
