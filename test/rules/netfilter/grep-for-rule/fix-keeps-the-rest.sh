#!/bin/sh
# why
if ! sudo iptables -w -S INPUT | grep -q -- "--dport 22"; then # not there
	sudo iptables -w -I INPUT 1 -p tcp --dport 22 \
		-j ACCEPT
fi
iptables -w -vnL -t raw |grep "$vip" |grep "dpt:80" &>/dev/null || iptables -w -t raw -A PREROUTING -d "$vip" -p tcp --dport 80 -j NOTRACK # request
iptables -w -vnL -t raw |grep "$vip" |grep "spt:80" &>/dev/null || iptables -w -t raw -A OUTPUT -s "$vip" -p tcp --sport 80 -j NOTRACK # reply
iptables -w -S | grep -q "dport 80" || { # two of them
  iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
  iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT
}
---8<---
#!/bin/sh
# why
if ! sudo iptables -w -C INPUT -p tcp --dport 22 \
		-j ACCEPT 2>/dev/null; then # not there
	sudo iptables -w -I INPUT 1 -p tcp --dport 22 \
		-j ACCEPT
fi
iptables -w -t raw -C PREROUTING -d "$vip" -p tcp --dport 80 -j NOTRACK 2>/dev/null || iptables -w -t raw -A PREROUTING -d "$vip" -p tcp --dport 80 -j NOTRACK # request
iptables -w -t raw -C OUTPUT -s "$vip" -p tcp --sport 80 -j NOTRACK 2>/dev/null || iptables -w -t raw -A OUTPUT -s "$vip" -p tcp --sport 80 -j NOTRACK # reply
iptables -w -S | grep -q "dport 80" || { # two of them
  iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
  iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT
}
