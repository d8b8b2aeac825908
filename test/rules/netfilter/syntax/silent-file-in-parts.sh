#!/bin/sh
cat > /etc/iptables/rules.v4 <<EOF
*filter
:INPUT DROP [0:0]
-A INPUT -i lo -j ACCEPT
EOF

for port in 80 443; do
  echo "-A INPUT -p tcp --dport $port -j ACCEPT" >> /etc/iptables/rules.v4
done
echo COMMIT >> /etc/iptables/rules.v4

cat <<EOF | sudo tee /etc/iptables/rules.v6
*filter
:INPUT DROP [0:0]
EOF
cat <<EOF | sudo tee -a /etc/iptables/rules.v6
-A INPUT -i lo -j ACCEPT
COMMIT
EOF
