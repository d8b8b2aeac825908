#!/bin/sh
iptables-nft -P FORWARD ACCEPT
iptables-legacy -P FORWARD ACCEPT
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning netfilter/no-wait: While another program holds the lock, this command fails with exit status 4, or hangs (1.8.8 to 1.8.10): no -w
