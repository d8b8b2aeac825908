// Takes the arguments that @vscode/test-electron gives to VS Code's own program, and runs the same tests in the VS Code
// that npm carries, in a browser without a window. Its exit status is that of the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.mts';
import { startServer } from './server.mts';

const LIMIT = 240_000;

// What this VS Code says of itself in every run: connections, modules that were not compiled, the gallery out of reach.
const CHATTER =
  /connection token|Creating a socket|reconnection-grace|AgentHost:|AccountPolicyGate|builtin extensions cache|Service Worker\]|spdlog|native-watchdog|open-vsx|authentication provider/;

const { values, positionals } = parseArgs({
  strict: false,
  options: {
    extensionDevelopmentPath: { type: 'string', default: '' },
    extensionTestsPath: { type: 'string', default: '' },
    extensionDevelopmentKind: { type: 'string', default: 'node' },
  },
});

process.exitCode = await runTests();

async function runTests(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ingress-path-vscode-'));
  const server = await startServer({ dataDir });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser();
    const page = await browser.newPage();
    const ended = new Promise<number>((done, fail) => {
      setTimeout(() => fail(new Error(`The tests in VS Code did not end within ${LIMIT / 1000} s.`)), LIMIT).unref();
      page.once('crash', () => fail(new Error('The VS Code window crashed.')));
      page.once('close', () => fail(new Error('The VS Code window was closed before the tests ended.')));
      void page.exposeFunction('codeAutomationExit', done);
    });
    await page.exposeFunction('codeAutomationLog', print);
    await page.goto(
      server.address(resolve(positionals[0] ?? '.'), [
        ['extensionDevelopmentPath', server.uri(resolve(String(values.extensionDevelopmentPath)))],
        ['extensionDevelopmentKind', String(values.extensionDevelopmentKind)],
        ['extensionTestsPath', server.uri(resolve(String(values.extensionTestsPath)))],
      ]),
    );
    return await ended;
  } finally {
    await browser?.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The console of the window: the tests' output, and the workbench's own. */
function print(type: string, values: unknown[]): void {
  const line = format(...values);
  if (CHATTER.test(line)) return;
  process[type === 'error' ? 'stderr' : 'stdout'].write(`${line}\n`);
}
