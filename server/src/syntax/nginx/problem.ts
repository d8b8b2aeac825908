import type { NginxContext } from '../../facts/nginx.ts';
import type { Span } from '../../text/span.ts';
import type { NginxQuote } from './word.ts';

interface At {
  /** What to mark. */
  readonly span: Span;
  /** Offset of the character at which nginx notices; its message names the line of it. */
  readonly noticed: number;
}

/**
 * What keeps nginx from taking the text, and the figures for saying so. Comments quote nginx's own message, of
 * src/core/ngx_conf_file.c unless another file is named.
 */
export type NginxProblem = NginxSyntaxProblem | NginxStructureProblem;

/** What can be told from the characters, and from what is known of block directives. */
export type NginxSyntaxProblem =
  /** `unknown directive "\u{feff}…"` */
  | (At & { readonly code: 'byteOrderMark' })
  /** `unexpected ";"`: nothing stands before it. */
  | (At & { readonly code: 'unexpectedSemicolon' })
  /** `unexpected "{"`: nothing stands before it, or it is in a `map` and the like. */
  | (At & { readonly code: 'unexpectedOpen' })
  /** `unexpected "}"`: there is no block to close. */
  | (At & { readonly code: 'unexpectedClose' })
  /** `unexpected "x"`: a closing quote must be followed by a space, `;`, `{` or `)`. */
  | (At & { readonly code: 'unexpectedCharacter'; readonly character: string })
  /** `unexpected end of file, expecting ";" or "}"`, or worse: the text goes on as part of something quoted. */
  | (At & { readonly code: 'unclosedQuote'; readonly quote: NginxQuote })
  /**
   * The span is the last word; the `;` belongs behind it. nginx says `unexpected "}"`, `unexpected end of file, expecting ";" or
   * "}"`, or complains of the directive in which the following lines end up.
   */
  | (At & { readonly code: 'missingSemicolon'; readonly directive: string })
  /** `directive "x" has no opening "{"`. The span is the last word; the `{` belongs behind it. */
  | (At & { readonly code: 'missingOpen'; readonly directive: string })
  /** `unexpected end of file, expecting "}"`. The span is the name of the directive whose block is not closed. */
  | (At & { readonly code: 'missingClose'; readonly directive: string })
  /**
   * `unexpected end of file, expecting terminating characters for lua code block`, or `Lua code block missing the closing long bracket`
   * (ngx_http_lua_directive.c).
   */
  | (At & { readonly code: 'unbalancedLua'; readonly directive: string })
  /** `too long parameter`: nginx reads at most `limit` bytes as one word or comment. */
  | (At & { readonly code: 'tooLong'; readonly limit: number });

/** What follows from the facts about directives. The span is the name, unless said otherwise. */
export type NginxStructureProblem =
  /** `"x" directive is not allowed here` */
  | (At & {
      readonly code: 'notAllowedHere';
      readonly directive: string;
      readonly context: NginxContext;
      readonly allowed: readonly NginxContext[];
    })
  /** `directive "x" is not terminated by ";"`: it takes no block. */
  | (At & { readonly code: 'noBlock'; readonly directive: string })
  /** `directive "x" has no opening "{"`: it takes a block. */
  | (At & { readonly code: 'blockExpected'; readonly directive: string })
  /** `invalid number of arguments in "x" directive` */
  | (At & {
      readonly code: 'argumentCount';
      readonly directive: string;
      readonly count: number;
      readonly min: number;
      readonly max: number | null;
    })
  /** `invalid number of the map parameters`: an entry of a block takes so many words. */
  | (At & {
      readonly code: 'entryCount';
      readonly context: NginxContext;
      readonly count: number;
      readonly words: number;
    })
  /** `invalid value "x" in "y" directive, it must be "on" or "off"`. The span is the argument. */
  | (At & { readonly code: 'flagValue'; readonly directive: string; readonly value: string })
  /** `"x" directive is duplicate` */
  | (At & { readonly code: 'duplicate'; readonly directive: string; readonly first: Span });
