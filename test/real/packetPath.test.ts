import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Course, packetPath } from '../../server/src/simulate/packetPath/packetPath.ts';
import { formatAddress, onePort, only, union } from '../../server/src/simulate/packetPath/ranges.ts';
import type { Chain, Match, Ruleset, State, Target } from '../../server/src/simulate/packetPath/ruleset.ts';
import type { Flow } from '../../server/src/simulate/packetPath/travel.ts';
import {
  accept,
  chain,
  dport,
  from,
  network,
  notrack,
  outBy,
  rule,
  ruleset,
  sport,
  state,
  tcp,
  to,
} from '../simulate/packetPath/build.ts';
import { generatedRuleset } from '../simulate/packetPath/generated.ts';
import { restoreText } from '../simulate/packetPath/restoreText.ts';
import { ADDRESSES, type Backend, Machines, type Observed } from './namespaces.ts';

const machines = new Machines();
const BACKENDS: readonly Backend[] = ['nft', 'legacy'];
const SERVED = [80, 443, 8443];
const CLIENT_PORTS = [{ low: 32768n, high: 60999n }];

/** Set `SEED` and `COUNT` to ask about other rulesets, and more. */
const SEED = Number(process.env.SEED ?? 1);
const COUNT = Number(process.env.COUNT ?? 30);
/** Those that once showed something that packetPath did not know. */
const FOUND = [376, 1018, 1045, 1080, 4133, 4157];

before(() => machines.start(SERVED));
after(() => machines.stop());

const ROUTES = ['left to host', 'host to right', 'left to right', 'host to host'] as const;
type Route = (typeof ROUTES)[number];

function flowOf(route: Route, port: number): Flow {
  const { left, host, hostRight, right, vip } = ADDRESSES;
  const local = union(...[host, hostRight, vip, '127.0.0.0/8'].map(address => network(address)));
  const common = { sourcePort: CLIENT_PORTS, destinationPort: onePort(port), protocol: 'tcp', local };
  switch (route) {
    case 'left to host':
      return {
        ...common,
        direction: 'toLocal',
        source: network(left),
        destination: network(vip),
        clientInterface: 'left',
        serverInterface: null,
      };
    case 'host to right':
      return {
        ...common,
        direction: 'fromLocal',
        source: network(hostRight),
        destination: network(right),
        clientInterface: null,
        serverInterface: 'right',
      };
    case 'left to right':
      return {
        ...common,
        direction: 'forwarded',
        source: network(left),
        destination: network(right),
        clientInterface: 'left',
        serverInterface: 'right',
      };
    case 'host to host':
      return {
        ...common,
        direction: 'loopback',
        source: network(vip),
        destination: network(vip),
        clientInterface: 'lo',
        serverInterface: 'lo',
      };
  }
}

/** What the client and `conntrack -L` will say. */
function predicted(...courses: readonly Course[]): string {
  return [...new Set(courses.map(inWords))].join(' or ');
}

function inWords({ outcome, entry }: Course): string {
  if (!entry) return `${outcome}; no entry`;
  const starts = only(entry.original.source);
  const address = starts === null ? '?' : formatAddress(starts, 'ipv4');
  const flags = `${entry.isReplied ? '' : ' [UNREPLIED]'}${entry.isAssured ? ' [ASSURED]' : ''}`;
  return `${outcome}; ${entry.tcp} from ${address}${flags}`;
}

/** What a client makes of an answer from somewhere else, or of an ICMP error in mid-stream, is no matter of rules. */
function isDecidedByClient({ outcome, legs }: Course): boolean {
  return outcome === 'misdirected' || (outcome === 'dropped' && legs.at(-1)?.verdict === 'rejected');
}

async function observe(flow: Flow): Promise<string> {
  const start = flow.direction === 'toLocal' || flow.direction === 'forwarded' ? 'left' : 'host';
  const host = formatAddress(only(flow.destination) ?? 0n, 'ipv4');
  const { observed, entries } = await machines.connect(start, host, Number(only(flow.destinationPort)));
  if (entries.length === 0) return `${observed}; no entry`;
  return `${observed}; ${entries
    .map(line => {
      const [, tcpState = '', source = ''] = /^tcp\s+6 \d+ (\w+) src=(\S+)/.exec(line) ?? [];
      const flags = [...line.matchAll(/ \[(?:UNREPLIED|ASSURED)\]/g)].join('');
      return `${tcpState} from ${source}${flags}`;
    })
    .join(' and ')}`;
}

