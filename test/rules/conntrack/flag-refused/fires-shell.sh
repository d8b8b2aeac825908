#!/bin/sh
# kubernetes 1.36
kube-proxy --cleanup
exec kube-proxy --conntrack-min=524288 \
  --contrack-max-per-core=1 \
# ^^^^^^^^^^^^^^^^^^^^^^^^^ error conntrack/flag-refused: kube-proxy does not start: it has no flag --contrack-max-per-core; did you mean --conntrack-max-per-core?
  --v=2
