#!/bin/sh
iptables -w -t raw -A OUTPUT -p tcp --sport 53 -j CT --notrack
iptables -w -t raw -A PREROUTING -p tcp --dport 53 -j NOTRACK
sleep 60
iptables -w -t raw -D OUTPUT -p tcp --sport 53 -j NOTRACK || true
iptables -w -t raw -D PREROUTING -p tcp --dport 53 -j CT --notrack # by the other name
---8<---
#!/bin/sh
iptables -w -t raw -A OUTPUT -p tcp --sport 53 -j CT --notrack
iptables -w -t raw -A PREROUTING -p tcp --dport 53 -j NOTRACK
sleep 60
iptables -w -t raw -D OUTPUT -p tcp --sport 53 -j CT --notrack || true
iptables -w -t raw -D PREROUTING -p tcp --dport 53 -j NOTRACK # by the other name
