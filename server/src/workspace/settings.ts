import ignore from 'ignore';
import { OPENSSL_VERSIONS } from '../facts/tlsCiphers.ts';
import { CERTIFICATE_KEYS, DEFAULT_ENVIRONMENT, type Environment } from '../model/environment.ts';
import { RULES } from '../rules/index.ts';
import { SEVERITIES, type Severity } from '../rules/rule.ts';
import { nameMeant } from '../text/spelling.ts';
import { LANGUAGES, type Language, type Wording } from '../text/wording.ts';
import { NOTICES } from './notices.ts';

/** How loud a rule is, whatever it says of itself. */
export type Level = Severity | 'off';

export interface Settings extends Environment {
  readonly levels: Readonly<Record<string, Level>>;
  /** Patterns as in a .gitignore, of files to leave alone. */
  readonly ignore: readonly string[];
  /** Null for the language of the editor or the terminal. */
  readonly language: Language | null;
  /** Addresses of the cluster's DNS service. */
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
}

export const DEFAULT_SETTINGS: Settings = {
  levels: {},
  ignore: [],
  language: null,
  clusterDns: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  ...DEFAULT_ENVIRONMENT,
};

/** The part of JSON Schema that the settings need. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'number';
  readonly description?: Wording;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** What fits the pattern. */
  readonly examples?: readonly [string];
  readonly minimum?: number;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

const VERSION_PATTERN = '^v?[0-9]+([.][0-9]+){0,2}([-+].*)?$';

/** One schema for `ingressPath.*` in VS Code and for `ingress-path.yaml`. */
export const SETTINGS_SCHEMA: Readonly<Record<Exclude<keyof Settings, 'against'>, Schema>> = {
  levels: {
    type: 'object',
    description: {
      en: 'Level of a rule: `error`, `warning`, `information`, `hint` or `off`, by its id such as `dns/hostnetwork-dns-policy`.',
      zh: '规则的级别：`error`、`warning`、`information`、`hint` 或 `off`，以规则 id（如 `dns/hostnetwork-dns-policy`）为键。',
    },
    additionalProperties: { type: 'string', enum: [...SEVERITIES, 'off'] },
  },
  ignore: {
    type: 'array',
    description: {
      en: 'Files to leave alone, as patterns of a `.gitignore`.',
      zh: '不检查的文件，写法同 `.gitignore`。',
    },
    items: { type: 'string' },
  },
  language: {
    type: 'string',
    description: {
      en: 'Language of the messages; that of the editor if not set.',
      zh: '提示信息的语言；未设置时与编辑器一致。',
    },
    enum: LANGUAGES,
  },
  clusterDns: {
    type: 'array',
    description: {
      en: 'Addresses of the cluster’s DNS service, as the hover on `dnsPolicy` shows them.',
      zh: '集群 DNS 服务的地址，用于 `dnsPolicy` 的悬停提示。',
    },
    items: { type: 'string', pattern: '^[0-9A-Fa-f.:]+$', examples: ['10.96.0.10'] },
  },
  clusterDomain: {
    type: 'string',
    description: { en: 'The cluster’s domain.', zh: '集群域名。' },
    pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
    examples: ['cluster.local'],
  },
  nodeCores: {
    type: 'number',
    description: { en: 'CPUs of a node.', zh: '每个节点的 CPU 数。' },
    minimum: 1,
  },
  nodeMemory: {
    type: 'number',
    description: { en: 'Memory of a node, in GiB.', zh: '每个节点的内存，单位 GiB。' },
    minimum: 0.5,
  },
  kubernetes: {
    type: 'string',
    description: {
      en: 'Version of Kubernetes, such as `1.36`, where no file of the workspace shows it.',
      zh: '工作区文件未写明时采用的 Kubernetes 版本，例如 `1.36`。',
    },
    pattern: VERSION_PATTERN,
    examples: ['1.36'],
  },
  controller: {
    type: 'string',
    description: {
      en: 'Version of the ingress-nginx controller, such as `1.15.1`, where no file of the workspace shows it.',
      zh: '工作区文件未写明时采用的 ingress-nginx 控制器版本，例如 `1.15.1`。',
    },
    pattern: VERSION_PATTERN,
    examples: ['1.15.1'],
  },
  openssl: {
    type: 'string',
    description: {
      en: 'OpenSSL that reads cipher lists; that of the controller’s image if not set.',
      zh: '解析密码套件列表的 OpenSSL 版本；未设置时采用控制器镜像自带的版本。',
    },
    enum: OPENSSL_VERSIONS,
  },
  certificateKey: {
    type: 'string',
    description: {
      en: 'Type of the certificates’ keys, where no file of the workspace shows it.',
      zh: '工作区文件未写明时采用的证书密钥类型。',
    },
    enum: CERTIFICATE_KEYS,
  },
  connectionsPerSecond: {
    type: 'number',
    description: {
      en: 'New connections a second that a node takes: what timeouts of conntrack are judged by.',
      zh: '每个节点每秒新建的连接数，用于评估 conntrack 超时。',
    },
    minimum: 0,
  },
  notrackPorts: {
    type: 'array',
    description: {
      en: 'Ports of servers whose connections need no tracking; 80 and 443 if not set.',
      zh: '无需连接跟踪的服务端口；未设置时为 80 和 443。',
    },
    items: { type: 'number', minimum: 1 },
  },
};

