import { type Extension, type ExtensionOption, type IpFamily, MATCHES, TARGETS } from '../../facts/netfilter.ts';

/** An extension as one family of iptables loads it, its options by name. */
export interface KnownExtension {
  readonly kind: 'match' | 'target';
  readonly name: string;
  readonly facts: Extension;
  readonly options: ReadonlyMap<string, ExtensionOption>;
  /** The same, by the name with its dashes. */
  readonly written: ReadonlyMap<string, ExtensionOptionOf>;
}

/** An option, and the extension that has it. */
export interface ExtensionOptionOf {
  readonly extension: KnownExtension;
  readonly option: ExtensionOption;
}

type Known = ReadonlyMap<string, KnownExtension>;

function known(kind: KnownExtension['kind'], extensions: readonly Extension[], family: IpFamily): Known {
  const ofFamily = extensions.filter(facts => facts.family === undefined || facts.family === family);
  return new Map(
    ofFamily.map(facts => {
      const written = new Map<string, ExtensionOptionOf>();
      const options = new Map(facts.options.map(option => [option.name, option]));
      const extension: KnownExtension = { kind, name: facts.name, facts, options, written };
      for (const option of facts.options) written.set(`--${option.name}`, { extension, option });
      return [facts.name, extension];
    }),
  );
}

/** Each family has extensions of its own, and some whose options differ. */
const EXTENSIONS: Readonly<Record<IpFamily, { readonly matches: Known; readonly targets: Known }>> = {
  ipv4: { matches: known('match', MATCHES, 'ipv4'), targets: known('target', TARGETS, 'ipv4') },
  ipv6: { matches: known('match', MATCHES, 'ipv6'), targets: known('target', TARGETS, 'ipv6') },
};

/** The match that `-m NAME` loads; null if there is none. One of them has three names. */
export function matchNamed(name: string, family: IpFamily): KnownExtension | null {
  const asked = name === 'icmpv6' || name === 'ipv6-icmp' ? 'icmp6' : name;
  return EXTENSIONS[family].matches.get(asked) ?? null;
}

/** The target extension that `-j NAME` loads; null for a verdict or a chain. */
export function targetNamed(name: string, family: IpFamily): KnownExtension | null {
  return EXTENSIONS[family].targets.get(name) ?? null;
}

/** The matches that have an option, which is written with its dashes. */
export function matchesWith(option: string, family: IpFamily): string[] {
  return [...EXTENSIONS[family].matches.values()].filter(({ written }) => written.has(option)).map(({ name }) => name);
}
