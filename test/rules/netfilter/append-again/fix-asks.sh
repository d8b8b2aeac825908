#!/bin/sh
# from cron
sudo iptables -w -I INPUT 2 -p tcp --dport 443 -j ACCEPT # https
[ -n "$1" ] && iptables -w -A INPUT -p tcp --dport 22 -j ACCEPT
if [ -n "$2" ]; then
	iptables -w -A INPUT -s "$2" \
		-j ACCEPT >/dev/null
fi
iptables -w -t raw -C OUTPUT -p udp --sport 53 -j NOTRACK 2>/dev/null || iptables -w -t raw -A OUTPUT -p udp --sport 53 -j CT --notrack
---8<---
#!/bin/sh
# from cron
sudo iptables -w -C INPUT -p tcp --dport 443 -j ACCEPT 2>/dev/null || sudo iptables -w -I INPUT 2 -p tcp --dport 443 -j ACCEPT # https
[ -n "$1" ] && iptables -w -A INPUT -p tcp --dport 22 -j ACCEPT
if [ -n "$2" ]; then
	iptables -w -C INPUT -s "$2" \
		-j ACCEPT 2>/dev/null || iptables -w -A INPUT -s "$2" \
		-j ACCEPT >/dev/null
fi
iptables -w -t raw -C OUTPUT -p udp --sport 53 -j CT --notrack 2>/dev/null || iptables -w -t raw -A OUTPUT -p udp --sport 53 -j CT --notrack
