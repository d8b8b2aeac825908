#!/bin/bash
for vip in $(cat /etc/vips); do
  iptables -w -vnL -t raw | grep "$vip" | grep "dpt:443" &>/dev/null || iptables -w -t raw -A PREROUTING -d "$vip" -p tcp --dport 443 -j NOTRACK
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: A rule for port 4430, or rules of an address that only begins like `$vip`, pass for this one, which is then never added: grep finds parts of words
  iptables -w -vnL -t raw | grep "$vip" | grep -qw "spt:443" || iptables -w -t raw -A OUTPUT -s "$vip" -p tcp --sport 443 -j NOTRACK
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: Rules of an address that only begins like `$vip`, such as 1.2.15.210 where it is 1.2.15.21, pass for this one, which is then never added
done
