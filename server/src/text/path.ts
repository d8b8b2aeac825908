/** The folder of a file's path, without a slash at its end; empty for one at the workspace's root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A file's name, without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A file's path without what template engines put behind its own ending: `nginx.conf.j2` -> `nginx.conf`. */
export function withoutTemplateEnding(path: string): string {
  return path.replace(/\.(?:j2|jinja2?|tmpl|gotmpl|tpl|template|erb|mustache|hbs)$/i, '');
}
