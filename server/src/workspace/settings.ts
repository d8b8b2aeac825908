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
  readonly propertyNames?: { readonly enum: readonly string[] };
}

const VERSION_PATTERN = '^v?[0-9]+([.][0-9]+){0,2}([-+].*)?$';

/** Ids that can be given a level: those of rules, and of the notices on comments and settings. */
const LEVELLED = [...RULES, ...NOTICES].map(({ id }) => id).sort();

/** One schema for `ingressPath.*` in VS Code and for `ingress-path.yaml`. */
export const SETTINGS_SCHEMA: Readonly<Record<Exclude<keyof Settings, 'against'>, Schema>> = {
  levels: {
    type: 'object',
    description: {
      en: 'Level of a rule: `error`, `warning`, `information`, `hint` or `off`, by its id such as `dns/hostnetwork-dns-policy`.',
      zh: '规则的级别：`error`、`warning`、`information`、`hint` 或 `off`，以规则 id（如 `dns/hostnetwork-dns-policy`）为键。',
    },
    additionalProperties: { type: 'string', enum: [...SEVERITIES, 'off'] },
    propertyNames: { enum: LEVELLED },
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
      en: 'Addresses of the cluster’s DNS service, for the `/etc/resolv.conf` that the hover on `dnsPolicy` shows; `10.96.0.10` if not set.',
      zh: '集群 DNS 服务的地址，用于 `dnsPolicy` 悬停提示中的 `/etc/resolv.conf`；未设置时为 `10.96.0.10`。',
    },
    items: { type: 'string', pattern: '^[0-9A-Fa-f.:]+$', examples: ['10.96.0.10'] },
  },
  clusterDomain: {
    type: 'string',
    description: {
      en: 'The cluster’s domain, for the `/etc/resolv.conf` that the hover on `dnsPolicy` shows; `cluster.local` if not set.',
      zh: '集群域名，用于 `dnsPolicy` 悬停提示中的 `/etc/resolv.conf`；未设置时为 `cluster.local`。',
    },
    pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
    examples: ['cluster.local'],
  },
  nodeCores: {
    type: 'number',
    description: {
      en: 'CPUs of a node: kube-proxy sizes the table of conntrack by them.',
      zh: '每个节点的 CPU 数：kube-proxy 据此设置 conntrack 表的大小。',
    },
    minimum: 1,
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
      en: 'New connections a second that a node takes: how long conntrack may keep them is judged by it.',
      zh: '每个节点每秒新建的连接数，用于评估 conntrack 超时。',
    },
    minimum: 0,
  },
};

export function hasLevel(id: string): boolean {
  return LEVELLED.includes(id);
}

/** A setting that is not as the schema has it, and what it should be. */
export interface SettingProblem {
  readonly path: readonly (string | number)[];
  /** There is no such setting, or rule; the value has another type, is none of a list, is too small, or has another form. */
  readonly problem: 'setting' | 'rule' | 'type' | 'choice' | 'least' | 'form';
  /** The settings there are, the rule that was meant, the type, the list, the least number, an example; empty if nobody knows. */
  readonly expected: string;
}

/** The settings in a value as JSON has it; what does not fit the schema is reported, and as if it were not there. */
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
    else accepted[name] = fitting(value, schema, [name], problems) ?? base[name as keyof Settings];
  }
  const levels = { ...base.levels, ...(accepted.levels as Settings['levels'] | undefined) };
  return { settings: { ...base, ...accepted, levels }, problems };
}

/** A value without what its schema does not allow; undefined if nothing is left. */
function fitting(
  value: unknown,
  schema: Schema,
  path: readonly (string | number)[],
  problems: SettingProblem[],
): unknown {
  const wrong = wrongWith(value, schema);
  if (wrong) {
    problems.push({ path, ...wrong });
    return undefined;
  }
  const inner = (key: string | number, item: unknown, each: Schema | undefined): unknown =>
    fitting(item, each ?? { type: 'string' }, [...path, key], problems);
  if (Array.isArray(value)) {
    const kept = value.map((item, index) => inner(index, item, schema.items)).filter(item => item !== undefined);
    return kept.length === 0 && value.length > 0 ? undefined : kept;
  }
  if (!isRecord(value)) return value;
  const names = schema.propertyNames?.enum;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = inner(key, item, schema.additionalProperties);
      if (names?.includes(key) === false) {
        problems.push({ path: [...path, key], problem: 'rule', expected: nameMeant(key, names) ?? '' });
      }
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
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
