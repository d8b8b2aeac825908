// mocha's browser build: the one that runs in both extension hosts, Node's and the web worker.
import 'mocha/mocha.js';

mocha.setup({ ui: 'bdd', reporter: 'spec', timeout: 30_000, forbidPending: true, bail: true });

/** What VS Code calls to run the tests; rejected when one fails, or when there is none. */
export function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not mocha.run(): it wants the address bar of a page.
    const runner = Mocha.prototype.run.call(mocha, failures => {
      const ran = runner.stats?.tests ?? 0;
      if (failures > 0) reject(new Error(`${failures} of ${ran} tests failed`));
      else if (ran === 0) reject(new Error('no test ran'));
      else resolve();
    });
  });
}