const SERVER_IN = rule(notrack, to('1.2.15.21'), tcp, dport(443));
const SERVER_OUT = rule(notrack, from('1.2.15.21'), tcp, sport(443));
const CLIENT_OUT = rule(notrack, to('10.2.0.2'), tcp, dport(443));
const CLIENT_IN = rule(notrack, from('10.2.0.2'), tcp, sport(443));
/** Makes Linux track at all. */
const TRACKING: Readonly<Record<string, Chain>> = {
  'security OUTPUT': chain('ACCEPT', rule({ does: 'continue' }, state('NEW'))),
};
const IS_SYN: Match = { on: 'tcpFlags', examined: ['SYN', 'ACK', 'RST', 'FIN'], set: ['SYN'], isNegated: false };
const IS_NO_SYN: Match = { ...IS_SYN, isNegated: true };
const MASQUERADE: Target = { does: 'snat', addresses: null, ports: null };
const stateful = (...states: readonly State[]) => chain('DROP', rule(accept, state(...states)));

const CASES: readonly (readonly [string, Route, Readonly<Record<string, Chain>>, string])[] = [
  ['no rule', 'left to host', {}, 'open; ESTABLISHED from 10.1.0.2 [ASSURED]'],
  [
    'both directions',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', SERVER_IN), 'raw OUTPUT': chain('ACCEPT', SERVER_OUT) },
    'open; no entry',
  ],
  [
    'PREROUTING only',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', SERVER_IN) },
    'open; ESTABLISHED from 1.2.15.21 [UNREPLIED]',
  ],
  [
    'OUTPUT only',
    'left to host',
    { 'raw OUTPUT': chain('ACCEPT', SERVER_OUT) },
    'open; SYN_SENT from 10.1.0.2 [UNREPLIED]',
  ],
  [
    'a client, both directions',
    'host to right',
    { 'raw OUTPUT': chain('ACCEPT', CLIENT_OUT), 'raw PREROUTING': chain('ACCEPT', CLIENT_IN) },
    'open; no entry',
  ],
  [
    'a client, OUTPUT only',
    'host to right',
    { 'raw OUTPUT': chain('ACCEPT', CLIENT_OUT) },
    'open; ESTABLISHED from 10.2.0.2 [UNREPLIED]',
  ],
  [
    'a client, PREROUTING only',
    'host to right',
    { 'raw PREROUTING': chain('ACCEPT', CLIENT_IN) },
    'open; SYN_SENT from 10.2.0.1 [UNREPLIED]',
  ],
  [
    'a router, PREROUTING both ways',
    'left to right',
    { 'raw PREROUTING': chain('ACCEPT', CLIENT_OUT, CLIENT_IN) },
    'open; no entry',
  ],
  [
    'both, INPUT drops all but NEW, ESTABLISHED, RELATED',
    'left to host',
    {
      'raw PREROUTING': chain('ACCEPT', SERVER_IN),
      'raw OUTPUT': chain('ACCEPT', SERVER_OUT),
      'filter INPUT': stateful('NEW', 'ESTABLISHED', 'RELATED'),
    },
    'dropped; no entry',
  ],
  [
    'the same with UNTRACKED',
    'left to host',
    {
      'raw PREROUTING': chain('ACCEPT', SERVER_IN),
      'raw OUTPUT': chain('ACCEPT', SERVER_OUT),
      'filter INPUT': stateful('NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED'),
    },
    'open; no entry',
  ],
  [
    'a client, INPUT accepts ESTABLISHED',
    'host to right',
    {
      'raw OUTPUT': chain('ACCEPT', CLIENT_OUT),
      'raw PREROUTING': chain('ACCEPT', CLIENT_IN),
      'filter INPUT': stateful('ESTABLISHED', 'RELATED'),
    },
    'dropped; no entry',
  ],
  [
    'PREROUTING only, OUTPUT drops INVALID',
    'left to host',
    {
      'raw PREROUTING': chain('ACCEPT', SERVER_IN),
      'filter OUTPUT': chain('ACCEPT', rule({ does: 'drop' }, state('INVALID'))),
    },
    'dropped; no entry',
  ],
  [
    'OUTPUT only, INPUT drops INVALID',
    'left to host',
    {
      'raw OUTPUT': chain('ACCEPT', SERVER_OUT),
      'filter INPUT': chain('ACCEPT', rule({ does: 'drop' }, state('INVALID'))),
    },
    'dropped; SYN_SENT from 10.1.0.2 [UNREPLIED]',
  ],
  [
    'PREROUTING only, OUTPUT accepts ESTABLISHED',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', SERVER_IN), 'filter OUTPUT': stateful('ESTABLISHED', 'RELATED') },
    'dropped; no entry',
  ],
  [
    'NEW and ESTABLISHED dropped in raw PREROUTING',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule({ does: 'drop' }, state('NEW', 'ESTABLISHED', 'RELATED'))) },
    'open; ESTABLISHED from 10.1.0.2 [ASSURED]',
  ],
  [
    'INVALID dropped in raw PREROUTING',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule({ does: 'drop' }, state('INVALID'))) },
    'dropped; no entry',
  ],
  [
    'NEW dropped in raw PREROUTING, over loopback',
    'host to host',
    { 'raw PREROUTING': chain('ACCEPT', rule({ does: 'drop' }, state('NEW'))) },
    'dropped; SYN_SENT from 1.2.15.21 [UNREPLIED]',
  ],
  [
    'NOTRACK in PREROUTING, over loopback',
    'host to host',
    { 'raw PREROUTING': chain('ACCEPT', SERVER_IN, SERVER_OUT) },
    'open; ESTABLISHED from 1.2.15.21 [ASSURED]',
  ],
  [
    'NOTRACK in OUTPUT, over loopback',
    'host to host',
    { 'raw OUTPUT': chain('ACCEPT', SERVER_IN, SERVER_OUT) },
    'open; no entry',
  ],
  [
    'a template before NOTRACK',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule({ does: 'template' }, tcp), SERVER_IN), 'raw OUTPUT': chain('ACCEPT') },
    'open; ESTABLISHED from 10.1.0.2 [ASSURED]',
  ],
  [
    'NEW dropped in raw PREROUTING behind a template',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule({ does: 'template' }, tcp), rule({ does: 'drop' }, state('NEW'))) },
    'dropped; no entry',
  ],
  [
    'a client whose packets are untracked once the connection is there, INPUT accepts ESTABLISHED',
    'host to right',
    { 'raw OUTPUT': chain('ACCEPT', rule(notrack, tcp, IS_NO_SYN)), 'filter INPUT': stateful('ESTABLISHED') },
    'dropped; SYN_RECV from 10.2.0.1',
  ],
  [
    'a server whose packets are untracked once the connection is there, OUTPUT accepts ESTABLISHED',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, IS_NO_SYN)), 'filter OUTPUT': stateful('ESTABLISHED') },
    'dropped; SYN_RECV from 10.1.0.2',
  ],
  [
    'the same without a firewall',
    'left to host',
    { 'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, IS_NO_SYN)) },
    'open; SYN_RECV from 10.1.0.2',
  ],
  [
    'REDIRECT of a client, whose replies come from the loopback address',
    'host to right',
    {
      'raw OUTPUT': chain('ACCEPT', rule(notrack, from('10.2.0.2'))),
      'nat OUTPUT': chain(
        'ACCEPT',
        rule({ does: 'dnat', addresses: null, ports: onePort(8443), isLocal: true }, tcp, dport(443)),
      ),
    },
    'open; ESTABLISHED from 10.2.0.1 [ASSURED]',
  ],
];

