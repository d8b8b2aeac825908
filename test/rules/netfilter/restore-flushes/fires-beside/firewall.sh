#!/bin/sh
iptables-restore /etc/firewall
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information netfilter/restore-flushes: Every table that the input names is emptied first
