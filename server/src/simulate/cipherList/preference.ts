import type { CipherSuite } from '../../facts/tlsCiphers.ts';
import { type BuiltSuite, matches, type Selection } from './vocabulary.ts';

/** What a rule does with the suites that it selects; the signs before an item, none for `add`. */
export type Rule = 'add' | 'move' | 'delete' | 'kill';

/**
 * OpenSSL's list of preference (ssl/ssl_ciph.c): every suite that is built and not killed, each active or not.
 * Each operation returns the suites that it touched, in order.
 */
export class Preference {
  #order: readonly BuiltSuite[];
  readonly #active = new Set<BuiltSuite>();

  constructor(initial: readonly BuiltSuite[]) {
    this.#order = initial;
  }

  /** The cipher list as it stands. */
  get active(): readonly CipherSuite[] {
    return this.#order.filter(built => this.#active.has(built)).map(({ suite }) => suite);
  }

  apply(rule: Rule, selection: Selection): readonly CipherSuite[] {
    const [selected, others] = this.#split(
      built => matches(selection, built) && (rule === 'kill' || this.#active.has(built) === (rule !== 'add')),
    );
    switch (rule) {
      case 'add':
        for (const built of selected) this.#active.add(built);
        this.#order = [...others, ...selected];
        break;
      case 'move':
        this.#order = [...others, ...selected];
        break;
      case 'delete':
        for (const built of selected) this.#active.delete(built);
        // To the front, so that what is added again comes before what was never active.
        this.#order = [...selected, ...others];
        break;
      case 'kill':
        for (const built of selected) this.#active.delete(built);
        this.#order = others;
        break;
    }
    return selected.map(({ suite }) => suite);
  }

  /** `@STRENGTH`: the active suites by their bits, most first, otherwise in the order they have. */
  sortByStrength(): readonly CipherSuite[] {
    const [active, inactive] = this.#split(built => this.#active.has(built));
    active.sort((a, b) => b.suite.strengthBits - a.suite.strengthBits);
    this.#order = [...inactive, ...active];
    return active.map(({ suite }) => suite);
  }

  #split(isSelected: (built: BuiltSuite) => boolean): [selected: BuiltSuite[], others: BuiltSuite[]] {
    const selected: BuiltSuite[] = [];
    const others: BuiltSuite[] = [];
    for (const built of this.#order) (isSelected(built) ? selected : others).push(built);
    return [selected, others];
  }
}
