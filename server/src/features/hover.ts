import { isHeeded } from '../model/tlsPolicy.ts';
import type { Value } from '../model/value.ts';
import { RULES } from '../rules/index.ts';
import type { Position, Range } from '../text/lines.ts';
import { type Span, touches } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { controllerHover } from './controllerHover.ts';
import { cveHover } from './cveHover.ts';
import { iptablesCallHover } from './iptablesCallHover.ts';
import { iptablesHover } from './iptablesHover.ts';
import { kubeProxyHover } from './kubeProxyHover.ts';
import { nginxAt } from './nginxAt.ts';
import { nginxHover } from './nginxHover.ts';
import { packetPathHover } from './packetPathHover.ts';
import { HEADINGS, type Heading, section } from './page.ts';
import { podResolverHover } from './podResolverHover.ts';
import { probeHover } from './probeHover.ts';
import { shellHover } from './shellHover.ts';
import { sysctlHover } from './sysctlHover.ts';
import { tlsErrorHover } from './tlsErrorText.ts';
import { tlsHover } from './tlsHover.ts';

/** What to show at a position: Markdown, and the range that it is about. */
export interface Hover {
  readonly markdown: string;
  readonly range: Range;
}

/** The parts of a rule's page that belong beside the text: the rest is a click away. */
const IN_HOVER: readonly Heading[] = ['hurts', 'applying', 'checking'];

/** Who knows something of a place; the first that does is heard. */
const SHOWERS: readonly ((piece: PieceAt, workspace: Workspace) => Shown | null)[] = [
  tls,
  nginx,
  probe,
  podResolver,
  controllerHover,
  kubeProxyHover,
  command,
  rules,
  cveHover,
  sysctlHover,
];

/** The simulation behind the value at a position, or what is known of the word there, and what its findings mean; null where there is nothing to say. */
export function hover(workspace: Workspace, file: string, position: Position, around = workspace): Hover | null {
  const piece = workspace.pieceAt(file, position);
  if (!piece) return null;
  const findings = workspace.findings(file).filter(({ range }) => isWithin(range, position));
  const shown = tlsErrorHover(piece, workspace, around) ?? firstOf(SHOWERS, piece, workspace);
  const markdown = [
    ...(shown ? [shown.markdown] : []),
    ...new Set(findings.map(({ rule }) => pageExcerpt(rule, workspace.language)).filter(text => text !== '')),
  ].join('\n\n---\n\n');
  const range = findings[0]?.range ?? (shown && piece.rangeOf(shown.span));
  return markdown !== '' && range ? { markdown, range } : null;
}

function firstOf(showers: typeof SHOWERS, piece: PieceAt, workspace: Workspace): Shown | null {
  for (const show of showers) {
    const shown = show(piece, workspace);
    if (shown) return shown;
  }
  return null;
}

/** What a word of a rule says, and which way the connections go that the rule is about. */
function rules(piece: PieceAt, workspace: Workspace): Shown | null {
  const word = iptablesHover(piece, workspace);
  const path = packetPathHover(piece, workspace);
  if (!word || !path) return word ?? path;
  return { markdown: `${word.markdown}\n\n${path.markdown}`, span: word.span };
}

/** What a command of a script becomes, and what it does if it is one of iptables. */
function command(piece: PieceAt, workspace: Workspace): Shown | null {
  const parts = [shellHover, iptablesCallHover, packetPathHover].flatMap(show => show(piece, workspace) ?? []);
  const [first] = parts;
  return first ? { markdown: parts.map(({ markdown }) => markdown).join('\n\n'), span: first.span } : null;
}

/** Of servers that share a list, the one of which most is known. */
function tls({ file, entities, offset }: PieceAt, { language, linked: cluster }: Workspace): Shown | null {
  const shown = entities.flatMap(entity =>
    entity.is === 'tlsPolicy' && isHeeded(entity, cluster)
      ? (tlsHover(entity, offset, { cluster, file }, language) ?? [])
      : [],
  );
  return shown.sort((a, b) => b.markdown.length - a.markdown.length)[0] ?? null;
}

function nginx({ entities, offset }: PieceAt, { language }: Workspace): Shown | null {
  const at = nginxAt(entities, offset);
  const shown = at && nginxHover(at, language);
  return shown && { markdown: shown.markdown, span: at.text.placeOf(shown.span).value };
}

function podResolver({ entities, offset }: PieceAt, { settings, language }: Workspace): Shown | null {
  for (const entity of entities) {
    if (entity.is !== 'podSpec') continue;
    const span = spanAt(offset, [entity.hostNetwork, entity.dnsPolicy]);
    const markdown = span && podResolverHover(entity, settings, language);
    if (markdown) return { markdown, span };
  }
  return null;
}

function probe({ entities, offset }: PieceAt, { language }: Workspace): Shown | null {
  for (const entity of entities) {
    if (entity.is !== 'probe') continue;
    const { place } = entity;
    if (!place || offset < place.entry.start || place.entry.end < offset) continue;
    const markdown = probeHover(entity, language);
    if (markdown !== null) return { markdown, span: (entity.key ?? place).entry };
  }
  return null;
}

function spanAt(offset: number, values: readonly Value<unknown>[]): Span | null {
  for (const { place } of values) {
    if (place && touches(place.entry, offset)) return place.entry;
  }
  return null;
}

/** The rule's own words on why it hurts and what to do, with the headings of its page. */
function pageExcerpt(id: string, language: Language): string {
  const page = RULES.find(rule => rule.id === id)?.page[language] ?? '';
  return IN_HOVER.map(heading => ({ title: HEADINGS[heading][language], text: section(page, heading, language) }))
    .filter(({ text }) => text !== '')
    .map(({ title, text }) => `**${title}**\n\n${text}`)
    .join('\n\n');
}

function isWithin({ start, end }: Range, { line, character }: Position): boolean {
  const after = line > start.line || (line === start.line && character >= start.character);
  const before = line < end.line || (line === end.line && character <= end.character);
  return after && before;
}