/** Connections that no side understands, and the packet with which they break for certain, or perhaps. */
const MISDIRECTED_CASES: readonly (readonly [string, Readonly<Record<string, Chain>>, readonly string[]])[] = [
  [
    'replies alone are tracked, and masqueraded to what may be the address that they have',
    {
      'raw PREROUTING': chain('ACCEPT', SERVER_IN),
      'nat POSTROUTING': chain('ACCEPT', rule(MASQUERADE, outBy('left'))),
    },
    ['misdirected at reply', 'open at reply'],
  ],
  [
    'the first packet is kept from the DNAT that the others meet',
    {
      'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, IS_SYN)),
      'nat PREROUTING': chain(
        'ACCEPT',
        rule({ does: 'dnat', addresses: network('10.2.0.2'), ports: null, isLocal: false }, tcp, dport(443)),
      ),
    },
    ['misdirected at request'],
  ],
];

/** A port that nobody serves, and what DNAT would make of it. */
const DNAT_CASES: readonly (readonly [string, Readonly<Record<string, Chain>>, string])[] = [
  ['DNAT', {}, 'open; ESTABLISHED from 10.1.0.2 [ASSURED]'],
  [
    'DNAT, NOTRACK in both directions',
    {
      'raw PREROUTING': chain('ACCEPT', rule(notrack, tcp, dport(9443))),
      'raw OUTPUT': chain('ACCEPT', rule(notrack, tcp, sport(9443))),
    },
    'refused; no entry',
  ],
];

