#!/bin/sh
exec kube-proxy --config=/var/lib/kube-proxy/config.yaml \
  --proxy-mode "iptables" \
  --v=2 # more is noise
# ---8<---
#!/bin/sh
exec kube-proxy --config=/var/lib/kube-proxy/config.yaml \
  --v=2 # more is noise
