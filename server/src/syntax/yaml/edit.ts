import { applyEdits, insertion, type TextEdit } from '../../text/edits.ts';
import { add, insert } from './edit/add.ts';
import type { Proposal, Refusal, YamlChange, YamlData, YamlPath } from './edit/change.ts';
import { Editing, sharedNodes } from './edit/editing.ts';
import { changedMeaning, meaningOf, sameMeaning } from './edit/meaning.ts';
import { move } from './edit/move.ts';
import { placeAt } from './edit/place.ts';
import { remove } from './edit/remove.ts';
import { rename } from './edit/rename.ts';
import { replace } from './edit/set.ts';
import { parseYaml, type YamlDocument } from './parse.ts';
import type { YamlNode, YamlScalar } from './tree.ts';

export type { Refusal, YamlChange, YamlData, YamlPath } from './edit/change.ts';

export type YamlEdits = { readonly edits: readonly TextEdit[] } | { readonly refused: Refusal };

/**
 * The edits that make a change in a document's text. Comments, quotes, order, indentation, line endings and all else
 * stay. The result was read back: it says what the text said before, but for the change.
 */
export function editYaml(text: string, path: YamlPath, change: YamlChange): YamlEdits {
  const document = parseYaml(text);
  const refusals: Refusal[] = [];
  for (const cautious of [false, true]) {
    const proposal = propose(new Editing(document, cautious), document, path, change);
    if (typeof proposal === 'string') refusals.push(proposal);
    else if (touchesTemplate(document, proposal)) refusals.push('from a template');
    else if (readsBack(document, proposal, path, change)) return { edits: proposal };
    else refusals.push('inexact');
  }
  return { refused: refusals[0] ?? 'inexact' };
}

/** The scalar at a path, for a change of what stands in it; or why there must be none. */
export function scalarToEdit({ root }: YamlDocument, path: YamlPath): YamlScalar | Refusal {
  if (!root) return 'no such place';
  const shared = sharedNodes(root);
  const place = placeAt(root, path, shared);
  if (typeof place === 'string') return place;
  const { node, missing } = place;
  if (node.kind !== 'scalar' || missing.length > 0) return 'no such place';
  return shared.has(node) ? 'shared by an alias' : node;
}

function propose(editing: Editing, document: YamlDocument, path: YamlPath, change: YamlChange): Proposal {
  const { root } = document;
  if (!root) return begin(editing, document, path, change);
  const place = placeAt(root, path, editing.shared);
  if (typeof place === 'string') return place;
  const isThere = place.missing.length === 0;
  switch (change.op) {
    case 'set':
      return isThere ? replace(editing, place, change.value) : add(editing, place, change.value, change.after);
    case 'insert':
      return isThere ? insert(editing, place, change.value, change.at) : add(editing, place, [change.value]);
    case 'remove':
      return isThere ? remove(editing, place) : 'no such place';
    case 'move':
      return isThere ? move(editing, place, change.to) : 'no such place';
    case 'rename':
      return isThere ? rename(editing, place, change.to) : 'no such place';
  }
}

/** Writes the first lines of a document that says nothing yet, before the marker that ends it. */
function begin(
  editing: Editing,
  { text, template, problems }: YamlDocument,
  path: YamlPath,
  change: YamlChange,
): Proposal {
  if (template.statements.length > 0) return 'from a template';
  if ((change.op !== 'set' && change.op !== 'insert') || path.length === 0 || problems.length > 0)
    return 'no such place';
  if (path.some(step => typeof step !== 'string')) return 'no such place';
  const value = change.op === 'set' ? change.value : [change.value];
  const data = path.reduceRight<YamlData>((inner, step) => ({ [step]: inner }), value);
  const at = /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length;
  const { eol } = editing.layout;
  const lead = at === 0 || text[at - 1] === '\n' || text.slice(0, at) === '\uFEFF' ? '' : eol;
  return [insertion(at, lead + editing.writer.block(data, 0) + eol)];
}

function touchesTemplate({ template }: YamlDocument, edits: readonly TextEdit[]): boolean {
  return template.statements.some(({ start, end }) => edits.some(({ span }) => span.start < end && start < span.end));
}

/** True if the text after the edits says what it said, but for the change, and is no more broken than before. */
function readsBack(before: YamlDocument, edits: readonly TextEdit[], path: YamlPath, change: YamlChange): boolean {
  const text = applyEdits(before.text, edits);
  const after = parseYaml(text);
  if (after.problems.length > before.problems.length) return false;
  const expected = changedMeaning(meaning(before.text, before.root), path, change);
  return sameMeaning(meaning(text, after.root), expected);
}

function meaning(text: string, root: YamlNode | null) {
  return root && meaningOf(text, root);
}
