import assert from 'node:assert/strict';
import { Core } from '../../server/src/core.ts';
import { LineIndex, type Position, type Range } from '../../server/src/text/lines.ts';

/** Where a test's text has its caret. */
const CARET = '¦';

/** A core that knows one file. */
export interface Opened {
  readonly core: Core;
  readonly text: string;
  /** Of the caret; the end of the text if there is none. */
  readonly position: Position;
  /** What a range covers. */
  readonly covered: (range: Range) => string;
}

/** Opens a file whose text has a caret in it. */
export function open(file: string, withCaret: string, language: 'en' | 'zh' = 'en'): Opened {
  const text = withCaret.replace(CARET, '');
  const caret = withCaret.indexOf(CARET);
  const lines = new LineIndex(text);
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  core.put(file, text);
  return {
    core,
    text,
    position: lines.positionAt(caret < 0 ? text.length : caret),
    covered: ({ start, end }) => text.slice(lines.offsetAt(start), lines.offsetAt(end)),
  };
}

/** What a completion must offer, and must not. */
export function assertOffers(labels: readonly string[], wanted: readonly string[], unwanted: readonly string[]): void {
  assert.deepEqual(
    { missing: wanted.filter(each => !labels.includes(each)), wrong: unwanted.filter(each => labels.includes(each)) },
    { missing: [], wrong: [] },
    labels.join(),
  );
}

/** A ConfigMap of the controller whose entries are these lines. */
export function configMap(...entries: readonly string[]): string {
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: { name: ingress-nginx-controller }',
    'data:',
    ...entries,
  ].join('\n');
}
