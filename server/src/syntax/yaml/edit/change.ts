import type { TextEdit } from '../../../text/edits.ts';

/** A value as JSON has it. */
export type YamlData = null | boolean | number | string | readonly YamlData[] | { readonly [key: string]: YamlData };

/** Keys and indices from the root of a document. */
export type YamlPath = readonly (string | number)[];

/**
 * What happens at a path. `set` replaces the value, or adds the entry: behind its sibling `after`, else behind the last.
 * `insert` puts a value into the list at the path, before its item `at`, else at the end. `remove` takes an entry or an
 * item out. `move` puts an item before the one that is now at `to`, counted without it.
 * `rename` gives an entry another key.
 */
export type YamlChange =
  | { readonly op: 'set'; readonly value: YamlData; readonly after?: string }
  | { readonly op: 'insert'; readonly value: YamlData; readonly at?: number }
  | { readonly op: 'remove' }
  | { readonly op: 'move'; readonly to: number }
  | { readonly op: 'rename'; readonly to: string };

/** Why a change is not offered. `inexact`: the text cannot carry it without changing something else. */
export type Refusal = 'no such place' | 'shared by an alias' | 'from a template' | 'inexact';

/** Edits in a document's text, or why there are none. */
export type Proposal = readonly TextEdit[] | Refusal;
