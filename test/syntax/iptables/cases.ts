import type { IpFamily } from '../../../server/src/facts/netfilter.ts';

export type RuleCase = readonly [rule: string, said: string, family?: IpFamily];

/** Rules of table filter, on line 3, behind a chain `A`; where the backends differ, nft comes first. test/real asks the programs. */
export const FILTER_RULES: Readonly<Record<string, readonly RuleCase[]>> = {
  addresses: [
    ['-A INPUT -s 10.0.0.0/8,192.168.0.1 -j DROP', 'taken'],
    ['-A INPUT -s 10 -j DROP', 'taken'],
    ['-A INPUT -s any/0 -j DROP', 'taken'],
    ['-A INPUT -s 10.0.0.0/33 -j DROP', 'badMask 3'],
    ['-A INPUT -s 10.0.0.256 -j DROP', 'badAddress 3'],
    ['-A INPUT -s 2001:db8::1 -j DROP', 'otherFamily 3'],
    ['-A INPUT -s 10.0.0.1 -j DROP', 'otherFamily 3', 'ipv6'],
    ['-A INPUT -s 2001:db8::/64 -j DROP', 'taken', 'ipv6'],
    ['-A INPUT ! -s 10.0.0.1,10.0.0.2 -j DROP', 'notSeveralAddresses 3'],
    ['-A INPUT -s gateway.example -j DROP', 'unsure'],
    ['-A INPUT ! -s 0.0.0.0/0 -j DROP', 'matchesNothing / taken'],
  ],
  ports: [
    ['-A INPUT -p tcp --dport 0x50 -j DROP', 'taken'],
    ['-A INPUT -p tcp --dport http -j DROP', 'unsure'],
    ['-A INPUT -p tcp --dport 80,443 -j DROP', 'portList 3'],
    ['-A INPUT -p tcp --dport 80-90 -j DROP', 'badPort 3'],
    ['-A INPUT -p tcp --dport 90:80 -j DROP', 'badPortRange 3'],
    ['-A INPUT -p tcp --dport 65536 -j DROP', 'badPort 3'],
    ['-A INPUT --dport 80 -j DROP', 'optionNeedsProtocol 3'],
    ['-A INPUT --ctstate NEW -j DROP', 'optionNeedsMatch 3'],
    ['-A INPUT --nonesuch -j DROP', 'unknownOption 3'],
    ['-A INPUT -m tcp --dport 80 -j DROP', 'needsProtocol 3 / needsProtocol'],
    ['-A INPUT ! -p tcp -m tcp --dport 80 -j DROP', 'taken / needsProtocol'],
    ['-A INPUT -m multiport --dports 80 -p tcp -j DROP', 'needsProtocol 3'],
    ['-A INPUT -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 -j DROP', 'taken'],
    ['-A INPUT -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14:15 -j DROP', 'taken'],
    ['-A INPUT -p tcp -m multiport --dports 1:2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 -j DROP', 'tooManyPorts 3'],
  ],
  chains: [
    ['-A INPUT -j A', 'taken'],
    ['-A INPUT -j B', 'unknownTarget / unknownTarget 3'],
    ['-A INPUT -j drop', 'wrongCaseTarget / wrongCaseTarget 3'],
    ['-A B -j DROP', 'unknownChain / unknownChain 3'],
    ['-A PREROUTING -j DROP', 'unknownChain / unknownChain 3'],
    ['-A A -j A', 'taken'],
    ['-A INPUT -j INPUT', 'loop / jumpToBuiltIn 3'],
    ['-A INPUT -j A-NAME-OF-MORE-THAN-28-BYTES-XX', 'tooLongChainName 3'],
    [':A - [0:0]', 'taken / chainExists 3'],
    [':B ACCEPT [0:0]', 'taken / policyOnUserChain 3'],
    [':INPUT REJECT [0:0]', 'badPolicy / badPolicy 3'],
    [':ACCEPT - [0:0]', 'chainNameIsTarget 3'],
    ['-D INPUT 1', 'noSuchRule / noSuchRule 3'],
    ['-I INPUT 2 -j DROP', 'noSuchRule / noSuchRule 3'],
  ],
  'interfaces and hooks': [
    ['-A INPUT -o eth0 -j DROP', 'interfaceOfHook 3'],
    ['-A OUTPUT -i eth0 -j DROP', 'interfaceOfHook 3'],
    ['-A A -o eth0 -j DROP', 'taken'],
    ['-A INPUT -i averylonginterface -j DROP', 'tooLongInterface 3'],
    ['-A INPUT -m owner --uid-owner 0 -j DROP', 'matchOutsideHook'],
    ['-A OUTPUT -m mac --mac-source 00:11:22:33:44:55 -j DROP', 'matchOutsideHook'],
  ],
  targets: [
    ['-A INPUT -j NOTRACK', 'targetOutsideTable'],
    ['-A INPUT -j TRACE', 'taken / targetOutsideTable'],
    ['-A INPUT -j QUEUE', 'notOnBackend / taken'],
    ['-A INPUT -p tcp -j REJECT --reject-with tcp-reset', 'taken'],
    ['-A INPUT -j REJECT --reject-with tcp-reset', 'needsProtocol'],
    ['-A INPUT -j REJECT --reject-with nope', 'badValue 3'],
    ['-A INPUT -j MARK', 'oneOfOptions 3'],
    ['-A INPUT -j MARK --set-mark 1 --set-mark 2', 'repeatedOption 3'],
    ['-A INPUT -j MARK --set-mark 1 --or-mark 2', 'excludedOption 3'],
  ],
  matches: [
    ['-A INPUT -m conntrack --ctstate new,RELATED -j DROP', 'taken'],
    ['-A INPUT -m conntrack --ctstate FOO -j DROP', 'badValue 3'],
    ['-A INPUT -m state --state SNAT -j DROP', 'badValue 3'],
    ['-A INPUT -m conntrack -j DROP', 'oneOfOptions 3'],
    ['-A INPUT -m limit --limit 5/fortnight -j DROP', 'badValue 3'],
    ['-A INPUT -m comment -j DROP', 'requiredOption 3'],
    ['-A INPUT -m set --match-set bad src -j DROP', 'unsure'],
    ['-A INPUT -m geoip --src-cc CN -j DROP', 'unsure'],
    ['-A INPUT -p tcp -j TARPIT --tarpit', 'unsure'],
    ['-A INPUT -m contrack --ctstate NEW -j DROP', 'unknownMatch 3'],
  ],
};

