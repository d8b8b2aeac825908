#!/bin/sh
# Beside kube-proxy.
iptables-restore <<'EOF'
^^^^^^^^^^^^^^^^ warning netfilter/restore-flushes: Services and host ports stop working on this node for a while: table nat is emptied, the chains of kube-proxy and of the CNI with it
*filter
:INPUT ACCEPT
-A INPUT -p tcp --dport 443 -j ACCEPT
COMMIT
*nat
COMMIT
EOF
cat <<-'EOF' | sudo iptables-restore -w 5 -c
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/restore-flushes: Services and host ports stop working on this node for a while: table nat is emptied, the chains of kube-proxy and of the CNI with it
	*nat
	COMMIT
	EOF
ip6tables-restore < /etc/iptables/rules.v6
^^^^^^^^^^^^^^^^^ information netfilter/restore-flushes: Every table that the input names is emptied first, the chains of kube-proxy and of the CNI with it
