#!/bin/sh
# Whole words, ends of words, rules that nothing can be taken for, listings for people to read.
iptables -w -nL INPUT | grep -qw "dpt:80" || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
iptables -w -nL INPUT | grep -q "dpt:443 " || iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT
iptables -w -nL INPUT | grep -q 'dpt:22$' || iptables -w -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -w -nL INPUT | grep -q "dpt:10250" || iptables -w -A INPUT -p tcp --dport 10250 -j ACCEPT
iptables -w -S | grep -q 192.168.100.250 || iptables -w -A INPUT -s 192.168.100.250 -j ACCEPT
iptables -w -C INPUT -p tcp --dport 53 -j ACCEPT || iptables -w -A INPUT -p tcp --dport 53 -j ACCEPT
iptables -w -S | grep -q KUBE-SERVICES || iptables -w -N EARLY
iptables -w -nL | grep "dpt:80"
iptables -w -nL INPUT | grep -q "$PATTERN" || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT
# What is found says that others are there.
if iptables -w -S | grep -q "dport 80"; then
  iptables -w -A INPUT -p tcp --dport 8443 -j ACCEPT
fi
