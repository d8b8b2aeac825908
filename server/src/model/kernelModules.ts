import type { Place } from './value.ts';

/** Which modules of the kernel are loaded early, and with which options. */
export interface KernelModules {
  readonly is: 'kernelModules';
  /** Names, underscores for hyphens: modprobe takes them for the same. */
  readonly loads: readonly { readonly module: string; readonly place: Place }[];
  readonly options: readonly ModuleOption[];
}

export interface ModuleOption {
  readonly module: string;
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** A module's name as the kernel has it. */
export function moduleName(written: string): string {
  return written.replace(/-/g, '_');
}
