import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { decodeScalar } from '../../../server/src/syntax/yaml/scalarDecode.ts';
import { encodeEdit } from '../../../server/src/syntax/yaml/scalarEdit.ts';
import { chooseStyle, encodeScalar } from '../../../server/src/syntax/yaml/scalarEncode.ts';
import type { ScalarStyle } from '../../../server/src/syntax/yaml/scalarSite.ts';
import { applyEdits, type TextEdit } from '../../../server/src/text/edits.ts';
import { compose, identityMap, offsetBy, type SourceMap } from '../../../server/src/text/sourceMap.ts';
import { shift } from '../../../server/src/text/span.ts';
import { cases, type Located, locate, locateK, mapFault, typed, withRunMoved } from './scalarCases.ts';

const RUNS = { seed: 20261122, numRuns: 10_000 };

const located: fc.Arbitrary<{ readonly document: string; readonly scalar: Located }> = cases
  .map(({ document, place }) => ({ document, scalar: locateK(document, place) }))
  .filter((found): found is { document: string; scalar: Located } => found.scalar !== null);

test('decoding gives the text that yaml gives, for valid and broken documents', () => {
  fc.assert(
    fc.property(cases, fc.boolean(), fc.nat(), ({ document }, cut, at) => {
      for (const { source, style, site, text } of locate(cut ? document.slice(0, at % document.length) : document))
        assert.equal(decodeScalar(source, style, site).text, text);
    }),
    RUNS,
  );
});

test('each decoded character maps to the source character it came from', () => {
  fc.assert(
    fc.property(located, ({ scalar: { source, style, site } }) => {
      assert.equal(mapFault(source, style, decodeScalar(source, style, site)), null);
    }),
    RUNS,
  );
});

test('a change of the source character changes just that decoded character', () => {
  fc.assert(
    fc.property(located, fc.nat(), ({ document, scalar }, at) => {
      const decoded = decodeScalar(scalar.source, scalar.style, scalar.site);
      const changed = changeOne(document, decoded.text, offsetBy(decoded.map, scalar.start), at);
      fc.pre(changed !== null);
      assert.equal(readK(changed.document), changed.text);
    }),
    RUNS,
  );
});

test('a map that is off by one character is caught', () => {
  fc.assert(
    fc.property(located, fc.nat(), fc.constantFrom(-1, 1), ({ scalar: { source, style, site } }, at, by) => {
      const { text, map } = decodeScalar(source, style, site);
      fc.pre(map.runCount > 0);
      const index = at % map.runCount;
      const { decoded, verbatim } = map.run(index);
      fc.pre(!verbatim || /\S/.test(text.slice(decoded.start, decoded.end)));
      assert.notEqual(mapFault(source, style, { text, map: withRunMoved(map, index, by) }), null);
    }),
    RUNS,
  );
});

test('an edit, encoded back and parsed again, gives the edited text and changes nothing else', () => {
  const carried = new Map<ScalarStyle, { tried: number; carried: number }>();
  fc.assert(
    fc.property(
      located,
      fc.nat(),
      fc.constantFrom(0, 0, 1, 2, 5, 100),
      typed,
      ({ document, scalar }, at, length, newText) => {
        const { source, style, site, text, start } = scalar;
        const edit = editAt(text, at, length, newText);
        const edits = encodeEdit(source, style, site, edit);
        const count = carried.get(style) ?? { tried: 0, carried: 0 };
        carried.set(style, { tried: count.tried + 1, carried: count.carried + (edits ? 1 : 0) });
        if (!edits) return;
        const edited = applyEdits(
          document,
          edits.map(each => ({ ...each, span: shift(each.span, start) })),
        );
        assert.equal(readK(edited), applyEdits(text, [edit]));
        assert.deepEqual(readOthers(edited), readOthers(document));
        if (document.includes('\r\n')) assert.doesNotMatch(edited, /[^\r]\n/);
      },
    ),
    RUNS,
  );
  for (const [style, least] of [
    ['double', 0.95],
    ['literal', 0.9],
    ['folded', 0.9],
    ['single', 0.8],
    ['plain', 0.4],
  ] as const) {
    const { tried, carried: done } = carried.get(style) ?? { tried: 0, carried: 0 };
    assert.ok(done >= least * tried && tried > 500, `${style}: ${done} of ${tried} edits are carried`);
  }
});

test('an edit changes the lines it touches and the header, and seldom the whole scalar', () => {
  const written = new Map<ScalarStyle, { local: number; wide: number }>();
  fc.assert(
    fc.property(
      located,
      fc.nat(),
      fc.nat(5),
      typed,
      ({ scalar: { source, style, site, text } }, at, length, newText) => {
        const edit = editAt(text, at, length, newText);
        const edits = encodeEdit(source, style, site, edit);
        if (!edits || !/\S/.test(text)) return;
        const touched = decodeScalar(source, style, site).map.spanToSource(edit.span);
        const lineStart = source.lastIndexOf('\n', touched.start - 1);
        const lineEnd = source.indexOf('\n', touched.end) + 1 || source.length;
        const headerEnd = /^[|>]/.test(source) ? source.indexOf('\n') : -1;
        const local = edits.every(
          ({ span }) => span.end <= headerEnd || (span.start >= lineStart && span.end <= lineEnd),
        );
        const count = written.get(style) ?? { local: 0, wide: 0 };
        written.set(style, local ? { ...count, local: count.local + 1 } : { ...count, wide: count.wide + 1 });
      },
    ),
    RUNS,
  );
  for (const [style, { local, wide }] of written)
    assert.ok(wide <= 0.05 * local, `${style}: ${wide} edits are wide, ${local} are local`);
});

