#!/bin/bash
VIP=$(hostname -I | cut -d' ' -f1)
start() {
    iptables -t raw -A PREROUTING -d "$VIP" -p tcp --dport 443 -j NOTRACK
    iptables -t raw -A OUTPUT -s ${VIP} -p tcp --sport 443 -j NOTRACK
}
stop() {
    iptables -t raw -D OUTPUT -s $VIP -p tcp --sport 443 -j NOTRACK
    iptables -t raw -D PREROUTING -d $VIP -p tcp --dport 443 -j NOTRACK
}
# another variable may hold the same address
iptables -t raw -A PREROUTING -d $VIP -p tcp --dport 80 -j NOTRACK
iptables -t raw -A OUTPUT -s $ADDRESS -p tcp --sport 80 -j NOTRACK
# and a port may be any
iptables -t raw -A PREROUTING -d $VIP -p tcp --dport $port -j NOTRACK
