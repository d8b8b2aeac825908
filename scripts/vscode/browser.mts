import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { npm } from '../npm.mjs';
import { once } from './carried.mts';
import { findOnPath } from './path.mts';

const CARRIED = '147.0.0';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

// For a closed network and the root user of a build machine: no sandbox, nothing that calls home.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Its own names the folders of the machines it is made for.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** A browser that shows no window: that of BROWSER_EXECUTABLE, else an installed one, else the one that npm carries. */
export async function launchBrowser(): Promise<Browser> {
  const installed =
    process.env.BROWSER_EXECUTABLE || (findOnPath(COMMANDS) ?? APPLICATIONS.find(file => existsSync(file)));
  const { executablePath, env } = installed ? { executablePath: installed, env: {} } : await carriedBrowser();
  // A server that runs beside it handles signals, and has to be stopped before the process ends.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, args: QUIET, env: { ...process.env, ...env }, ...signals });
}

async function carriedBrowser(): Promise<{ executablePath: string; env: Record<string, string> }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No browser here: install Chrome or Chromium, or name one in BROWSER_EXECUTABLE.');
  }
  const folder = await once(`chromium-${CARRIED}`, unpack);
  const executablePath = join(folder, 'chromium');
  const env: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = join(folder, 'fonts');
  // A bare system lacks NSS and expat; where it has its own, those fit better.
  if (spawnSync(executablePath, ['--version']).status !== 0) env.LD_LIBRARY_PATH = join(folder, 'al2023', 'lib');
  return { executablePath, env };
}

async function unpack(folder: string): Promise<void> {
  await npm(folder, `No browser found: installing one from npm (Chromium ${CARRIED})`, [
    'install',
    `@sparticuz/chromium@${CARRIED}`,
  ]);
  const packed = join(folder, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const read = (name: string) => brotliDecompressSync(readFileSync(join(packed, name)));
  writeFileSync(join(folder, 'chromium'), read('chromium.br'), { mode: 0o755 });
  untar(read('fonts.tar.br'), join(folder, 'fonts'));
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), FONTS);
  untar(read('al2023.tar.br'), join(folder, 'al2023'));
  rmSync(join(folder, 'node_modules'), { recursive: true });
}

function untar(archive: Buffer, into: string): void {
  mkdirSync(into, { recursive: true });
  const { status, stderr, error } = spawnSync('tar', ['-xf', '-', '--no-same-owner', '-C', into], { input: archive });
  if (status !== 0) throw error ?? new Error(`tar: ${stderr}`);
}
