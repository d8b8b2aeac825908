import type { Chain, Match, Rule, Ruleset, Target } from '../../../server/src/simulate/packetPath/ruleset.ts';
import {
  accept,
  by,
  dport,
  drop,
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
} from './build.ts';

/** The same numbers in every run: a linear congruential generator. */
export function dice(seed: number): <T>(...sides: readonly [T, ...T[]]) => T {
  let now = seed;
  return (...sides) => {
    now = (now * 1_103_515_245 + 12_345) % 2 ** 31;
    return sides[Math.floor((now / 2 ** 31) * sides.length)] ?? sides[0];
  };
}

/** A ruleset of a host between 10.1.0.2 and 10.2.0.2 with 1.2.15.21 on lo, whose rules are mostly about the flows among these. */
export function generatedRuleset(seed: number): Ruleset {
  const roll = dice(seed * 7919 + 1);
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: roll(...counts(most)) }, make);
  const address = () =>
    roll('1.2.15.21', '10.1.0.2', '10.2.0.2', '10.1.0.0/24', '0.0.0.0/1', '10.0.0.0/8', '1.2.15.20/30');
  const aFlow = (): Match[] => {
    const isOpposite = roll(false, true);
    const port = roll(80, 80, 443, 8443);
    const matches: Match[] = [tcp, isOpposite ? sport(port) : dport(port)];
    if (roll(true, false)) matches.push(roll(from, to)(address()));
    return matches;
  };
  const states = () =>
    roll(
      state('NEW', 'ESTABLISHED', 'RELATED'),
      state('ESTABLISHED', 'RELATED'),
      state('UNTRACKED'),
      state('INVALID'),
      state('NEW'),
      state('ESTABLISHED', 'UNTRACKED'),
      { ...state('INVALID', 'UNTRACKED'), isNegated: true } as Match,
      state('DNAT'),
    );
  const syn: Match = { on: 'tcpFlags', examined: ['SYN', 'ACK', 'RST', 'FIN'], set: ['SYN'], isNegated: false };
  const condition = (): Match[] =>
    roll<() => Match[]>(
      aFlow,
      aFlow,
      () => [states()],
      () => [...aFlow(), states()],
      () => [tcp, syn],
      () => [tcp, { ...syn, isNegated: true }],
      () => [roll(from, to)(address())],
    )();
  const device = (hook: string): Match[] => {
    if (roll(true, true, true, false)) return [];
    const name = roll('left', 'lo', 'ri+', 'right');
    return hook === 'PREROUTING' || hook === 'INPUT'
      ? [by(name)]
      : hook === 'FORWARD'
        ? [roll(by, outBy)(name)]
        : [outBy(name)];
  };
  const make = (hook: string, targets: () => Target): Rule => rule(targets(), ...device(hook), ...condition());
  const raw = (hook: string): Chain =>
    chainOf(
      'ACCEPT',
      many(3, () =>
        make(hook, () =>
          roll<Target>(notrack, notrack, notrack, { does: 'jump', chain: 'MORE' }, accept, { does: 'template' }),
        ),
      ),
    );
  const filter = (hook: string): Chain => {
    const strict = roll(true, false, false);
    const targets = () =>
      roll<Target>(
        accept,
        accept,
        accept,
        strict ? accept : drop,
        { does: 'reject', withReset: false },
        { does: 'reject', withReset: false },
        { does: 'jump', chain: 'MORE' },
        { does: 'goto', chain: 'MORE' },
        { does: 'return' },
      );
    return chainOf(
      strict ? 'DROP' : 'ACCEPT',
      many(4, () => make(hook, targets)),
    );
  };
  const dnat = (): Target =>
    roll<Target>(
      { does: 'dnat', addresses: network('1.2.15.21'), ports: [{ low: 8443n, high: 8443n }], isLocal: false },
      { does: 'dnat', addresses: network('10.2.0.2'), ports: null, isLocal: false },
      { does: 'dnat', addresses: null, ports: [{ low: 8443n, high: 8443n }], isLocal: true },
      accept,
    );
  const snat = (): Target =>
    roll<Target>(
      { does: 'snat', addresses: null, ports: null },
      { does: 'snat', addresses: network('10.2.0.1'), ports: null },
      accept,
    );
  const nat = (target: () => Target, odds: number) =>
    chainOf('ACCEPT', roll(...counts(odds)) === 0 ? [rule(target(), ...aFlow())] : []);
  return ruleset({
    'raw PREROUTING': raw('PREROUTING'),
    'raw OUTPUT': raw('OUTPUT'),
    'raw MORE': chainOf(
      null,
      many(2, () => rule(roll<Target>(notrack, accept, { does: 'return' }, { does: 'continue' }), ...condition())),
    ),
    'mangle PREROUTING': chainOf('ACCEPT', roll(0, 0, 0, 1) ? [make('PREROUTING', () => drop)] : []),
    'nat PREROUTING': nat(dnat, 1),
    'nat OUTPUT': nat(dnat, 2),
    'nat POSTROUTING': nat(snat, 1),
    'filter INPUT': filter('INPUT'),
    'filter FORWARD': filter('FORWARD'),
    'filter OUTPUT': filter('OUTPUT'),
    'filter MORE': chainOf(
      null,
      many(3, () =>
        rule(
          roll<Target>(accept, { does: 'return' }, { does: 'reject', withReset: true }, { does: 'continue' }),
          tcp,
          ...condition().filter(match => match !== tcp),
        ),
      ),
    ),
    // Without a rule that asks for it, Linux does not track.
    'security OUTPUT': chainOf('ACCEPT', [rule({ does: 'continue' }, state('NEW'))]),
  });
}

function chainOf(policy: Chain['policy'], rules: readonly Rule[]): Chain {
  return { policy, rules };
}

function counts(most: number): readonly [number, ...number[]] {
  return [0, ...Array.from({ length: most }, (_, i) => i + 1)];
}
