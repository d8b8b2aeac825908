import { BROWSER_ERROR } from '../facts/browserErrors.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import type { Span } from '../text/span.ts';
import type { Entity } from './entity.ts';
import type { IptablesText } from './iptablesText.ts';
import { kustomizationOf } from './kustomization.ts';
import { eksAddonFields } from './platformField.ts';
import { Reading } from './reading.ts';
import { MAX_DEPTH, type ReadText, type Region, wholePiece } from './region.ts';
import { rulesetOfFile } from './ruleset/restoreLines.ts';
import { SERVICE_PROXY_WORDS, serviceProxiesIn } from './serviceProxy.ts';
import { filesOfAnsible } from './sources/ansibleFiles.ts';
import { modulesOfAnsible } from './sources/ansibleModules.ts';
import { sysctlsOfAnsible } from './sources/ansibleSysctl.ts';
import { commandsOfLines, looksLikeCommandLines } from './sources/commandLines.ts';
import { CONTROLLER_WORDS, controllerInYaml } from './sources/controller.ts';
import { helmValuesPodSpecs, helmValuesProbes, helmValuesSysctls } from './sources/helmValues.ts';
import { iptablesOfFile, looksLikeIptables } from './sources/iptablesFile.ts';
import { IPTABLES_WORDS, iptablesInYaml } from './sources/iptablesInYaml.ts';
import { kubeProxyOfPlatforms, PLATFORM_WORDS } from './sources/kubeProxyOfPlatforms.ts';
import { kubeProxyOfPods } from './sources/kubeProxyPod.ts';
import { certificates, kubeadmFields, manifestEntities } from './sources/manifest.ts';
import { looksLikeModules, modulesOfFile } from './sources/moduleFile.ts';
import { looksLikeNft, nftOfFile } from './sources/nftFile.ts';
import { looksLikeNginx, nginxOfFile } from './sources/nginxFile.ts';
import { nginxInYaml } from './sources/nginxInYaml.ts';
import { nodeFiles } from './sources/nodeFiles.ts';
import { sysctlsOfPlatforms } from './sources/platformSysctls.ts';
import { looksLikeShell, shellOfFile } from './sources/shellFile.ts';
import { shellInYaml } from './sources/shellInYaml.ts';
import { looksLikeSysctl, sysctlInYaml, sysctlOfFile } from './sources/sysctlFile.ts';
import { kubeProxyOfUnit, startsKubeProxy } from './sources/systemdKubeProxy.ts';
import { commandsOfUnit, looksLikeUnit } from './sources/systemdUnit.ts';
import { tlsOfController } from './sources/tlsController.ts';
import { tlsOfNginx } from './sources/tlsNginx.ts';
import { versionsInYaml } from './sources/versionsInYaml.ts';

/** A language that a file can be written in as a whole. YAML is what is left. */
interface TextLanguage {
  readonly language: Exclude<PieceLanguage, 'yaml' | 'note'>;
  /** True if a text is in this language; `file` is the path of the file that holds it or will, with `/`. */
  recognises(file: string, text: string): boolean;
  /** What a text says; `readText` for those within it. */
  read(file: string, region: Region, readText: ReadText): Iterable<Entity>;
}

/** The languages that a file's pieces are written in. `note`: none, but for somebody's words about an error. */
export type PieceLanguage =
  | 'note'
  | 'yaml'
  | 'nginx'
  | 'iptables'
  | 'nftables'
  | 'shell'
  | 'systemd'
  | 'sysctl'
  | 'modules';

/** In the order in which they are asked. */
const TEXT_LANGUAGES: readonly TextLanguage[] = [
  {
    language: 'iptables',
    recognises: looksLikeIptables,
    read: (file, region) => withRuleset(iptablesOfFile(file, region)),
  },
  { language: 'nftables', recognises: looksLikeNft, read: (_, region) => [nftOfFile(region)] },
  { language: 'nginx', recognises: looksLikeNginx, read: (file, region) => withTls(nginxOfFile(file, region)) },
  {
    language: 'shell',
    recognises: (file, text) => looksLikeShell(file, text) || looksLikeCommandLines(file, text),
    read: (file, region, readText) =>
      looksLikeShell(file, region.text) ? shellOfFile(file, region, readText) : commandsOfLines(file, region, readText),
  },
  { language: 'sysctl', recognises: looksLikeSysctl, read: sysctlOfFile },
  { language: 'modules', recognises: looksLikeModules, read: modulesOfFile },
  {
    language: 'systemd',
    recognises: (file, text) => looksLikeUnit(file, text) || startsKubeProxy(file, text),
    read: ofUnit,
  },
];

