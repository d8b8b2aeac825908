#!/bin/bash
vip=`ip addr show lo |grep "/32" |awk '{print $2}' |cut -f1 -d'/'`

iptables -t raw -C PREROUTING -d $vip -p tcp --dport 443 -j NOTRACK &>/dev/null || iptables -t raw -A PREROUTING -d $vip -p tcp --dport 443 -j NOTRACK
iptables -t raw -C PREROUTING -d $vip -p tcp --dport 80 -j NOTRACK &>/dev/null || iptables -t raw -A PREROUTING -d $vip -p tcp --dport 80 -j NOTRACK

iptables -t raw -C OUTPUT -s $vip -p tcp --sport 443 -j NOTRACK &>/dev/null || iptables -t raw -A OUTPUT -s $vip -p tcp --sport 443 -j NOTRACK
iptables -t raw -C OUTPUT -s $vip -p tcp --sport 80 -j NOTRACK &>/dev/null || iptables -t raw -A OUTPUT -s $vip -p tcp --sport 80 -j NOTRACK

echo done
---8<---
#!/bin/bash
vip=`ip addr show lo |grep "/32" |awk '{print $2}' |cut -f1 -d'/'`

for vip in $vip; do
  for port in 443 80; do
    iptables -w 5 -t raw -C PREROUTING -d "$vip" -p tcp --dport "$port" -j NOTRACK 2>/dev/null ||
      iptables -w 5 -t raw -A PREROUTING -d "$vip" -p tcp --dport "$port" -j NOTRACK
    iptables -w 5 -t raw -C OUTPUT -s "$vip" -p tcp --sport "$port" -j NOTRACK 2>/dev/null ||
      iptables -w 5 -t raw -A OUTPUT -s "$vip" -p tcp --sport "$port" -j NOTRACK
  done
done

echo done
