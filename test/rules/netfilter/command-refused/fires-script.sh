#!/bin/sh
iptables -A PREROUTING -d 192.0.2.1 -j NOTRACK
#                                      ^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: NOTRACK works in table raw alone
iptables -A OUTPUT -s 192.0.2.1 -j NOTRACK
iptables -t raw -A POSTROUTING -j NOTRACK
#                  ^^^^^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: table raw has no chain `POSTROUTING`
iptables -A OUTPUT -i eth0 -j ACCEPT
#                  ^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: a packet in OUTPUT has no such interface, and `-i` cannot ask for it
iptables -A INPUT --dport 80 -j ACCEPT
#                 ^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: `--dport` needs `-p tcp` before it
iptables -A INPUT -i "$DEV" -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 -j ACCEPT
#                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: multiport takes at most 15 ports, a range counting as two, and these are 16
iptables -A INPUT -p tcp --dports 80 -j ACCEPT
#                        ^^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: `--dports` needs `-m multiport` before it
iptables -A INPUT -i a-very-long-interface -j ACCEPT
#                    ^^^^^^^^^^^^^^^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: the name of an interface has at most 15 bytes, and `a-very-long-interface` has 21
iptables -P INPUT REJECT
#                 ^^^^^^ error netfilter/command-refused: iptables refuses this command and sets no policy: a policy is ACCEPT or DROP, not `REJECT`
iptables -N a-name-that-is-longer-than-any-chain
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error netfilter/command-refused: iptables refuses this command and makes no chain: the name of a chain has at most 28 bytes, and `a-name-that-is-longer-than-any-chain` has 36
for net in 10.0.0.0/8 192.0.2.0/24; do iptables -A INPUT -s $net -p tcp --dport 80,443 -j ACCEPT; done
#                                                                               ^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: `80,443` are several ports, which only `-m multiport` takes
ip6tables -A INPUT -s 10.0.0.0/8 -j DROP
#                     ^^^^^^^^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: `10.0.0.0/8` is of the other family, which `iptables` takes
iptables -t NAT -A POSTROUTING -o eth0 -j MASQUERADE
#           ^^^ error netfilter/command-refused: iptables refuses this command and adds no rule: there is no table `NAT`
