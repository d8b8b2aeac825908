import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Snippet {
  readonly name: string;
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

/** The snippets of one file. Throws unless the file has exactly the shape that VS Code reads. */
export function readSnippets(language: string): readonly Snippet[] {
  const file: unknown = JSON.parse(readFileSync(`${root}/snippets/${language}.json`, 'utf8'));
  if (!isRecord(file)) throw new TypeError(`${language}.json is not an object`);
  return Object.entries(file).map(([name, value]) => {
    if (!isRecord(value)) throw new TypeError(`${name} is not an object`);
    const { prefix, description, body, ...rest } = value;
    if (typeof prefix !== 'string' || typeof description !== 'string' || !isStrings(body))
      throw new TypeError(`${name} lacks a prefix, a description or a body`);
    if (Object.keys(rest).length > 0) throw new TypeError(`${name} has unknown members`);
    return { name, prefix, description, body };
  });
}

export function snippet(language: string, prefix: string): Snippet {
  const found = readSnippets(language).find(each => each.prefix === prefix);
  if (!found) throw new RangeError(`no snippet ${prefix}`);
  return found;
}

export interface Place {
  /** White space before the cursor: VS Code repeats it on every further line. */
  readonly indent?: string;
  /** What a tab in the body becomes. */
  readonly tab?: string;
  /** Typed over the defaults, by number of the tab stop. */
  readonly typed?: Readonly<Record<number, string>>;
}

/**
 * The text that a body leaves behind. Throws on what these snippets have no business with, above all a `$name` that
 * was meant for the shell or nginx and would be taken for a variable of the editor.
 */
export function expand(body: readonly string[], { indent = '', tab = '  ', typed = {} }: Place = {}): string {
  const text = body.join('\n');
  let at = 0;

  const fail = (what: string): never => {
    throw new SyntaxError(`${what} at ${at}: ${text.slice(at, at + 20)}`);
  };

  const stop = (): string => {
    const plain = /\$(\d+)|\$\{(\d+)\}/y;
    plain.lastIndex = at;
    const bare = plain.exec(text);
    if (bare) {
      at = plain.lastIndex;
      return typed[Number(bare[1] ?? bare[2])] ?? '';
    }
    const opening = /\$\{(\d+)([:|])/y;
    opening.lastIndex = at;
    const found = opening.exec(text) ?? fail('neither an escaped $ nor a tab stop');
    at = opening.lastIndex;
    const value = found[2] === ':' ? run(true) : choice();
    return typed[Number(found[1])] ?? value;
  };

  const choice = (): string => {
    const end = text.indexOf('|}', at);
    if (end < 0) fail('choice without an end');
    const first = text.slice(at, end).split(',')[0] ?? '';
    at = end + 2;
    return first;
  };

  const run = (nested: boolean): string => {
    let result = '';
    while (at < text.length) {
      const char = text[at];
      if (char === '\\' && /[\\$}]/.test(text[at + 1] ?? '')) {
        result += text[at + 1];
        at += 2;
      } else if (char === '$') {
        result += stop();
      } else if (char === '}' && nested) {
        at++;
        return result;
      } else {
        result += char;
        at++;
      }
    }
    return nested ? fail('placeholder without an end') : result;
  };

  return run(false)
    .replace(/^\t+/gm, tabs => tab.repeat(tabs.length))
    .replace(/\n/g, `\n${indent}`);
}
