#!/bin/sh
cat > /etc/iptables/rules.v4 <<EOF
*filter
:INPUT DROP [0:0]
-A INPUT -i lo -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^ error netfilter/syntax: iptables-restore stops here and loads no rule of table filter: the rules of `*filter` are never committed
EOF
