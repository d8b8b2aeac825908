/** How many letters have to be put in, taken out, replaced or swapped with their neighbour. */
export function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1] ?? [];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (rows[i - 2]?.[j - 2] ?? Infinity) + 1 : Infinity;
      row.push(
        Math.min(
          (above[j] ?? Infinity) + 1,
          (row[j - 1] ?? Infinity) + 1,
          (above[j - 1] ?? Infinity) + (isSame ? 0 : 1),
          swapped,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Infinity;
}

/**
 * The name that was meant by a misspelt one: it differs in case, hyphens and underscores alone, or it is the only one so close, one
 * letter in five at most. Null if that is not plain.
 */
export function nameMeant(word: string, names: readonly string[]): string | null {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const same = names.filter(name => plain(name) === plain(word));
  if (same[0] !== undefined) return same.length === 1 ? same[0] : null;
  const allowed = Math.min(3, Math.floor(word.length / 5) || (word.length >= 4 ? 1 : 0));
  const close = names
    .map(name => ({ name, letters: distance(plain(name), plain(word)) }))
    .filter(({ letters }) => letters <= allowed)
    .sort((a, b) => a.letters - b.letters);
  const [first, second] = close;
  return first && first.letters !== second?.letters ? first.name : null;
}
