#!/bin/sh
minikube start --extra-config=kube-proxy.mode=ipvs --extra-config="kube-proxy.conntrack.$FIELD=0"
minikube start --extra-config=kubelet.authentication.anonymous.enabled=true
minikube config set conntrack 1
minikube start --extra-config=kube-proxy.conntrack.maxPerCore=0 # as minikube itself does
