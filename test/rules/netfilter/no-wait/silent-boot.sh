#!/bin/sh
iptables -F
iptables -A INPUT -p tcp --dport 443 -j ACCEPT
