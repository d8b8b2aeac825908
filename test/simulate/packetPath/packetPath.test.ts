import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packetPath } from '../../../server/src/simulate/packetPath/packetPath.ts';
import { ANY_PORT, anyAddress, onePort } from '../../../server/src/simulate/packetPath/ranges.ts';
import type { Chain, Match, Rule } from '../../../server/src/simulate/packetPath/ruleset.ts';
import type { Flow } from '../../../server/src/simulate/packetPath/travel.ts';
import {
  accept,
  by,
  chain,
  dport,
  drop,
  from,
  network,
  notrack,
  rule,
  ruleset,
  sport,
  state,
  tcp,
  to,
  unknown,
} from './build.ts';

/** From anybody to a server of this machine. */
const TO_VIP: Flow = {
  direction: 'toLocal',
  source: anyAddress('ipv4'),
  sourcePort: ANY_PORT,
  destination: network('1.2.15.21'),
  destinationPort: onePort(443),
  protocol: 'tcp',
  clientInterface: null,
  serverInterface: null,
  local: null,
};

/** Every outcome, with who sent the last packet that mattered and whether requests and replies were tracked. */
function courses(chains: Readonly<Record<string, Chain>>, flow: Partial<Flow> = {}): string[] {
  return packetPath(ruleset(chains), { ...TO_VIP, ...flow }).map(({ outcome, legs }) => {
    const last = legs.at(-1);
    const tracking = ['client', 'server'].map(side =>
      legs.findLast(leg => leg.from === side)?.tracking.states.join('/'),
    );
    return `${outcome} at ${last?.name}: ${tracking.map(states => states ?? '-').join(', ')}`;
  });
}

const IN = rule(notrack, to('1.2.15.21'), tcp, dport(443));
const OUT = rule(notrack, from('1.2.15.21'), tcp, sport(443));
const SYN: Match = { on: 'tcpFlags', examined: ['SYN', 'ACK', 'RST', 'FIN'], set: ['SYN'], isNegated: false };
const jump = (name: string): Rule => rule({ does: 'jump', chain: name });
const goto = (name: string): Rule => rule({ does: 'goto', chain: name });

