# Filled in by Terraform, Python and sed, each with its own marks.
server {
    listen 80;
    listen {port} ssl;
    server_name {domain} *.{domain};
    ssl_certificate {certificate};
    __EXTRA_SERVER__
%{ if compress ~}
    gzip on;
%{ else ~}
    gzip off;
%{ endif ~}
    ${more_of_the_server}
    location ~ "^/[a-z]{2}/" {
        proxy_pass http://{backend}:@PORT@;
        $headers
    }
}