/** What can be given a level, by its id: the rules, and the notices on comments and settings. */
export function hasLevel(id: string): boolean {
  return LEVELLED.includes(id);
}

const LEVELLED: readonly string[] = [...RULES, ...NOTICES].map(({ id }) => id);

/** A setting that is not as the schema has it, and what it should be. */
export interface SettingProblem {
  readonly path: readonly (string | number)[];
  /** There is no such setting, or rule; the value has another type, is none of a list, is too small, or has another form. */
  readonly problem: 'setting' | 'rule' | 'type' | 'choice' | 'least' | 'form';
  /** The settings there are, the rule that was meant, the type, the list, the least number, an example; empty if nobody knows. */
  readonly expected: string;
}

/** The settings in a value as JSON has it; what does not fit the schema keeps its default and is reported. */
export function readSettings(
  raw: unknown,
  base: Settings = DEFAULT_SETTINGS,
): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const accepted: Record<string, unknown> = {};
  for (const [name, value] of isRecord(raw) ? Object.entries(raw) : []) {
    if (value === null || value === undefined) continue;
    const schema = Object.hasOwn(SETTINGS_SCHEMA, name)
      ? SETTINGS_SCHEMA[name as keyof typeof SETTINGS_SCHEMA]
      : undefined;
    if (!schema) problems.push({ path: [name], problem: 'setting', expected: Object.keys(SETTINGS_SCHEMA).join(', ') });
    else if (fits(value, schema, [name], problems)) accepted[name] = value;
    if (name === 'levels' && isRecord(value)) problems.push(...withoutRule(Object.keys(value)));
  }
  const levels = { ...base.levels, ...(accepted.levels as Settings['levels'] | undefined) };
  return { settings: { ...base, ...accepted, levels }, problems };
}

/** Levels that nothing has: a misspelt id, or that of a rule of another release. */
function withoutRule(ids: readonly string[]): SettingProblem[] {
  return ids
    .filter(id => !hasLevel(id))
    .map(id => ({ path: ['levels', id], problem: 'rule', expected: nameMeant(id, LEVELLED) ?? '' }));
}

function fits(value: unknown, schema: Schema, path: readonly (string | number)[], problems: SettingProblem[]): boolean {
  const wrong = wrongWith(value, schema);
  if (wrong) problems.push({ path, ...wrong });
  if (wrong?.problem === 'type') return false;
  const inner = Array.isArray(value)
    ? value.map((item, index) => fits(item, schema.items ?? { type: 'string' }, [...path, index], problems))
    : isRecord(value)
      ? Object.entries(value).map(([key, item]) =>
          fits(item, schema.additionalProperties ?? { type: 'string' }, [...path, key], problems),
        )
      : [];
  return !wrong && inner.every(Boolean);
}

function wrongWith(value: unknown, schema: Schema): Pick<SettingProblem, 'problem' | 'expected'> | null {
  const type = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value;
  if (schema.enum && !(typeof value === 'string' && schema.enum.includes(value)))
    return { problem: 'choice', expected: schema.enum.join(', ') };
  if (type !== schema.type) return { problem: 'type', expected: schema.type };
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return { problem: 'form', expected: schema.examples?.[0] ?? '' };
  if (typeof value === 'number' && schema.minimum !== undefined && !(value >= schema.minimum))
    return { problem: 'least', expected: String(schema.minimum) };
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells the files to leave alone. Paths are relative to the workspace, with `/`. */
export function ignoring({ ignore: patterns }: Settings): (file: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matcher = ignore().add([...patterns]);
  return file => ignore.isPathValid(file) && matcher.ignores(file);
}
