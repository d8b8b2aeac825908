import type { AnnotationFacts } from '../facts/ingressNginxAnnotations.ts';
import type { KeyFacts } from '../facts/ingressNginxKeys.ts';
import { parseGoDuration } from '../text/goDuration.ts';
import { parseGoBoolean, parseGoInt } from '../text/goLiteral.ts';
import { isNetwork, looksLikeNetwork } from '../text/network.ts';
import { boolMeant, choiceMeant, intMeant, sizeMeant, withoutEmptyItems, wordMeant } from './valueMeant.ts';

/** What a value had to be. `characters`: it holds one that the controller's pattern leaves out. */
export type Wanted =
  | 'bool'
  | 'int'
  | 'float'
  | 'choice'
  | 'words'
  | 'range'
  | 'size'
  | 'buffers'
  | 'duration'
  | 'networks'
  | 'items'
  | 'prefix'
  | 'url'
  | 'characters';

/** Why a value is not taken. */
export interface Refusal {
  readonly wanted: Wanted;
  /** The part that is wrong: an item, a word, a character; the whole value where no part stands out. */
  readonly part: string;
  /** The value that was plainly meant; null if that is not plain. */
  readonly meant: string | null;
}

const GO_INT = /^[+-]?\d+$/;
const GO_FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What the controller reads a key of its ConfigMap as, if that is a switch; null where it keeps its default (mapstructure 1.5.0). */
export function controllerBoolean(value: string): boolean | null {
  return value === '' ? false : parseGoBoolean(value);
}

/** Keys whose numbers the controller reads itself, in decimal. */
const DECIMAL_KEYS: ReadonlySet<string> = new Set([
  'custom-http-errors',
  'http-redirect-code',
  'proxy-stream-responses',
]);

/** Keys that nginx only gets to see when another one is on. */
const WRITTEN_WITH: ReadonlyMap<string, string> = new Map([
  ['gzip-level', 'use-gzip'],
  ['brotli-level', 'enable-brotli'],
]);

/** The key that must be on for this one to be written at all; null for most. */
export function writtenOnlyWith(key: string): string | null {
  return WRITTEN_WITH.get(key) ?? null;
}

/**
 * What keeps the controller, or nginx, from doing what a value of its ConfigMap says; null if nothing does, or nobody knows:
 * internal/ingress/controller/template/configmap.go with mapstructure 1.5.0, and rootfs/etc/nginx/template/nginx.tmpl (1.15.1).
 */
export function refusalOfKey(facts: KeyFacts, value: string): Refusal | null {
  if (facts.onInvalid === null || value === '') return null;
  const whole = (wanted: Wanted, meant: string | null = null): Refusal => ({ wanted, part: value, meant });
  switch (facts.type) {
    case 'bool':
      return parseGoBoolean(value) === null ? whole('bool', boolMeant(value)) : null;
    case 'float':
      return GO_FLOAT.test(value) ? null : whole('float');
    case 'duration':
      return parseGoDuration(value) === null ? whole('duration', /^\d+$/.test(value) ? `${value}s` : null) : null;
    case 'int':
      return refusalOfInt(facts, value);
    case 'int-list':
      return refusalOfItems(facts, value, item => GO_INT.test(item) && isInRange(facts, Number(item)));
    case 'ip-list':
      return refusalOfItems(facts, value, item => isNetwork(item) && !item.includes('/'));
    case 'cidr-list':
      return refusalOfNetworks(facts, value);
    case 'list':
    case 'map':
      return refusalOfItems(facts, value, item => facts.pattern === null || facts.pattern.test(item));
    case 'url':
      return /^[a-z][\w+.-]*:\/\/[^/]/i.test(value) ? null : whole('url');
    default:
      return refusalOfText(facts, value);
  }
}

function refusalOfInt(facts: KeyFacts, value: string): Refusal | null {
  const number = DECIMAL_KEYS.has(facts.name) ? parseGoDecimal(value) : parseGoInt(value);
  if (number === null) return { wanted: 'int', part: value, meant: intMeant(facts.name, value) };
  if (facts.values.length > 0 && !facts.values.includes(value)) return { wanted: 'choice', part: value, meant: null };
  return isInRange(facts, Number(number)) ? null : { wanted: 'range', part: value, meant: null };
}

/** strconv.Atoi. */
function parseGoDecimal(text: string): number | null {
  return GO_INT.test(text) ? Number(text) : null;
}

function isInRange({ range }: KeyFacts, number: number): boolean {
  return range === null || (number >= range[0] && number <= range[1]);
}

function refusalOfText(facts: KeyFacts, value: string): Refusal | null {
  const { values, words, pattern, anyCase, name } = facts;
  if (values.length > 0) {
    const isOne = values.some(each => each === value || (anyCase && each.toLowerCase() === value.toLowerCase()));
    return isOne ? null : { wanted: 'choice', part: value, meant: choiceMeant(values, value) };
  }
  if (words.length > 0) {
    const wrong = value.split(/\s+/).find(word => word !== '' && !words.includes(word));
    return wrong === undefined ? null : { wanted: 'words', part: wrong, meant: wordMeant(words, value, wrong) };
  }
  if (name === 'worker-processes') {
    return value === 'auto' || GO_INT.test(value) ? null : { wanted: 'int', part: value, meant: null };
  }
  if (pattern === null || pattern.test(value)) return null;
  // What has a variable in it is a template's that nobody here knows.
  if (/[%<>{}$]/.test(value)) return null;
  if (name === 'large-client-header-buffers') return { wanted: 'buffers', part: value, meant: null };
  if (name === 'hsts-max-age') return { wanted: 'int', part: value, meant: intMeant(name, value) };
  return isTime(facts)
    ? { wanted: 'duration', part: value, meant: null }
    : { wanted: 'size', part: value, meant: sizeMeant(value, pattern) };
}

