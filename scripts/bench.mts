// npm run bench [-- --peer]: what the server costs, as ratios of figures measured in this one run on this one machine: against
// the bare `yaml` parse of the same text, against the least server there can be, and with --peer against yaml-language-server
// from npm, which is installed into .vscode-test/ for that. Times are milliseconds, memory is MiB.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseAllDocuments } from 'yaml';
import { Core } from '../server/src/core.ts';
import { Editor, FULL } from '../test/hosts/editor.ts';
import { bundle, bundleFloor, folderOf } from '../test/hosts/programs.ts';

const DOCUMENTS = 500;
const EDITS = 50;
const FILES = 10_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PEER = { name: 'yaml-language-server', version: '1.25.0' };

await main();

async function main(): Promise<void> {
  const text = Array.from({ length: DOCUMENTS }, (_, i) => manifest(i)).join('---\n');
  console.log(`${DOCUMENTS} documents, ${text.split('\n').length} lines, ${Math.round(text.length / 1024)} KiB\n`);

  const parse = median(times(5, () => void parseAllDocuments(text)));
  const core = inProcess(text);
  table('in one process', [
    ['bare yaml parse', parse, 1],
    ['first analysis', core.first, core.first / parse],
    ['analysis after an edit, median', core.edit, core.edit / parse],
  ]);

  const floor = await overStdio(await bundleFloor(), text);
  const own = await overStdio(await bundle('server'), text);
  const peer = process.argv.includes('--peer') ? await peerOf(text) : null;
  compare('over stdio, against the least server there can be', own, floor);
  if (peer) compare(`over stdio, against ${PEER.name} ${PEER.version}`, own, peer);

  await indexTable();
}

/** The time of a first analysis, and of one after an edit. */
function inProcess(text: string): { first: number; edit: number } {
  const analyse = (core: Core, now: string) => {
    core.put('a.yaml', now);
    core.findings('a.yaml');
  };
  const first = median(times(3, () => analyse(new Core(console.error), text)));
  const core = new Core(console.error);
  analyse(core, text);
  let now = text;
  const edit = median(
    times(EDITS, i => {
      now = edited(now, i).text;
      analyse(core, now);
    }),
  );
  return { first, edit };
}

interface Served {
  readonly initialize: number;
  readonly open: number;
  readonly median: number;
  readonly worst: number;
  /** Processor time of an edit. */
  readonly work: number;
  readonly memory: number;
}

/** How a server does with a large document that is opened and then edited all over. */
async function overStdio(program: string, text: string): Promise<Served> {
  const editor = Editor.silent(program);
  const initialize = await timed(() => editor.hello({}));
  editor.notify('workspace/didChangeConfiguration', { settings: { yaml: { schemaStore: { enable: false } } } });
  const uri = 'file:///bench/large.yaml';
  const answers = () => editor.heard.published.filter(each => each.uri === uri).length;
  const open = await timed(async () => {
    editor.open(uri, text);
    await editor.until('diagnostics', () => answers() > 0);
  });
  let now = text;
  const before = processorTime(editor.process);
  const latencies: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const known = answers();
    const { text: next, change } = edited(now, i);
    now = next;
    latencies.push(
      await timed(async () => {
        editor.change(uri, change);
        await editor.until('diagnostics', () => answers() > known);
      }),
    );
    // Nobody types faster than this.
    await new Promise(resolve => setTimeout(resolve, 30));
  }
  const work = (processorTime(editor.process) - before) / EDITS;
  const memory = residentMemory(editor.process);
  editor.process.kill();
  return { initialize, open, median: median(latencies), worst: percentile(latencies, 0.95), work, memory };
}

async function peerOf(text: string): Promise<Served | null> {
  const folder = join(ROOT, '.vscode-test', PEER.name);
  const program = join(folder, 'node_modules', PEER.name, 'bin', PEER.name);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    spawnSync('npm', ['install', '--no-save', '--prefix', folder, `${PEER.name}@${PEER.version}`], {
      stdio: 'inherit',
    });
  }
  if (existsSync(program)) return overStdio(program, text);
  console.log(`${PEER.name} cannot be installed: no comparison`);
  return null;
}

/** How long it takes until the findings of a whole workspace are shown, and how much memory they take. */
async function indexTable(): Promise<void> {
  const files = Array.from({ length: FILES }, (_, i) => [
    `${i % 100}/${i}.yaml`,
    i % 20 === 0 ? manifest(i) : `a: ${i}\n`,
  ]);
  const folder = folderOf(Object.fromEntries(files));
  const reading = await timed(async () => {
    for (const [file = ''] of files) readFileSync(join(folder, file));
  });
  const editor = Editor.silent(await bundle('server'));
  const index = await timed(async () => {
    await editor.hello({ folders: [folder], capabilities: FULL });
    await editor.until('all findings', () => editor.showing().length === files.filter((_, i) => i % 100 === 0).length);
  });
  const memory = residentMemory(editor.process);
  editor.process.kill();
  table(`${FILES} files, ${FILES / 20} of them manifests`, [
    ['reading them all', reading, 1],
    ['from the start to all findings', index, index / reading],
  ]);
  console.log(`memory ${memory.toFixed(0)} MiB\n`);
}

