#!/bin/sh
# Beside kube-proxy.
iptables-restore -w 5 --noflush < /etc/iptables/edge.rules
iptables-restore -nw < /etc/iptables/edge.rules
iptables-restore --test < /etc/iptables/edge.rules
iptables-save | grep -v DOCKER | iptables-restore
iptables-restore $OPTIONS < /etc/iptables/edge.rules
iptables-restore <<'EOF'
*raw
-A PREROUTING -p udp --dport 53 -j NOTRACK
-A OUTPUT -p udp --sport 53 -j NOTRACK
COMMIT
EOF
