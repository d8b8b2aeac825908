import { folderOf } from '../text/path.ts';

/** Those in the file itself, else in the innermost folder around it that has any. */
export function nearest<Each extends { readonly file: string }>(file: string, said: readonly Each[]): readonly Each[] {
  const own = said.filter(each => each.file === file);
  if (own.length > 0) return own;
  for (let folder = file; folder !== ''; ) {
    folder = folderOf(folder);
    const inside = said.filter(each => folder === '' || each.file.startsWith(`${folder}/`));
    if (inside.length > 0) return inside;
  }
  return [];
}
