import { decodeBlock } from './blockScalar.ts';
import { decodeDoubleQuoted, decodePlain, decodeSingleQuoted } from './flowScalar.ts';
import type { ScalarSite, ScalarStyle } from './scalarSite.ts';
import type { DecodedScalar } from './scalarText.ts';

/**
 * The text of a scalar, and the map from it to `source`. `source` is the scalar alone, `range[0]` to `range[1]` of its
 * node: with its quotes, or from its `|` or `>` to the end of its block; without anchor and tag. Never throws: broken
 * sources (a missing quote, an unknown escape) give what `yaml` makes of them.
 */
export function decodeScalar(
  source: string,
  style: ScalarStyle,
  { parentIndent }: Pick<ScalarSite, 'parentIndent'>,
): DecodedScalar {
  switch (style) {
    case 'plain':
      return decodePlain(source);
    case 'single':
      return decodeSingleQuoted(source);
    case 'double':
      return decodeDoubleQuoted(source);
    case 'literal':
    case 'folded':
      return decodeBlock(source, parentIndent);
  }
}
