#!/bin/sh
iptables -A INPUT -p tcp --dport 80 -j ACCEPT
iptables -C INPUT -s "$a" -j ACCEPT