/** A document of one of the kinds that the product looks at, some 40 lines long. */
function manifest(i: number): string {
  const head = (apiVersion: string, kind: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: object-${i}\n  namespace: ingress-nginx\n  labels:\n${lines(6, j => `    app.kubernetes.io/label-${j}: value-${j}`)}`;
  const snippet = lines(20, j => `    location /path-${j} { proxy_pass http://backend-${j}; }`);
  switch (i % 5) {
    case 0:
      return `${head('apps/v1', 'DaemonSet')}spec:\n  template:\n    spec:\n      hostNetwork: true\n${i % 100 === 0 ? '' : '      dnsPolicy: ClusterFirstWithHostNet\n'}      containers:\n        - name: controller\n          image: registry.k8s.io/ingress-nginx/controller:v1.15.1\n          args:\n${lines(18, j => `            - --argument-${j}=value`)}`;
    case 1:
      return `${head('v1', 'ConfigMap')}data:\n  use-http2: "true"\n  ssl-ciphers: ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384\n  http-snippet: |\n    server {\n${snippet.replace(/^(?=.)/gm, '  ')}    }\n`;
    case 2:
      return `${head('networking.k8s.io/v1', 'Ingress')}  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: |\n${snippet.replace(/^/gm, '  ').trimEnd()}\nspec:\n  ingressClassName: nginx\n  rules:\n    - host: host-${i}.example.com\n`;
    case 3:
      return `${head('v1', 'Service')}spec:\n  selector:\n    app: x\n  ports:\n${lines(8, j => `    - name: port-${j}\n      port: ${8000 + j}\n      targetPort: ${9000 + j}`)}`;
    default:
      return `${head('v1', 'ConfigMap')}data:\n  config.conf: |\n    apiVersion: kubeproxy.config.k8s.io/v1alpha1\n    kind: KubeProxyConfiguration\n    mode: iptables\n    conntrack:\n      maxPerCore: 32768\n      min: 131072\n      tcpEstablishedTimeout: 24h0m0s\n${lines(16, j => `    # note ${j}`)}`;
  }
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
}

/** One character typed into the name of some object, a different one each time. */
function edited(text: string, i: number) {
  const document = TextDocument.create('a', 'yaml', 1, text);
  const name = `name: object-${(i * 97) % DOCUMENTS}`;
  const position = document.positionAt(text.indexOf(name) + 'name: '.length);
  const change = { range: { start: position, end: position }, text: 'x' };
  return { change, text: TextDocument.applyEdits(document, [{ range: change.range, newText: change.text }]) };
}

function compare(title: string, own: Served, other: Served): void {
  console.log(title);
  console.log(`${''.padEnd(34)}${'ours'.padStart(8)}${'theirs'.padStart(8)}   ratio`);
  const row = (name: string, figure: keyof Served) =>
    console.log(`${name.padEnd(34)}${shown(own[figure])}${shown(other[figure])}${shown(own[figure] / other[figure])}`);
  row('initialize', 'initialize');
  row('didOpen to diagnostics', 'open');
  row('didChange to diagnostics, median', 'median');
  row('didChange to diagnostics, 95 %', 'worst');
  row('processor time of an edit', 'work');
  row('memory, MiB', 'memory');
  console.log();
}

function table(title: string, rows: readonly (readonly [name: string, milliseconds: number, ratio: number])[]): void {
  console.log(title);
  for (const [name, milliseconds, ratio] of rows)
    console.log(`${name.padEnd(34)}${shown(milliseconds)}${''.padStart(8)}${shown(ratio)}`);
  console.log();
}

function shown(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 0).padStart(8);
}

function times(count: number, work: (index: number) => void): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    work(i);
    return performance.now() - start;
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

function percentile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Milliseconds of processor time that a process has used; NaN where the system does not tell. */
function processorTime({ pid }: ChildProcess): number {
  const fields = procFile(pid, 'stat')
    .replace(/^.*\) /, '')
    .split(' ');
  // Fields 14 and 15 of proc(5), in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** MiB of memory that a process holds; NaN where the system does not tell. */
function residentMemory({ pid }: ChildProcess): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(procFile(pid, 'status'))?.[1] ?? Number.NaN) / 1024;
}

function procFile(pid: number | undefined, name: string): string {
  const path = `/proc/${pid}/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