function isTime({ name }: KeyFacts): boolean {
  return /timeout$|-time$/.test(name);
}

function refusalOfItems(facts: KeyFacts, value: string, isRight: (item: string) => boolean): Refusal | null {
  const wrong = value
    .split(',')
    .map(item => item.trim())
    .find(item => item !== '' && !isRight(item));
  return wrong === undefined ? null : { wanted: facts.range ? 'range' : 'items', part: wrong, meant: null };
}

/** nginx takes names of hosts, `all` and sockets as well: only what can be none of these is wrong. */
function refusalOfNetworks({ onInvalid }: KeyFacts, value: string): Refusal | null {
  const wrong = value
    .split(',')
    .map(item => item.trim())
    .find(item => item !== '' && !isNetwork(item) && (onInvalid === 'dropped' || !isWordOfNginx(item)));
  return wrong === undefined ? null : { wanted: 'networks', part: wrong, meant: null };
}

function isWordOfNginx(item: string): boolean {
  return !looksLikeNetwork(item) && /^[\w.:/-]+$/.test(item);
}

/**
 * What keeps the controller from taking an annotation: internal/ingress/annotations/parser/validators.go (1.15.1). `validated`: annotation
 * validation is on; without it booleans, numbers and networks alone are looked at.
 */
export function refusalOfAnnotation(facts: AnnotationFacts, value: string, validated: boolean): Refusal | null {
  if (value === '') return null;
  switch (facts.check) {
    case 'bool':
      return parseGoBoolean(value) === null ? { wanted: 'bool', part: value, meant: boolMeant(value) } : null;
    case 'int':
      return GO_INT.test(value) ? null : { wanted: 'int', part: value, meant: intMeant(facts.name, value) };
    case 'cidr-list':
      return refusalOfAllowList(value);
    case 'enum': {
      const trimmed = value.trim();
      const isOne = facts.values.includes(facts.anyCase ? trimmed.toLowerCase() : trimmed);
      return isOne || !validated ? null : { wanted: 'choice', part: value, meant: choiceMeant(facts.values, value) };
    }
    case 'prefix+regex':
      return !validated || value.startsWith(facts.prefix ?? '') ? null : { wanted: 'prefix', part: value, meant: null };
    case 'regex':
      return validated ? refusalByPattern(facts, value) : null;
    case 'none':
      return null;
  }
}

function refusalOfAllowList(value: string): Refusal | null {
  const items = value.split(',').map(item => item.trim());
  const wrong = items.find(item => !isNetwork(item));
  if (wrong === undefined) return null;
  const rest = items.filter(item => item !== '');
  const meant = wrong === '' && rest.length > 0 && rest.every(isNetwork) ? withoutEmptyItems(value) : null;
  return { wanted: 'networks', part: wrong, meant };
}

function refusalByPattern(facts: AnnotationFacts, value: string): Refusal | null {
  const { pattern, stripsBlanks, perItem, maxLength } = facts;
  const text = stripsBlanks ? value.replaceAll(' ', '') : value;
  const items = perItem ? text.split(',').map(item => item.trim()) : [text];
  const wrong = items.find(item => (pattern !== null && !pattern.test(item)) || item.length > (maxLength ?? Infinity));
  if (wrong === undefined) return null;
  if (facts.directive !== null && /size$/.test(facts.name)) {
    return { wanted: 'size', part: value, meant: sizeMeant(value, pattern) };
  }
  const choices = CHOICES.get(facts.name);
  if (choices) return { wanted: 'choice', part: value, meant: choiceMeant(choices, value) };
  return { wanted: 'characters', part: offending(pattern, wrong), meant: null };
}

/** Annotations whose pattern is nothing but a list of words. */
const CHOICES: ReadonlyMap<string, readonly string[]> = new Map([
  ['auth-method', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE']],
  ['auth-secret-type', ['auth-file', 'auth-map']],
  ['auth-tls-verify-client', ['on', 'off', 'optional', 'optional_no_ca']],
  ['auth-type', ['basic', 'digest']],
  ['connection-proxy-header', ['close', 'keep-alive']],
  ['mirror-request-body', ['on', 'off']],
  ['proxy-ssl-server-name', ['on', 'off']],
  ['proxy-ssl-verify', ['on', 'off']],
]);

/** What an annotation may be, where there is a list; empty elsewhere. */
export function choicesOf(facts: AnnotationFacts): readonly string[] {
  return facts.values.length > 0 ? facts.values : (CHOICES.get(facts.name) ?? []);
}

/** The first character without which the pattern would go further; the whole text where that does not tell. */
function offending(pattern: RegExp | null, text: string): string {
  const found = [...text].find(
    character => pattern !== null && !/[A-Za-z0-9/]/.test(character) && !pattern.test(character),
  );
  return found ?? text;
}
