/**
 * What a URI names, whichever way its client escapes it: `file:///c%3A/a%20b` and `file:///C:/a b` have one address, without
 * a slash at its end. A `#` or `?` is part of the name, as document URIs have neither fragment nor query.
 */
export function addressOf(uri: string): string {
  return unescaped(uri)
    .replace(/^(file:\/\/\/)([A-Z])(?=:)/, (_, before: string, drive: string) => before + drive.toLowerCase())
    .replace(/^([A-Za-z][\w+.-]*:\/{0,3})?(.*?)\/*$/s, '$1$2');
}

/** The beginning that the addresses of all files below a folder have. */
export function below(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}

/** The URI of a file, by its path with `/` below a folder. */
export function uriBelow(folder: string, file: string): string {
  return below(folder) + file.split('/').map(encodeURIComponent).join('/');
}

/** The path that an address has in a workspace of its own. */
export function pathOfAddress(address: string): string {
  return address.replace(/^[A-Za-z][\w+.-]*:(?:\/\/[^/]*)?\/*/, '');
}

/** A URI that `fileURLToPath` reads as the client means it: stray `%`, `#` and `?` are characters of a name. */
export function strictFileUri(uri: string): string {
  return uri
    .replace(/%(?![\da-f]{2})/gi, '%25')
    .replaceAll('#', '%23')
    .replaceAll('?', '%3F');
}

/** Percent signs that encode nothing stay as they are. */
function unescaped(uri: string): string {
  return uri.replace(/(?:%[\da-f]{2})+/gi, escapes => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
