#!/bin/bash
  iptables -w 5 -t raw -A PREROUTING -p tcp --dport 80 -j NOTRACK
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-one-way: Replies from *:80
iptables-restore --noflush <<'EOF'
*raw
  -A OUTPUT -s 192.0.2.10 -p tcp --sport 443 -j NOTRACK
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/notrack-one-way: Requests to 192.0.2.10:443
COMMIT
EOF
