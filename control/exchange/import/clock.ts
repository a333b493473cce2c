import { stampIn } from './cells.ts';
import { Figures } from './figures.ts';

/**
 * The clock of a file whose dates may have the month or the day first: read both ways, and decided at the end. American
 * programs write the month first (Arbin, Maccor: sourced); a European computer's setting turns it round.
 */

/** What a file's stamps say. */
export interface FileClock {
  /** Seconds since 1970, NaN where a row has none that is understood. */
  readonly unix_s: Float64Array;
  /** In words, where it was decided; empty where nothing had to be. */
  readonly note: string;
}

/** Stamps that come row by row. */
export class DateColumn {
  readonly #monthFirst = new Figures();
  readonly #dayFirst = new Figures();

  add(cell: string): void {
    this.#monthFirst.add(stampIn(cell, false) / 1000);
    this.#dayFirst.add(stampIn(cell, true) / 1000);
  }

  /** A clock that is a number needs no deciding. */
  addSeconds(unix_s: number): void {
    this.#monthFirst.add(unix_s);
    this.#dayFirst.add(unix_s);
  }

  /** The way in which more stamps are dates, then the one that goes on as the test's own time does, then the month first. */
  decided(name: string, t_s: Float64Array): FileClock {
    const [month, day] = [this.#monthFirst.taken(), this.#dayFirst.taken()];
    if (month.every((v, i) => Object.is(v, day[i]))) return { unix_s: month, note: '' };
    const [m, d] = [faultsOf(month, t_s), faultsOf(day, t_s)];
    const isDayFirst = d.missing < m.missing || (d.missing === m.missing && d.off_s < m.off_s - A_DAY_S / 2);
    const isSure = d.missing !== m.missing || Math.abs(d.off_s - m.off_s) > A_DAY_S / 2;
    const order = isDayFirst ? 'day' : 'month';
    return {
      unix_s: isDayFirst ? day : month,
      note: isSure ? '' : `${name}: dates that may be read both ways are taken with the ${order} first`,
    };
  }
}

const A_DAY_S = 86_400;

/** Rows without a stamp, and by how much the clock goes on otherwise than the time from the first to the last. */
function faultsOf(
  unix_s: Float64Array,
  t_s: Float64Array,
): { readonly missing: number; readonly off_s: number } {
  const known = [...unix_s.keys()].filter(row => !Number.isNaN(unix_s[row]));
  const [first, last] = [known[0], known[known.length - 1]];
  const off_s = known.length < 2 ? 0 : Math.abs(unix_s[last] - unix_s[first] - (t_s[last] - t_s[first]));
  return { missing: unix_s.length - known.length, off_s };
}
