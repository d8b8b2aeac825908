#!/bin/sh
sudo /usr/sbin/iptables-nft -w -C INPUT -p tcp --dport 443 -j ACCEPT || sudo iptables-legacy -w -A INPUT -p tcp --dport 443 -j ACCEPT # why
---8<---
#!/bin/sh
sudo /usr/sbin/iptables-legacy -w -C INPUT -p tcp --dport 443 -j ACCEPT || sudo iptables-legacy -w -A INPUT -p tcp --dport 443 -j ACCEPT # why
