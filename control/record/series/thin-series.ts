import type { RecordedSeries } from '../../../profiles/recorded-run.ts';
import { partsOf, readingsOf } from '../../../profiles/series-parts.ts';

/** A picture has fewer columns than this; a series may be as long again as four points each. */
const BUCKETS = 5000;

/**
 * A long series cut down to what a picture can show: of each bucket of rows first, lowest, highest and last value in
 * their order, so that no peak is lost, and one NaN where the bucket holds any. A short series is handed back as it is.
 */
export function thinSeries(series: RecordedSeries): RecordedSeries {
  const n = readingsOf(series);
  if (n <= 5 * BUCKETS) return series;
  const thin_t = new Float64Array(5 * BUCKETS);
  const thin_v = new Float64Array(5 * BUCKETS);
  let kept = 0;
  const bucket = new Bucket();
  let end = 0;
  let filled = 0;
  let row = 0;
  const close = (): void => {
    // Each once, in their order, the gap where it belongs.
    let before = -1;
    const places = bucket.inOrder();
    for (let i = 0; i < places.length; i++) {
      const { row: at, t_s, value } = places[i];
      if (at === before) continue;
      thin_t[kept] = t_s;
      thin_v[kept] = value;
      kept++;
      before = at;
    }
    bucket.clear();
  };
  for (const { t_s, value } of partsOf(series)) {
    for (let i = 0; i < t_s.length; i++, row++) {
      if (row === end) {
        close();
        end = Math.floor((++filled * n) / BUCKETS);
      }
      bucket.add(row, t_s[i], value[i]);
    }
  }
  close();
  return { t_s: thin_t.slice(0, kept), value: thin_v.slice(0, kept) };
}

interface Kept {
  row: number;
  t_s: number;
  value: number;
}

/** First, lowest, highest and last usable reading of a bucket, and its last that is not. */
class Bucket {
  readonly #first: Kept = nothing();
  readonly #lowest: Kept = nothing();
  readonly #highest: Kept = nothing();
  readonly #last: Kept = nothing();
  readonly #gap: Kept = nothing();
  readonly #all: readonly Kept[] = [this.#first, this.#lowest, this.#highest, this.#last, this.#gap];
  readonly #order: Kept[] = [...this.#all];

  clear(): void {
    for (let i = 0; i < this.#all.length; i++) this.#all[i].row = -1;
  }

  add(row: number, t_s: number, value: number): void {
    if (Number.isNaN(value)) {
      put(this.#gap, row, t_s, value);
      return;
    }
    if (this.#first.row < 0) {
      put(this.#first, row, t_s, value);
      put(this.#lowest, row, t_s, value);
      put(this.#highest, row, t_s, value);
    }
    if (value < this.#lowest.value) put(this.#lowest, row, t_s, value);
    if (value > this.#highest.value) put(this.#highest, row, t_s, value);
    put(this.#last, row, t_s, value);
  }

  /** By their rows; -1, before all others: there is none. The list is made anew by the next call. */
  inOrder(): readonly Kept[] {
    const order = this.#order;
    for (let i = 1; i < order.length; i++) {
      const place = order[i];
      let to = i;
      for (; to > 0 && order[to - 1].row > place.row; to--) order[to] = order[to - 1];
      order[to] = place;
    }
    return order;
  }
}

const nothing = (): Kept => ({ row: -1, t_s: 0, value: 0 });

function put(place: Kept, row: number, t_s: number, value: number): void {
  place.row = row;
  place.t_s = t_s;
  place.value = value;
}
