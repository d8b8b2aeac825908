/** True if a pattern as glob(7) has it means a path: no wildcard crosses a slash. */
export function matches(pattern: string, path: string): boolean {
  const [patterns, parts] = [pattern.split('/'), path.split('/')];
  return patterns.length === parts.length && patterns.every((each, index) => matchesPart(each, parts[index] ?? ''));
}

/** Of all stars only the last one is ever tried again, so that no pattern takes long. */
function matchesPart(pattern: string, part: string): boolean {
  const tokens = pattern.match(/\[!?[^\]]+\]|[\s\S]/g) ?? [];
  let [token, at] = [0, 0];
  let star: { readonly token: number; at: number } | null = null;
  while (at < part.length) {
    if (tokens[token] === '*') star = { token: token++, at };
    else if (meansCharacter(tokens[token], part[at] ?? '')) {
      token++;
      at++;
    } else if (star) {
      token = star.token + 1;
      at = ++star.at;
    } else return false;
  }
  return tokens.slice(token).every(rest => rest === '*');
}

function meansCharacter(token: string | undefined, character: string): boolean {
  if (token === undefined) return false;
  if (token === '?' || token === character) return true;
  if (token.length < 3) return false;
  const isNegated = token[1] === '!';
  const set = token.slice(isNegated ? 2 : 1, -1);
  const ranges = [...set.matchAll(/([\s\S])-([\s\S])|([\s\S])/g)];
  const isIn = ranges.some(([, from, to, one]) =>
    one !== undefined ? one === character : (from ?? '') <= character && character <= (to ?? ''),
  );
  return isIn !== isNegated;
}
