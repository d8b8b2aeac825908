import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { BACKENDS, inNamespace } from './shellRuns.ts';

const SCRIPT = `# beside kube-proxy
iptables-restore <<'EOF'
*nat
:POSTROUTING ACCEPT
-A POSTROUTING -s 10.9.0.0/16 -o eth0 -j MASQUERADE
COMMIT
EOF
`;

/** The script with the only fix that is offered. */
function noflush(): string {
  const core = new Core(message => assert.fail(message));
  core.put('a.sh', SCRIPT);
  const [finding] = core.findings('a.sh');
  const [fix] = finding?.fixes ?? [];
  assert.ok(finding && fix);
  const lines = new LineIndex(SCRIPT);
  const edits = core.editsOf('a.sh', finding, fix) ?? [];
  return applyEdits(
    SCRIPT,
    edits.map(({ range, newText }) => ({
      span: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) },
      newText,
    })),
  );
}

for (const backend of BACKENDS) {
  describe(`what is left of the chains of kube-proxy, iptables-${backend}`, () => {
    it('none of the table that the input names', () => {
      assert.deepEqual(chains(backend, SCRIPT), ['KUBE-FORWARD']);
    });
    it('all of them with --noflush', () => {
      assert.deepEqual(chains(backend, noflush()), ['KUBE-FORWARD', 'KUBE-SERVICES']);
    });
  });
}

function chains(backend: (typeof BACKENDS)[number], script: string): string[] {
  const output = inNamespace(backend, script, file => [
    'iptables -w -t nat -N KUBE-SERVICES',
    'iptables -w -t nat -A PREROUTING -j KUBE-SERVICES',
    'iptables -w -N KUBE-FORWARD',
    `bash ${file}`,
    'for table in nat filter; do iptables -w -t $table -S; done | grep "^-N" | cut -d" " -f2',
  ]);
  return output.trim().split('\n').sort();
}
