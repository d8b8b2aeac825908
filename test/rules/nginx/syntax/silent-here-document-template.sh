#!/bin/bash
cat > /etc/nginx/conf.d/site.conf <<EOF
server {
    listen $PORT;
    server_name $NAMES;
    etag $ETAG;
    $MORE
    proxy_pass http://$BACKEND;
    add_header $HEADER;
    add_header X-Node $(hostname);
    ${LAST}
}
EOF
