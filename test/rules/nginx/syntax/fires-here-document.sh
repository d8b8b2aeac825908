#!/bin/bash
PORT=8080
cat > /etc/nginx/conf.d/site.conf <<'EOF'
server {
    listen 80
#          ^^ error nginx/syntax: nginx does not start or reload with this file: `listen` lacks its `;`
    server_name example.org;
    return 204;
}
EOF
cat <<EOF | sudo tee /etc/nginx/conf.d/other.conf
server {
    listen $PORT;
    server_name $NAME;
    etag on;
    etag off;
#   ^^^^ error nginx/syntax: nginx does not start or reload with this file: `etag` may stand once in a block
    proxy_set_header Host \$host always;
#   ^^^^^^^^^^^^^^^^ error nginx/syntax: nginx does not start or reload with this file: `proxy_set_header` takes 2 arguments, not 3
}
EOF
