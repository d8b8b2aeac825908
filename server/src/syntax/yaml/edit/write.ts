import { chooseStyle, encodeScalar } from '../scalarEncode.ts';
import type { ScalarSite } from '../scalarSite.ts';
import type { YamlScalar } from '../tree.ts';
import type { YamlData } from './change.ts';
import type { FlowStyle } from './flowStyle.ts';
import type { Layout } from './layout.ts';

/** Writes new values as the author of a document would. Columns count UTF-16 units. */
export class Writer {
  private readonly layout: Layout;
  /** True to quote every string: what no reader can misunderstand. */
  private readonly cautious: boolean;

  constructor(layout: Layout, cautious: boolean) {
    this.layout = layout;
    this.cautious = cautious;
  }

  /** A collection's lines, the first one without its indentation. */
  block(value: YamlData, column: number): string {
    const lines = Array.isArray(value)
      ? value.map(item => this.item(item as YamlData, column))
      : Object.entries(value as object).map(([key, inner]) => this.entry(key, inner as YamlData, column));
    return lines.join(this.layout.eol + ' '.repeat(column));
  }

  /** `key: value`, its first line without indentation. */
  entry(key: string, value: YamlData, column: number): string {
    const written = this.string(key, { parentIndent: column, key: true });
    if (isInline(value)) return `${written}: ${this.scalar(value, { parentIndent: column })}`;
    const inner = this.columnBelow(value, column);
    return `${written}:${this.layout.eol}${' '.repeat(inner)}${this.block(value, inner)}`;
  }

  /** A key in the place of another one. */
  key(name: string, { parentIndent, flow }: Pick<YamlScalar, 'parentIndent' | 'flow'>): string {
    return this.string(name, { parentIndent, flow, key: true });
  }

  /** `- value`, its first line without indentation. */
  item(value: YamlData, column: number): string {
    return `- ${isInline(value) ? this.scalar(value, { parentIndent: column }) : this.block(value, column + 2)}`;
  }

  /** The column of a collection below a key at `column`; -1 is above the root. */
  columnBelow(value: YamlData, column: number): number {
    return column < 0 ? 0 : column + (Array.isArray(value) ? this.layout.listStep : this.layout.mapStep);
  }

  scalar(value: YamlData, site: ScalarSite): string {
    return typeof value === 'string' ? this.string(value, site) : JSON.stringify(value);
  }

  flow(value: YamlData, style: FlowStyle, parentIndent: number): string {
    if (Array.isArray(value)) {
      const items = value.map(item => this.flow(item as YamlData, style, parentIndent));
      return `[${items.join(`,${style.afterComma}`)}]`;
    }
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([key, inner]) =>
        this.flowEntry(key, inner as YamlData, style, parentIndent),
      );
      return `{${entries.join(`,${style.afterComma}`)}}`;
    }
    return style.json ? JSON.stringify(value) : this.scalar(value, { parentIndent, flow: true });
  }

  flowEntry(key: string, value: YamlData, style: FlowStyle, parentIndent: number): string {
    const written = style.json ? JSON.stringify(key) : this.string(key, { parentIndent, flow: true, key: true });
    return `${written}:${style.afterColon}${this.flow(value, style, parentIndent)}`;
  }

  /** Without a block scalar's last line break: that of the line serves. */
  private string(value: string, around: ScalarSite): string {
    const site = { eol: this.layout.eol, ...around };
    const { quote, mapStep } = this.layout;
    const preference = { quote, indentStep: mapStep };
    const style = this.cautious ? 'double' : chooseStyle(value, site, preference);
    const written = encodeScalar(value, style, site, preference) ?? JSON.stringify(value);
    return style === 'literal' ? written.replace(/\r?\n$/, '') : written;
  }
}

/** True for what stands on the line of its key in block style: scalars, and collections of nothing. */
export function isInline(value: YamlData): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}