/** Whole files. */
export const FILES: readonly (readonly [name: string, text: string, said: string])[] = [
  [
    'a target in a chain that the wrong hook reaches',
    '*nat\n:A - [0:0]\n-A A -j MASQUERADE\n-A PREROUTING -j A\nCOMMIT\n',
    'targetOutsideHook',
  ],
  [
    'a target in a chain that the right hook reaches',
    '*nat\n:A - [0:0]\n-A A -j MASQUERADE\n-A POSTROUTING -j A\nCOMMIT\n',
    'taken',
  ],
  ['a target in a chain that nothing reaches', '*nat\n:A - [0:0]\n-A A -j MASQUERADE\nCOMMIT\n', 'taken'],
  [
    'a target behind a verdict that every packet gets',
    '*nat\n-A PREROUTING -j ACCEPT\n-A PREROUTING -j MASQUERADE\nCOMMIT\n',
    'targetOutsideHook / taken',
  ],
  ['DROP in nat', '*nat\n-A PREROUTING -j DROP\nCOMMIT\n', 'dropInNat 2'],
  ['a policy of DROP in nat', '*nat\n:PREROUTING DROP [0:0]\nCOMMIT\n', 'taken'],
  ['a loop', '*filter\n:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT\n', 'loop'],
  [
    'a chain that is declared behind its use',
    '*filter\n-A INPUT -j A\n:A - [0:0]\nCOMMIT\n',
    'unknownTarget / unknownTarget 2',
  ],
  ['a rule before its chain', '*filter\n-A A -j DROP\n:A - [0:0]\nCOMMIT\n', 'unknownChain / unknownChain 2'],
  [
    'a chain of another table',
    '*nat\n:A - [0:0]\nCOMMIT\n*filter\n-A INPUT -j A\nCOMMIT\n',
    'unknownTarget / unknownTarget 5',
  ],
  ['a line that only rendering could tell', '*filter\n-A INPUT -s $NET -j DROP\nCOMMIT\n', 'unsure'],
];

/** A rule as the text that it is tried in. */
export function inFilter(rule: string): string {
  return `*filter\n:A - [0:0]\n${rule}\nCOMMIT\n`;
}
