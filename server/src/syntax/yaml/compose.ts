import { Composer, type Document, Lexer, type ParsedNode, Parser } from 'yaml';

export type Composed = Document.Parsed<ParsedNode>;

/** What no file of people or programs comes near; go-yaml stops at 10,000. */
const MAX_NESTING = 512;

/**
 * The first document of a text, as the `yaml` package composes it: its `parseDocument`, but for the check of nesting
 * while the text is still read by a loop. Null for what is nested too deeply for any function that calls itself.
 */
export function compose(text: string): Composed | null {
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    keepSourceTokens: true,
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const parser = new Parser();
  let first: Composed | null = null;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme))
      for (const document of composer.next(token)) first ??= document as Composed;
    if (parser.stack.length > MAX_NESTING) return null;
  }
  for (const token of parser.end()) for (const document of composer.next(token)) first ??= document as Composed;
  for (const document of composer.end(true, text.length)) first ??= document as Composed;
  return first;
}