describe('packetPath', () => {
  for (const [name, chains, expected, flow] of [
    ['no rules', {}, ['open at reply: ESTABLISHED, ESTABLISHED']],
    [
      'NOTRACK both ways',
      { 'raw PREROUTING': chain('ACCEPT', IN), 'raw OUTPUT': chain('ACCEPT', OUT) },
      ['open at reply: UNTRACKED, UNTRACKED'],
    ],
    ['NOTRACK of requests', { 'raw PREROUTING': chain('ACCEPT', IN) }, ['open at reply: UNTRACKED, NEW']],
    ['NOTRACK of replies', { 'raw OUTPUT': chain('ACCEPT', OUT) }, ['open at reply: INVALID, UNTRACKED']],
    [
      'NOTRACK of UDP requests',
      { 'raw PREROUTING': chain('ACCEPT', rule(notrack)) },
      ['open at reply: UNTRACKED, NEW'],
      { protocol: 'udp' },
    ],
    [
      'NOTRACK of UDP replies',
      { 'raw OUTPUT': chain('ACCEPT', rule(notrack)) },
      ['open at reply: NEW, UNTRACKED'],
      { protocol: 'udp' },
    ],
    [
      'NOTRACK of echo requests',
      { 'raw PREROUTING': chain('ACCEPT', rule(notrack)) },
      ['open at reply: UNTRACKED, INVALID'],
      { protocol: 'icmp' },
    ],
    [
      'another client’s rule',
      { 'raw PREROUTING': chain('ACCEPT', rule(notrack, from('10.0.0.0/8'))) },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
      { source: network('192.0.2.1') },
    ],
    [
      'some clients’ rule: who is meant is meant with every packet',
      { 'raw PREROUTING': chain('ACCEPT', rule(notrack, from('10.0.0.0/8'))) },
      ['open at reply: ESTABLISHED, ESTABLISHED', 'open at reply: UNTRACKED, NEW'],
    ],
    [
      'a set that nobody knows',
      { 'filter INPUT': chain('ACCEPT', rule(drop, unknown('-m set --match-set bad src'))) },
      [
        'dropped at opening: NEW, -',

        'open at reply: ESTABLISHED, ESTABLISHED',
      ],
    ],
    [
      'a target that nobody knows',
      { 'filter INPUT': chain('DROP', rule({ does: 'unknown', text: 'NFQUEUE' })) },
      ['unknown at opening: NEW, -', 'dropped at opening: NEW, -'],
    ],
    [
      'logged packets that nobody knows',
      { 'filter INPUT': chain('ACCEPT', rule({ does: 'continue' }, unknown('-m limit --limit 3/min'))) },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    ['a chain that is not there', { 'filter INPUT': chain('DROP', jump('MISSING')) }, ['unknown at opening: NEW, -']],
    [
      'chains in a circle',
      {
        'filter INPUT': chain('DROP', jump('A')),
        'filter A': chain(null, jump('B')),
        'filter B': chain(null, jump('A')),
      },
      ['unknown at opening: NEW, -'],
    ],
    ['a policy that nobody knows', { 'filter INPUT': chain('unknown') }, ['unknown at opening: NEW, -']],
    [
      'back from a jump',
      { 'filter INPUT': chain('DROP', jump('A'), rule(accept)), 'filter A': chain(null) },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'RETURN to the rule behind the jump',
      {
        'filter INPUT': chain('DROP', jump('A'), rule(accept)),
        'filter A': chain(null, rule({ does: 'return' }), rule(drop)),
      },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'no way back from a goto',
      { 'filter INPUT': chain('DROP', goto('A'), rule(accept)), 'filter A': chain(null) },
      ['dropped at opening: NEW, -'],
    ],
    [
      'from a goto to behind the jump before it',
      {
        'filter INPUT': chain('DROP', jump('A'), rule(accept)),
        'filter A': chain(null, goto('B'), rule(drop)),
        'filter B': chain(null),
      },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'RETURN in a built-in chain',
      { 'filter INPUT': chain('DROP', rule({ does: 'return' }), rule(accept)) },
      ['dropped at opening: NEW, -'],
    ],
    [
      'ACCEPT in raw ends raw alone',
      { 'raw PREROUTING': chain('ACCEPT', rule(accept), IN), 'filter INPUT': chain('DROP') },
      ['dropped at opening: NEW, -'],
    ],
    [
      'NOTRACK goes on to the next rule',
      { 'raw PREROUTING': chain('ACCEPT', IN, rule(drop)) },
      ['dropped at opening: UNTRACKED, -'],
    ],
    [
      'an interface that could be any',
      { 'filter INPUT': chain('DROP', rule(accept, by('eth0'))) },
      [
        'open at reply: ESTABLISHED, ESTABLISHED',

        'dropped at opening: NEW, -',
      ],
    ],
    [
      'lo, for who comes from elsewhere',
      { 'filter INPUT': chain('ACCEPT', rule(drop, by('lo'))) },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'an interface that a hook does not have',
      { 'filter OUTPUT': chain('ACCEPT', rule(drop, by('eth0'))) },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'DNAT to an address that may be here',
      {
        'nat PREROUTING': chain(
          'ACCEPT',
          rule({ does: 'dnat', addresses: network('10.0.0.1'), ports: null, isLocal: false }),
        ),
        'filter FORWARD': chain('DROP'),
      },
      ['dropped at opening: NEW, -', 'open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'DNAT to an address that is not here',
      {
        'nat PREROUTING': chain(
          'ACCEPT',
          rule({ does: 'dnat', addresses: network('10.0.0.1'), ports: null, isLocal: false }),
        ),
        'filter FORWARD': chain('DROP'),
      },
      ['dropped at opening: NEW, -'],
      { local: network('1.2.15.21') },
    ],
    [
      'DNAT, its replies untracked',
      {
        'nat PREROUTING': chain(
          'ACCEPT',
          rule({ does: 'dnat', addresses: network('1.2.15.22'), ports: null, isLocal: false }),
        ),
        'raw OUTPUT': chain('ACCEPT', rule(notrack)),
      },
      ['misdirected at answer: NEW, UNTRACKED'],
      { local: network('1.2.15.20/30') },
    ],
    [
      'requests untracked once the connection is there',
      {
        'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, { ...SYN, isNegated: true })),
        'filter OUTPUT': chain('ACCEPT', rule(drop, state('INVALID'))),
      },
      ['dropped at reply: UNTRACKED, INVALID'],
    ],
    [
      'DNAT that the first packet is kept from',
      {
        'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, SYN)),
        'nat PREROUTING': chain(
          'ACCEPT',
          rule({ does: 'dnat', addresses: network('1.2.15.22'), ports: null, isLocal: false }),
        ),
      },
      ['misdirected at request: NEW, INVALID'],
      { local: network('1.2.15.20/30') },
    ],
    [
      'REDIRECT of a client of this machine, whose replies come from the loopback address',
      {
        'raw OUTPUT': chain('ACCEPT', rule(notrack, from('1.2.15.21'))),
        'nat OUTPUT': chain('ACCEPT', rule({ does: 'dnat', addresses: null, ports: onePort(8443), isLocal: true })),
      },
      ['open at reply: ESTABLISHED, ESTABLISHED'],
      { direction: 'fromLocal', source: network('10.0.0.1') },
    ],
    [
      'MASQUERADE of what may have that address already, behind a first packet that it is kept from',
      {
        'raw OUTPUT': chain('ACCEPT', rule(notrack, tcp, SYN)),
        'nat POSTROUTING': chain('ACCEPT', rule({ does: 'snat', addresses: null, ports: null })),
      },
      ['misdirected at request: NEW, INVALID', 'open at reply: NEW, ESTABLISHED'],
      { direction: 'fromLocal', source: network('10.0.0.1') },
    ],
    [
      'a state with other sides of a connection, tracked',
      { 'filter INPUT': chain('ACCEPT', rule(drop, { ...state('NEW'), hasMore: true } as never)) },
      ['dropped at opening: NEW, -', 'open at reply: ESTABLISHED, ESTABLISHED'],
    ],
    [
      'SYNPROXY',
      {
        'raw PREROUTING': chain('ACCEPT', IN),
        'filter INPUT': chain('ACCEPT', rule({ does: 'synproxy' }, state('INVALID', 'UNTRACKED'))),
      },
      ['unknown at opening: UNTRACKED, -'],
    ],
  ] as const satisfies readonly (readonly [
    string,
    Readonly<Record<string, Chain>>,
    readonly string[],
    Partial<Flow>?,
  ])[]) {
    it(name, () => assert.deepEqual(courses(chains, flow).sort(), [...expected].sort()));
  }

  it('names the chains that a packet crosses, and the rules that do something', () => {
    const chains = {
      'raw PREROUTING': chain('ACCEPT', rule(accept, dport(22)), IN),
      'filter INPUT': chain('DROP', rule(accept, state('NEW', 'ESTABLISHED', 'RELATED'))),
    };
    const [course] = packetPath(ruleset(chains), TO_VIP);
    assert.deepEqual(
      course?.legs[0]?.steps.map(step => {
        if (step.is === 'rule') return `${step.at.table} ${step.at.chain} ${step.at.index + 1} ${step.target.does}`;
        if (step.is === 'policy') return `${step.table} ${step.chain} policy ${step.policy}`;
        return step.is === 'chain' ? `${step.table} ${step.hook}` : step.is;
      }),
      ['raw PREROUTING', 'raw PREROUTING 2 notrack', 'filter INPUT', 'filter INPUT policy DROP'],
    );
  });

  it('gives up on more ways than anybody would read', () => {
    const dnats = Array.from({ length: 200 }, (_, i) =>
      rule(
        { does: 'dnat', addresses: network(`10.0.0.${i}`), ports: null, isLocal: false },
        unknown(`-m set --match-set s${i} src`),
      ),
    );
    const found = packetPath(ruleset({ 'nat PREROUTING': chain('ACCEPT', ...dnats) }), TO_VIP);
    assert.ok(found.some(({ outcome }) => outcome === 'unknown'));
    assert.ok(found.length < 2000, `${found.length}`);
  });

  it('takes a long ruleset in its stride', () => {
    const rules = Array.from({ length: 10_000 }, (_, i) =>
      rule(drop, from(`10.${i >> 8}.${i & 255}.0/24`), tcp, dport(i)),
    );
    const started = performance.now();
    packetPath(ruleset({ 'filter INPUT': chain('ACCEPT', ...rules) }), TO_VIP);
    assert.ok(performance.now() - started < 250, `${performance.now() - started} ms`);
  });
});
