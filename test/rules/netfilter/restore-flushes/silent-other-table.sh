#!/bin/bash
# on every k8s node
iptables-restore -T raw /etc/vip.rules
iptables-restore --table=raw < /etc/vip.rules
iptables-restore -w 5 -Tsecurity /etc/vip.rules
