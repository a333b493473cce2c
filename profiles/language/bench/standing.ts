import { splitName } from '../units/names.ts';

/** Between which values a set value stands, in the unit of its name. */
export type Between = readonly [low: number, high: number];

const OUTPUT = ['current', 'voltage', 'power', 'resistance'];

/**
 * Where set values stand while a method is looked at, as far as the file says: a ramp takes as long as its way. What may
 * have been cut short stands somewhere on its way; what nobody knows is forgotten.
 */
export class Standing {
  readonly #between = new Map<string, Between>();
  /** The voltage that the output holds, under its name. */
  #held: { readonly name: string; readonly value: number } | undefined;

  /** Where it stands; undefined: nobody knows. */
  of(name: string): Between | undefined {
    const found = this.#between.get(name);
    if (found !== undefined) return found;
    // Nothing is nothing in every unit.
    const off = this.#between.get('current');
    return splitName(name)?.stem === 'current' ? off : undefined;
  }

  /** Set to a value, or somewhere between two; the same in another unit is forgotten. */
  set(name: string, between: Between): void {
    const stem = splitName(name)?.stem ?? name;
    if (OUTPUT.includes(stem)) this.forgetOutput();
    for (const other of this.#between.keys())
      if (splitName(other)?.stem === stem) this.#between.delete(other);
    if (between.every(Number.isFinite)) this.#between.set(name, between);
  }

  /** The output holds this voltage. */
  hold(name: string, value: number): void {
    this.forgetOutput();
    if (Number.isFinite(value)) this.#held = { name, value };
  }

  /** The one voltage or current that the output holds, under its name; undefined: nobody knows. */
  held(): { readonly of: 'voltage' | 'current'; readonly name: string; readonly value: number } | undefined {
    if (this.#held !== undefined) return { of: 'voltage', ...this.#held };
    for (const [name, [low, high]] of this.#between) {
      const of = splitName(name)?.stem;
      if ((of === 'current' || of === 'voltage') && low === high) return { of, name, value: low };
    }
    return undefined;
  }

  /** The output is off. */
  off(): void {
    this.forgetOutput();
    this.#between.set('current', [0, 0]);
  }

  /** Another mode or nobody knows which current flows. */
  forgetOutput(): void {
    this.#held = undefined;
    for (const name of this.#between.keys()) {
      if (name === 'current' || OUTPUT.includes(splitName(name)?.stem ?? '')) this.#between.delete(name);
    }
  }

  /** What comes may begin anywhere: a loop, steps that may have been left. */
  forget(): void {
    this.#between.clear();
    this.#held = undefined;
  }
}
