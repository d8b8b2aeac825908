// Reads data out of a 64-bit little-endian ELF file: enough to walk tables of structures that hold pointers.
import { readFileSync } from 'node:fs';

interface Section {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** Section types of the ELF specification. */
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHT_DYNSYM = 11;

export class Elf {
  private readonly bytes: Buffer;
  private readonly sections: readonly Section[];
  /** Where the loader writes an address: its value, or the symbol that it takes the value from. */
  private readonly relocated = new Map<number, number | string>();
  private readonly symbols = new Map<string, number>();
  private readonly names = new Map<number, string>();

  constructor(file: string) {
    this.bytes = readFileSync(file);
    if (this.bytes.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${file} is no ELF file`);
    this.sections = this.readSections();
    const symbols = this.readSymbols();
    for (const section of this.sections.filter(({ type }) => type === SHT_RELA)) this.readRelocations(section, symbols);
  }

  /** Address of an exported symbol that the file defines. */
  addressOf(symbol: string): number | undefined {
    return this.symbols.get(symbol);
  }

  /** Name of the exported symbol at an address. */
  nameOf(address: number): string | undefined {
    return this.names.get(address);
  }

  /** The pointer at an address: an address in this file, the name of a symbol of another file, or 0. */
  pointer(address: number): number | string {
    return this.relocated.get(address) ?? this.number(address);
  }

  number(address: number): number {
    const offset = this.offsetOf(address);
    return offset === undefined ? 0 : Number(this.bytes.readBigUInt64LE(offset));
  }

  /** A string of so many bytes, or up to its NUL. */
  string(address: number, length?: number): string {
    const offset = this.offsetOf(address) ?? 0;
    const end = length === undefined ? this.bytes.indexOf(0, offset) : offset + length;
    return this.bytes.toString('utf8', offset, end);
  }

  /** True if the file has bytes for the address. */
  holds(address: number): boolean {
    return this.offsetOf(address) !== undefined;
  }

  private offsetOf(address: number): number | undefined {
    const home = this.sections.find(
      ({ type, address: start, size }) =>
        type !== SHT_NOBITS && start > 0 && start <= address && address < start + size,
    );
    return home && home.offset + address - home.address;
  }

  private readSections(): Section[] {
    const table = Number(this.bytes.readBigUInt64LE(0x28));
    const entrySize = this.bytes.readUInt16LE(0x3a);
    const count = this.bytes.readUInt16LE(0x3c);
    const raw = Array.from({ length: count }, (_, i) => {
      const at = table + i * entrySize;
      const long = (field: number) => Number(this.bytes.readBigUInt64LE(at + field));
      return {
        nameOffset: this.bytes.readUInt32LE(at),
        type: this.bytes.readUInt32LE(at + 4),
        address: long(0x10),
        offset: long(0x18),
        size: long(0x20),
        link: this.bytes.readUInt32LE(at + 0x28),
      };
    });
    const names = raw[this.bytes.readUInt16LE(0x3e)];
    return raw.map(section => ({ ...section, name: this.text((names?.offset ?? 0) + section.nameOffset) }));
  }

  private readSymbols(): string[] {
    const table = this.sections.find(({ type }) => type === SHT_DYNSYM);
    const strings = table && this.sections[table.link];
    if (!table || !strings) return [];
    return Array.from({ length: table.size / 24 }, (_, i) => {
      const at = table.offset + i * 24;
      const name = this.text(strings.offset + this.bytes.readUInt32LE(at));
      const address = Number(this.bytes.readBigUInt64LE(at + 8));
      if (address > 0 && this.bytes.readUInt16LE(at + 6) !== 0) {
        this.symbols.set(name, address);
        this.names.set(address, name);
      }
      return name;
    });
  }

  private readRelocations({ offset, size }: Section, symbols: readonly string[]): void {
    for (let at = offset; at < offset + size; at += 24) {
      const address = Number(this.bytes.readBigUInt64LE(at));
      const symbol = symbols[this.bytes.readUInt32LE(at + 12)] ?? '';
      const addend = Number(this.bytes.readBigInt64LE(at + 16));
      const own = this.symbols.get(symbol);
      this.relocated.set(address, symbol === '' ? addend : own === undefined ? symbol : own + addend);
    }
  }

  private text(offset: number): string {
    return this.bytes.toString('utf8', offset, this.bytes.indexOf(0, offset));
  }
}
