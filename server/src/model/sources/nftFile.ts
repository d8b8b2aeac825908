import { NftText } from '../nftText.ts';
import type { Region } from '../region.ts';

const OTHER_ENDINGS =
  /\.(?:ya?ml|json|md|markdown|rst|adoc|html?|go|py|rb|[cht]|cc|cpp|rs|js|ts|lua|pl|log|patch|diff)$/i;

/** A table or a chain at the beginning of a line. */
const DECLARATION = /^[ \t]*(?:add[ \t]+)?(?:table|chain)[ \t]+[^\n;]*\{/m;

/** True for a text for `nft -f` in which something is left untracked: nothing else of nftables is judged here. */
export function looksLikeNft(file: string, text: string): boolean {
  if (OTHER_ENDINGS.test(file) || (/^#!/.test(text) && !/^#!.*\bnft\b/.test(text))) return false;
  return /\bnotrack\b/.test(text) && /\bhook[ \t]+[a-z]/.test(text) && DECLARATION.test(text);
}

export function nftOfFile(region: Region): NftText {
  return new NftText(region);
}
