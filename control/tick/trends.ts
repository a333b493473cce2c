import { unitOf } from '../../drivers/contract/units.ts';
import type { Series } from '../contract/shown.ts';
import type { ProcessImage } from './image.ts';

const PLACES = 2048;

/**
 * The whole run of a few roles in bounded memory: when the store is full every second point goes and the spacing
 * doubles. No allocation per tick. For looking at; the journal is the record.
 */
export class Trends {
  readonly names: readonly string[];
  readonly #t = new Float64Array(PLACES);
  readonly #values: Float64Array[];
  #count = 0;
  #stride = 1;
  #phase = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#values = names.map(() => new Float64Array(PLACES));
  }

  take(t_s: number, image: ProcessImage): void {
    if (this.#phase++ % this.#stride !== 0) return;
    if (this.#count === PLACES) this.#thin();
    this.#t[this.#count] = t_s;
    for (let i = 0; i < this.names.length; i++) this.#values[i][this.#count] = image.value(this.names[i]);
    this.#count++;
  }

  series(name: string): Series {
    const values = this.#values[this.names.indexOf(name)];
    const unit = unitOf(name.replace(/\[\]\.\w+$/, '')) ?? '';
    if (values === undefined) return { role: name, unit, t_s: [], value: [] };
    return {
      role: name,
      unit,
      t_s: Array.from(this.#t.subarray(0, this.#count)),
      value: Array.from(values.subarray(0, this.#count), v => (Number.isFinite(v) ? v : null)),
    };
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
