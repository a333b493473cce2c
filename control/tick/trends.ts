import type { Series } from '../contract/shown.ts';
import { shownUnit } from '../contract/shown-unit.ts';
import type { ProcessImage } from './image.ts';

const PLACES = 2048;

/**
 * The whole run of a few roles in bounded memory: when the store is full every second point goes and the spacing
 * doubles. The newest point is always there. No allocation per tick. For looking at; the journal is the record.
 */
export class Trends {
  readonly names: readonly string[];
  readonly #t = new Float64Array(PLACES);
  readonly #values: Float64Array[];
  #count = 0;
  #stride = 1;
  #phase = 0;
  #newest_s = 0;
  #image: ProcessImage | undefined;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#values = names.map(() => new Float64Array(PLACES));
  }

  take(t_s: number, image: ProcessImage): void {
    this.#newest_s = t_s;
    this.#image = image;
    if (this.#phase++ % this.#stride !== 0) return;
    if (this.#count === PLACES) this.#thin();
    this.#t[this.#count] = t_s;
    for (let i = 0; i < this.names.length; i++) this.#values[i][this.#count] = image.value(this.names[i]);
    this.#count++;
  }

  series(name: string): Series {
    const values = this.#values[this.names.indexOf(name)];
    const unit = shownUnit(name.replace(/\[\]\.\w+$/, ''));
    if (values === undefined) return { role: name, unit, t_s: [], value: [] };
    const t_s = Array.from(this.#t.subarray(0, this.#count));
    const value = Array.from(values.subarray(0, this.#count), usable);
    if (this.#image !== undefined && this.#newest_s > (t_s.at(-1) ?? -Infinity)) {
      t_s.push(this.#newest_s);
      value.push(usable(this.#image.value(name)));
    }
    return { role: name, unit, t_s, value };
  }

  #thin(): void {
    const half = PLACES / 2;
    for (let i = 0; i < half; i++) {
      this.#t[i] = this.#t[2 * i];
      for (const values of this.#values) values[i] = values[2 * i];
    }
    this.#count = half;
    this.#stride *= 2;
  }
}

function usable(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
