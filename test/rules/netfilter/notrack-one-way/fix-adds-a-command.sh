#!/bin/sh
set -e
if true; then
    # fast path
    iptables -w 5 -t raw -A PREROUTING -i eth0 -d "$VIP" \
        -p tcp -m multiport --dports 80,443 -j NOTRACK # both
fi
# ---8<---
#!/bin/sh
set -e
if true; then
    # fast path
    iptables -w 5 -t raw -A PREROUTING -i eth0 -d "$VIP" \
        -p tcp -m multiport --dports 80,443 -j NOTRACK # both
    iptables -w 5 -t raw -A OUTPUT -o eth0 -s "$VIP" \
        -p tcp -m multiport --sports 80,443 -j NOTRACK
fi
