/** ngx_parse_size, src/core/ngx_parse.c: bytes; null for what it refuses. */
export function parseSize(word: string): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,12})([kKmM]?)$/.exec(word) ?? [];
  if (digits === '') return null;
  return Number(digits) * ({ k: 1024, m: 1024 ** 2 }[unit.toLowerCase()] ?? 1);
}

/** Bytes as nginx reads them: in `m`, `k` or without a unit. */
export function formatSize(bytes: number): string {
  if (bytes > 0 && bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2}m`;
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024}k` : String(bytes);
}
