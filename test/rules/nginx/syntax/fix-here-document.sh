#!/bin/bash
cat > /etc/nginx/conf.d/site.conf <<'EOF'
server {
    listen 80
    server_name example.org;
}
EOF
nginx -s reload
---8<---
#!/bin/bash
cat > /etc/nginx/conf.d/site.conf <<'EOF'
server {
    listen 80;
    server_name example.org;
}
EOF
nginx -s reload
