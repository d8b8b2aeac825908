#!/bin/bash
VIP=192.0.2.10
iptables -w 5 -t raw -A PREROUTING -d "$VIP" -p tcp --dport 443 -j NOTRACK
iptables-restore --noflush <<'EOF'
*raw
-A OUTPUT -s 192.0.2.10 -p tcp --sport 443 -j NOTRACK
COMMIT
EOF