/** The commands of a unit, and how it starts kube-proxy. */
function* ofUnit(file: string, region: Region, readText: ReadText): Iterable<Entity> {
  if (looksLikeUnit(file, region.text)) yield* commandsOfUnit(file, region, readText);
  if (startsKubeProxy(file, region.text)) yield* kubeProxyOfUnit(file, region);
}

/** Where something can be found in YAML: `words` are looked for before anything is parsed. */
interface YamlSource {
  readonly words: RegExp;
  /** The only files in which it can be. */
  readonly files?: RegExp;
  /** Files in which it can be without such words. */
  readonly alsoFiles?: RegExp;
  read(file: string, root: Reading, readText: ReadText): Iterable<Entity>;
}

/** What files are about, or where they are, that somebody here reads. */
const FILE_WORDS =
  /sysctl\.(?:d\b|conf)|modules-load\.d|conntrack|\bip6?tables|kube-?_?proxy|\/proc\/sys\/|\bmodprobe\b/i;

/** The same in documents that set up machines; the files of cloud-init are those of anything. */
const NODE_FILE_WORDS = new RegExp(`write_files|${FILE_WORDS.source}`, 'i');

const YAML_SOURCES: readonly YamlSource[] = [
  {
    words:
      /hostNetwork|hostPort|dnsPolicy|ingress-nginx|nginx-ingress|KubeProxyConfiguration|k3d\.io|sysctl|\/proc\/sys\//,
    read: (_, root) => manifestEntities(root),
  },
  { words: /hostNetwork|dnsPolicy/, read: helmValuesPodSpecs },
  { words: /(?:liveness|readiness|startup)Probe|healthCheck|healthz-/, read: helmValuesProbes },
  { words: /sysctls/, read: helmValuesSysctls },
  { words: /conntrack/, read: sysctlInYaml },
  { words: /modprobe/, read: (_, root) => modulesOfAnsible(root) },
  { words: /\bsysctl["']?:/, read: (_, root) => sysctlsOfAnsible(root) },
  { words: CONTROLLER_WORDS, alsoFiles: /ingress[-_]?nginx[^/]*(?:\/[^/]*)?$/i, read: controllerInYaml },
  { words: /KubeadmC/, read: (_, root) => kubeadmFields(root) },
  { words: /[cC]onfigurationValues|AWSManagedControlPlane/, read: (_, root) => eksAddonFields(root) },
  { words: /cert-?manager/, read: (_, root) => certificates(root) },
  { words: /kube-proxy/, read: (_, root) => kubeProxyOfPods(root) },
  { words: /-snippet\b|\.(?:conf|template|tmpl)["']?:/, read: nginxInYaml },
  { words: /\b(?:ssl|tls)[-_](?!redirect)|http-?2|server-ciphers/i, read: tlsOfController },
  {
    words: /ingress-controller|ingress-nginx|kube-(?:proxy|apiserver)|kubernetesVersion|KubeadmControlPlane/,
    read: versionsInYaml,
  },
  {
    words:
      /(?:\b|\\[nt])ip6?tables\b|\bsysctl -\b|\/proc\/sys\/|\bmodprobe\b|\bkube-proxy(?:[ \t\\]+-|-arg)|<<-?["'\\]*[A-Z]|write_files/,
    read: shellInYaml,
  },
  { words: FILE_WORDS, read: (_, root, readText) => filesOfAnsible(root, readText) },
  { words: NODE_FILE_WORDS, read: (_, root, readText) => nodeFiles(root, readText) },
  { words: /nf_conntrack|ip_conntrack|net[./]netfilter/, read: (_, root) => sysctlsOfPlatforms(root) },
  { words: PLATFORM_WORDS, read: (_, root) => kubeProxyOfPlatforms(root) },
  { words: IPTABLES_WORDS, read: iptablesInYaml },
  { words: SERVICE_PROXY_WORDS, read: (_, root) => serviceProxiesIn(root) },
  { words: /^/, files: /(?:^|\/)kustomization\.ya?ml$/i, read: (_, root) => [kustomizationOf(root)] },
];

/** Files whose text is never read as YAML, however much of it they quote. */
const OTHER_LANGUAGES =
  /\.(?:md|markdown|rst|adoc|html?|xml|svg|css|s?sh|bash|zsh|go|py|rb|js|mjs|cjs|ts|tsx|jsx|java|rs|c|h|cc|cpp|cs|php|lua|tf|hcl|cue|dhall|jsonnet|libsonnet|sql|log|lock|patch|diff)$/i;

const YAML_ENTRY = /^[ \t]*(?:- +)*["']?[\w./+-]+["']?[ \t]*:(?:[ \t\r\n]|$)|^\s*[[{]/m;

/**
 * Longer pieces are left unread, in UTF-16 offsets: no API server takes an object of more than 3 MiB (its default limit
 * for a request), and nobody writes such a values file.
 */
const MAX_PIECE_LENGTH = 3 * 1024 * 1024;

/** Longer ones are logs. */
const MAX_NOTE_LENGTH = 64 * 1024;

/** The language of a file of interest, by its content first; null if nothing in it can be. `file` is a path with `/`. */
export function languageOf(file: string, text: string): PieceLanguage | null {
  const own = textLanguageOf(file, text)?.language;
  if (own !== undefined) return own;
  return yamlSourcesFor(file, text).length > 0 ? 'yaml' : isNote(text) ? 'note' : null;
}

/** True for a text that is kept for nothing but an error that somebody pasted into it. */
function isNote(text: string): boolean {
  return text.length <= MAX_NOTE_LENGTH && BROWSER_ERROR.test(text);
}

function textLanguageOf(file: string, text: string): TextLanguage | undefined {
  if (text.length > MAX_PIECE_LENGTH) return undefined;
  return TEXT_LANGUAGES.find(each => each.recognises(file, text));
}

/** True for a file whose text is read as YAML where it looks like ours; documentation and programs only quote such text. */
export function mayBeYaml(file: string): boolean {
  return !OTHER_LANGUAGES.test(file);
}

/** The pieces of a file: spans that cover its whole text. Each is read, cached and reported on by itself. */
export function cutPieces(language: PieceLanguage, text: string): Span[] {
  return language === 'yaml' ? cutStream(text) : [{ start: 0, end: text.length }];
}

/** What a piece says; empty for one that is of no interest. Never throws. */
export function readPiece(file: string, language: PieceLanguage, text: string): Entity[] {
  if (text.length > MAX_PIECE_LENGTH || language === 'note') return [];
  const own = TEXT_LANGUAGES.find(each => each.language === language);
  return [
    ...(own ? own.read(file, wholePiece(text), readText) : readYaml(file, text, () => [Reading.of(parseYaml(text))])),
  ];
}

/** What a text within a piece says. */
function readText(file: string, region: Region): Iterable<Entity> {
  if (region.depth > MAX_DEPTH) return [];
  const { text } = region;
  return textLanguageOf(file, text)?.read(file, region, readText) ?? readYaml(file, text, () => Reading.stream(region));
}

function* readYaml(file: string, text: string, roots: () => readonly Reading[]): Iterable<Entity> {
  const sources = yamlSourcesFor(file, text);
  if (sources.length === 0) return;
  for (const root of roots()) {
    for (const source of sources) {
      for (const entity of source.read(file, root, readText)) yield* withTls(entity);
    }
  }
}

/** What the rules of a text do together, behind the text that says them. */
function* withRuleset(text: IptablesText): Iterable<Entity> {
  yield text;
  yield rulesetOfFile(text);
}

/** What nginx's own language says of TLS, behind the text that says it. */
function* withTls(entity: Entity): Iterable<Entity> {
  yield entity;
  if (entity.is === 'nginxText') yield* tlsOfNginx(entity);
}

function yamlSourcesFor(file: string, text: string): YamlSource[] {
  if (!mayBeYaml(file)) return [];
  const sources = YAML_SOURCES.filter(
    ({ words, files, alsoFiles }) => (!files || files.test(file)) && (alsoFiles?.test(file) || words.test(text)),
  );
  return sources.length > 0 && YAML_ENTRY.test(text) ? sources : [];
}
