import { append, SourceMapBuilder } from '../../text/sourceMap.ts';
import type { OwnEntry, Reading } from '../reading.ts';
import type { Region } from '../region.ts';

const NAME = /^(?:ansible\.(?:builtin|legacy)\.)?iptables$/;

/** Parameters with the option that they become; `match` where the module brings the match along. */
const OPTIONS: Readonly<Record<string, { readonly option: string; readonly match?: string }>> = {
  table: { option: '-t' },
  protocol: { option: '-p' },
  source: { option: '-s' },
  destination: { option: '-d' },
  in_interface: { option: '-i' },
  out_interface: { option: '-o' },
  jump: { option: '-j' },
  goto: { option: '-g' },
  match: { option: '-m' },
  source_port: { option: '--sport' },
  destination_port: { option: '--dport' },
  destination_ports: { option: '--dports', match: 'multiport' },
  ctstate: { option: '--ctstate', match: 'conntrack' },
  to_ports: { option: '--to-ports' },
  to_destination: { option: '--to-destination' },
  to_source: { option: '--to-source' },
  reject_with: { option: '--reject-with' },
  log_prefix: { option: '--log-prefix' },
  icmp_type: { option: '--icmp-type' },
  comment: { option: '--comment', match: 'comment' },
};

/** What brings options along has to be written before them: a match, a protocol, a target. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  source_port: 'protocol',
  destination_port: 'protocol',
  destination_ports: 'protocol',
  icmp_type: 'protocol',
  to_ports: 'jump',
  to_destination: 'jump',
  to_source: 'jump',
  reject_with: 'jump',
  log_prefix: 'jump',
};

/** Parameters that say nothing of the rule. */
const SILENT = new Set(['state', 'action', 'ip_version', 'name', 'numeric', 'wait', 'chain_management']);

/**
 * The command that Ansible's module iptables runs (ansible-core 2.17, lib/ansible/modules/iptables.py), in the order of its parameters; null
 * where they leave more than one open, or stand in an order of which no command can be made.
 */
export function iptablesModule(task: Reading): Region | null {
  const key = task.ownEntries().find(({ name }) => NAME.test(name));
  const module = key?.value;
  if (!key || !module?.isMap || module.mayHaveMoreKeys) return null;
  const parameters = module.ownEntries();
  const chain = module.get('chain').string().known;
  const action = actionOf(module);
  if (chain === undefined || action === null || !areInOrder(parameters)) return null;
  const line = new Line();
  line.word(module.get('ip_version').string().is('ipv6') ? 'ip6tables' : 'iptables', key);
  for (const parameter of parameters) {
    if (parameter.name === 'chain') line.option(action, parameter, parameter.value);
    else if (!SILENT.has(parameter.name) && !line.add(parameter)) return null;
  }
  return line.region([...module.address.slice(0, -1), key.name]);
}

/** Null if a template decides. */
function actionOf(module: Reading): string | null {
  const [state, action] = [module.get('state').string(), module.get('action').string()];
  if (state.isUnknown || action.isUnknown) return null;
  return state.is('absent') ? '-D' : action.is('insert') ? '-I' : '-A';
}

function areInOrder(parameters: readonly OwnEntry[]): boolean {
  const names = parameters.map(({ name }) => name);
  return names.every((name, i) => {
    const by = names.indexOf(BROUGHT_BY[name] ?? '');
    return by < i;
  });
}

/** A command that is put together from left to right. */
class Line {
  private text = '';
  private readonly map = new SourceMapBuilder();
  private behind = 0;
  private depth = 0;

  /** False for a parameter that nobody here knows. */
  add(parameter: OwnEntry): boolean {
    const { name, value } = parameter;
    const known = OPTIONS[name];
    if (!known) return false;
    if (known.match) this.word(`-m ${known.match}`, parameter);
    if (!value.isList) return this.option(known.option, parameter, value);
    const items = value.items();
    if (name === 'match') return items.every(item => this.option(known.option, parameter, item));
    this.word(known.option, parameter);
    return items.every((item, i) => this.value(item, i === 0 ? ' ' : ','));
  }

  /** A word that stands for a key. */
  word(text: string, { key }: OwnEntry): void {
    const { start, end } = key.value;
    this.opaque(this.text === '' ? text : ` ${text}`, Math.max(start, this.behind), Math.max(end, this.behind));
  }

  option(option: string, key: OwnEntry, value: Reading): boolean {
    const not = /^!\s*/.test(value.text().known ?? '');
    this.word(not ? `! ${option}` : option, key);
    return this.value(value, ' ');
  }

  region(address: Region['address']): Region {
    const decoded = { embedded: 'text', span: null, decoded: true } as const;
    return { text: this.text, toPiece: this.map.build(this.behind), address: [...address, decoded], depth: this.depth };
  }

  private value(value: Reading, before: string): boolean {
    const region = value.embeddedText();
    if (!region) return false;
    this.depth = Math.max(this.depth, region.depth);
    const source = region.toPiece.spanToSource({ start: 0, end: region.text.length });
    if (source.start < this.behind) return false;
    this.opaque(before, source.start, source.start);
    if (/^[\w.:/,-]+$/.test(region.text)) {
      append(this.map, region.toPiece, { start: 0, end: region.text.length });
      this.text += region.text;
    } else {
      const text = region.text.replace(/^!\s*/, '');
      // A word with a template in it is some word.
      this.opaque(`'${text.replaceAll("'", "'\\''")}'`, source.start, source.end);
    }
    this.behind = source.end;
    return true;
  }

  private opaque(text: string, start: number, end: number): void {
    this.map.opaque(text.length, start, end);
    this.text += text;
    this.behind = Math.max(this.behind, end);
  }
}