test('a new scalar reads back as its text, in every style that carries it', () => {
  const styles = fc.constantFrom<ScalarStyle>('plain', 'single', 'double', 'literal', 'folded');
  fc.assert(
    fc.property(typedText(), styles, fc.boolean(), (text, style, flow) => {
      const site = { parentIndent: 2, flow };
      for (const wanted of [style, chooseStyle(text, site)]) {
        const source = encodeScalar(text, wanted, site);
        if (source === null) continue;
        assert.equal(
          readK(
            `a:\n  ${flow ? 'b: { ' : ''}k: ${source}${flow ? ' }' : ''}${source.endsWith('\n') ? '' : '\n'}  z: 1\n`,
          ),
          text,
        );
        assert.equal(decodeScalar(source, wanted, site).text, text);
      }
    }),
    RUNS,
  );
});

test('four deep, each character maps to the file, and an edit comes back to it', () => {
  let tried = 0;
  let done = 0;
  const styles = fc.array(fc.constantFrom<ScalarStyle>('plain', 'single', 'double', 'literal', 'folded'), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(typedText(), styles, fc.nat(), fc.nat(4), typed, (text, nesting, at, length, newText) => {
      const file = nesting.reduce(wrap, text);
      const levels = unwrap(file, nesting.length);
      assert.equal(levels.text, text);
      const changed = changeOne(file, text, levels.map, at);
      if (changed) assert.equal(unwrap(changed.document, nesting.length).text, changed.text);
      const edit = editAt(text, at, length, newText);
      const edited = encodeThrough(file, nesting.length, edit);
      tried++;
      if (edited === null) return;
      done++;
      assert.equal(unwrap(edited, nesting.length).text, applyEdits(text, [edit]));
      assert.deepEqual(readOthers(edited), readOthers(file));
    }),
    RUNS,
  );
  assert.ok(done > 0.7 * tried, `${done} of ${tried} edits are carried`);
});

function typedText(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(typed, fc.constantFrom('listen 80;', '    proxy_pass', 'on', '0x1F')), { maxLength: 5 })
    .map(parts => parts.join(''));
}

/** An edit somewhere in the text, with whole surrogate pairs as any editor makes them. */
function editAt(text: string, at: number, length: number, newText: string): TextEdit {
  const whole = (offset: number) => (/^[\udc00-\udfff]/.test(text.slice(offset)) ? offset - 1 : offset);
  const start = at % (text.length + 1);
  return { span: { start: whole(start), end: whole(Math.min(text.length, start + length)) }, newText };
}

/** The document with one visible character of the text replaced through the map, and the text that must then be read. */
function changeOne(
  document: string,
  text: string,
  map: SourceMap,
  at: number,
): { document: string; text: string } | null {
  const index = at % Math.max(1, text.length);
  if (!/\S/.test(text[index] ?? ' ')) return null;
  const run = map.run(map.runAt(index));
  const decoded = run.verbatim ? { start: index, end: index + 1 } : run.decoded;
  return {
    document: applyEdits(document, [{ span: map.spanToSource(decoded), newText: 'X' }]),
    text: applyEdits(text, [{ span: decoded, newText: 'X' }]),
  };
}

function valueOfK(document: string): unknown {
  const parsed = parseDocument(document, { logLevel: 'silent' });
  assert.deepEqual(parsed.errors, []);
  let found: unknown;
  JSON.stringify(parsed.toJS(), (key, value) => {
    if (key === 'k') found ??= value;
    return value;
  });
  return found;
}

/** The scalar behind `k` as `yaml` reads it, before any type is given to it. */
function readK(document: string): string {
  const value = valueOfK(document);
  assert.equal(typeof value, 'string');
  return value as string;
}

function readOthers(document: string): string {
  return JSON.stringify(parseDocument(document).toJS(), (key, value) => (key === 'k' ? null : value));
}

function wrap(text: string, style: ScalarStyle): string {
  const site = { parentIndent: 2 };
  const source = encodeScalar(text, style, site) ?? encodeScalar(text, chooseStyle(text, site), site);
  assert.ok(source !== null);
  return `a:\n  k: ${source}${source.endsWith('\n') ? '' : '\n'}  z: 1\n`;
}

function unwrap(file: string, depth: number): { text: string; map: SourceMap } {
  let text = file;
  let map = identityMap(file.length);
  for (let level = 0; level < depth; level++) {
    const { source, style, site, start } = nested(text);
    const decoded = decodeScalar(source, style, site);
    map = compose(map, offsetBy(decoded.map, start));
    text = decoded.text;
  }
  return { text, map };
}

/** The edit of the innermost text as a new file; null if a level cannot carry it. */
function encodeThrough(file: string, depth: number, edit: TextEdit): string | null {
  if (depth === 0) return applyEdits(file, [edit]);
  const { source, style, site, start, text } = nested(file);
  const inner = encodeThrough(text, depth - 1, edit);
  if (inner === null) return null;
  const whole = { span: { start: 0, end: text.length }, newText: inner };
  const edits = encodeEdit(source, style, site, whole);
  return (
    edits &&
    applyEdits(
      file,
      edits.map(each => ({ ...each, span: shift(each.span, start) })),
    )
  );
}

function nested(document: string): Located {
  const found = locateK(document, { open: '', close: '', indent: 2 });
  assert.ok(found);
  return found;
}
