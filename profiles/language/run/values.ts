import type { ResolvedExpression } from '../bench/on-bench.ts';
import type { Reference } from '../bench/reference.ts';
import type { SlotPlace } from '../evaluate/code.ts';
import type { Tree } from '../expression/tree.ts';
import { partsOf } from '../expression/tree.ts';
import { splitName } from '../units/names.ts';
import { type Conversion, conversion, sameDimension } from '../units/unit.ts';
import type { LanguageEnv } from './env.ts';

interface Entry {
  readonly slot: Reference;
  readonly place: SlotPlace;
}

/** A place of an own name, and how its value is turned into the unit asked for. */
export interface OwnPlace {
  readonly at: number;
  readonly to: Conversion;
}

const ARRAY_OPS: readonly string[] = ['lowest', 'highest', 'mean', 'spread'];

/**
 * One place for each thing that the expressions of a method name, in one row of numbers: roles, own names, figures,
 * columns, counts. `raw` holds the newest readings; `fresh` only those that arrived after a given time, NaN for the rest.
 * Filled at each look; no allocation after it is made.
 */
export class ValueTable {
  readonly raw: Float64Array;
  readonly fresh: Float64Array;
  readonly #entries = new Map<string, Entry>();
  readonly #roles: { readonly role: string; readonly place: SlotPlace; readonly to: Conversion }[] = [];

  /** `expressions`: all of the method. @throws RangeError of a list where one number belongs */
  constructor(expressions: Iterable<ResolvedExpression>, env: LanguageEnv) {
    let size = 0;
    for (const { tree, slots, text } of expressions) {
      if (tree.op === 'list') continue;
      const arrays = arraysOf(tree);
      slots.forEach((slot, i) => {
        const key = JSON.stringify(slot);
        if (slot.from !== 'role' && arrays.has(i))
          throw new RangeError(`"${text}": a list has no single value`);
        if (this.#entries.has(key)) return;
        const count = slot.from === 'role' && slot.isArray ? Math.max(1, env.count(slot.role)) : 1;
        const place = { first: size, count };
        this.#entries.set(key, { slot, place });
        if (slot.from === 'role') this.#roles.push({ role: slot.role, place, to: slot.to });
        size += count;
      });
    }
    this.raw = new Float64Array(size).fill(Number.NaN);
    this.fresh = new Float64Array(size).fill(Number.NaN);
    for (const { slot, place } of this.#entries.values())
      if (slot.from === 'figure of the bench') this.#put(place.first, slot.value);
  }

  /** Where the value of a slot stands. */
  placeOf(slot: Reference): SlotPlace {
    const found = this.#entries.get(JSON.stringify(slot));
    if (found === undefined) throw new RangeError(`${JSON.stringify(slot)} belongs to another method`);
    return found.place;
  }

  /** Takes the newest readings; those that arrived at `since_s` or before are not fresh. */
  refresh(env: LanguageEnv, since_s: number): void {
    const { raw, fresh } = this;
    for (const { role, place, to } of this.#roles) {
      const { first, count } = place;
      if (count === 1) raw[first] = env.value(role);
      else env.fill(role, raw, first);
      const isFresh = env.arrived_s(role) > since_s;
      for (let i = first; i < first + count; i++) {
        raw[i] = (raw[i] * to.num) / to.den + to.plus;
        fresh[i] = isFresh ? raw[i] : Number.NaN;
      }
    }
  }

  /** Where an own name stands, in every unit in which it is asked for. */
  placesOf(name: string): readonly OwnPlace[] {
    return [...this.#entries.values()].flatMap(({ slot, place }) =>
      slot.from === 'own name' && slot.name === name ? [{ at: place.first, to: slot.to }] : [],
    );
  }

  /** Writes a value there; one that is not fresh counts for limits and values only. */
  write(places: readonly OwnPlace[], value: number, isFresh: boolean): void {
    for (let i = 0; i < places.length; i++) {
      const { at, to } = places[i];
      this.raw[at] = (value * to.num) / to.den + to.plus;
      this.fresh[at] = isFresh ? this.raw[at] : Number.NaN;
    }
  }

  /** What stands there is of before. */
  forget(places: readonly OwnPlace[]): void {
    for (const { at } of places) this.fresh[at] = Number.NaN;
  }

  /** Gives an own name its value, in the unit of the name. */
  assign(name: string, value: number): void {
    for (const { slot, place } of this.#entries.values())
      if (slot.from === 'own name' && slot.name === name)
        this.#put(place.first, (value * slot.to.num) / slot.to.den + slot.to.plus);
  }

  /** Gives what is asked of a step after its end its value, in the unit of the name; whoever asks may ask in another one. */
  figure(id: string, name: string, value: number): void {
    for (const { slot, place } of this.#entries.values()) {
      if (slot.from !== 'step' || slot.id !== id) continue;
      const to = slot.name === name ? SAME : inUnitOf(slot.name, name);
      if (to !== undefined) this.#put(place.first, (value * to.num) / to.den + to.plus);
    }
  }

  /** Writes one place. */
  #put(at: number, value: number): void {
    this.raw[at] = value;
    this.fresh[at] = value;
  }
}

const SAME: Conversion = { num: 1, den: 1, plus: 0 };

/** How a figure is turned into the unit in which it is asked for; undefined where they are not the same quantity. */
function inUnitOf(asked: string, name: string): Conversion | undefined {
  const [to, from] = [splitName(asked), splitName(name)];
  if (to === undefined || from === undefined || to.stem !== from.stem) return undefined;
  if (typeof to.unit !== 'object' || typeof from.unit !== 'object') return undefined;
  return sameDimension(from.unit, to.unit) ? conversion(from.unit, to.unit) : undefined;
}

/** Slots of which a tree takes all members. */
function arraysOf(tree: Tree): Set<number> {
  const found = new Set<number>();
  const look = (node: Tree): void => {
    if (ARRAY_OPS.includes(node.op) && 'slot' in node) found.add(node.slot);
    for (const part of partsOf(node)) look(part);
  };
  look(tree);
  return found;
}
