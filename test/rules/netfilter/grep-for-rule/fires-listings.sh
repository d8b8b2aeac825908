#!/bin/sh
iptables -w -nL INPUT | grep -q dpt:80 || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: A rule for port 8080 passes for the one for port 80, which is then never added: grep finds `dpt:80` in `dpt:8080`
if ! iptables -w -S INPUT | grep -q -- "--dport 22"; then
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: A rule for port 2222 passes for the one for port 22, which is then never added: grep finds `--dport 22` in `--dport 2222`
  iptables -w -I INPUT 1 -p tcp --dport 22 -j ACCEPT
fi
iptables -w -L INPUT | grep -q "dpt:443 " || echo none
iptables -w -L INPUT | grep -q "dpt:443" || iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: One more copy of this rule is added each time: without -n, -L writes the name of the service and never `dpt:443`
iptables-save | grep -q "dpt:8443" || iptables -w -A INPUT -p tcp --dport 8443 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: One more copy of this rule is added each time: `iptables-save` never writes `dpt:8443`
iptables -w -S | grep -q 10.0.0.1 || iptables -w -A INPUT -s 10.0.0.1 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: The rules of 10.0.0.10 pass for those of 10.0.0.1, which are then never added: grep finds parts of words
iptables -w -S | grep -q "dport 80" || {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: A rule for port 8080 passes for the one for port 80, which is then never added: grep finds `dport 80` in `dport 8080`
  iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
}
iptables -w -nL | grep -q "dpt:25" && echo there || iptables -w -A INPUT -p tcp --dport 25 -j ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/grep-for-rule: A rule for port 2525 passes for the one for port 25, which is then never added: grep finds `dpt:25` in `dpt:2525`