function load(backend: Backend, rules: Ruleset): void {
  assert.equal(machines.load(backend, restoreText(rules)), null, restoreText(rules));
}

for (const backend of BACKENDS) {
  describe(`packetPath, ${backend}`, () => {
    before(() => void machines.run(['nft', 'flush', 'ruleset']));

    for (const [name, route, chains, expected] of CASES) {
      it(name, async () => {
        const rules = ruleset({ ...TRACKING, ...chains });
        const flow = flowOf(route, 443);
        assert.equal(predicted(...packetPath(rules, flow)), expected);
        load(backend, rules);
        assert.equal(await observe(flow), expected);
      });
    }

    for (const [name, chains, expected] of DNAT_CASES) {
      it(name, async () => {
        const dnat = rule(
          { does: 'dnat', addresses: network('1.2.15.21'), ports: onePort(443), isLocal: false },
          tcp,
          dport(9443),
        );
        const rules = ruleset({ ...TRACKING, ...chains, 'nat PREROUTING': chain('ACCEPT', dnat) });
        const flow = flowOf('left to host', 9443);
        const [course, ...more] = packetPath(rules, flow);
        assert.ok(course && more.length === 0);
        // Whether somebody serves the port that a packet is delivered to is no matter of rules.
        const arrives = course.legs.find(({ name }) => name === 'opening')?.packet.destinationPort;
        assert.equal(SERVED.includes(Number(arrives?.[0]?.low)), expected.startsWith('open'));
        load(backend, rules);
        assert.equal(await observe(flow), expected);
      });
    }

    for (const [name, chains, expected] of MISDIRECTED_CASES) {
      it(`breaks if ${name}`, async () => {
        const rules = ruleset({ ...TRACKING, ...chains });
        const courses = packetPath(rules, flowOf('left to host', 443));
        assert.deepEqual(
          courses.map(({ outcome, legs }) => `${outcome} at ${legs.at(-1)?.name}`),
          expected,
        );
        load(backend, rules);
        const { observed } = await machines.connect('left', ADDRESSES.vip, 443);
        assert.notEqual(observed, 'open');
      });
    }

    it('says of generated rulesets what becomes of their connections', async () => {
      const seen = { open: 0, dropped: 0, refused: 0, misdirected: 0, split: 0 };
      for (const seed of [...Array.from({ length: COUNT }, (_, i) => SEED + i), ...FOUND]) {
        const rules = generatedRuleset(seed);
        load(backend, rules);
        for (const route of seed % 2 === 0 ? ROUTES.slice(0, 2) : ROUTES.slice(2)) {
          const flow = flowOf(route, seed % 3 === 0 ? 443 : 80);
          const courses = packetPath(rules, flow);
          const expected = courses.map(course => predicted(course));
          const observed = await observe(flow);
          const text = `seed ${seed}, ${route}: predicted ${expected.join(' or ')}; observed ${observed}\n${restoreText(rules)}`;
          assert.ok(courses.length > 0 && courses.every(course => course.outcome !== 'unknown'), text);
          const isUpToClient = courses.some(isDecidedByClient) && !observed.startsWith('open');
          assert.ok(isUpToClient || expected.includes(observed), text);
          const [outcome = 'open', ...others] = new Set(courses.map(course => course.outcome));
          seen[others.length > 0 ? 'split' : (outcome as Observed | 'misdirected')]++;
        }
      }
      console.log(`${backend}: ${JSON.stringify(seen)}`);
      assert.ok(seen.open > 15 && seen.dropped > 15 && seen.refused > 2, JSON.stringify(seen));
      assert.ok(seen.split < 6, JSON.stringify(seen));
    });
  });
}
