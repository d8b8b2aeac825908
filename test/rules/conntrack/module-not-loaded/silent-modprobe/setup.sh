#!/bin/sh
modprobe nf_conntrack
