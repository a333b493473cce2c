import { emptyWindow, fill, keptAt, type LeakyWindow, leak } from '../watch/window.ts';

/** All limits from the next lower level up to (not including) this figure: so far they have filled alike. */
interface Level {
  readonly figure: number;
  /** When the figure was read, and the row of its reading. */
  readonly t_s: number;
  readonly row: number;
  readonly window: LeakyWindow;
}

/**
 * The nearest approach of one interlock: the largest limit that would have fired. Every limit has its own leaky window
 * (decision 0010); limits between two figures that were read fill alike, so there are only as many windows as figures
 * within the window's memory, and only above the largest limit that is known to fire.
 */
export class Closest {
  figure = -Infinity;
  t_s = Number.NaN;
  row = -1;
  /** Nearest figure however short. */
  peak = -Infinity;
  armed_s = 0;
  unusable = 0;
  sum = 0;
  count = 0;
  /** Of the interlock, s. */
  readonly delay_s: number;
  /** Rising. */
  readonly #levels: Level[] = [];
  #last_s = Number.NaN;

  constructor(delay_s: number) {
    this.delay_s = delay_s;
  }

  /** Takes what a probe has judged; `row` of the frame behind it. */
  take(t_s: number, figure: number, row: number, isArmed: boolean): void {
    if (!isArmed) {
      this.#judge(t_s, -Infinity);
      this.#last_s = Number.NaN;
      return;
    }
    if (!Number.isNaN(this.#last_s)) this.armed_s += t_s - this.#last_s;
    this.#last_s = t_s;
    if (figure === Infinity) this.unusable++;
    else if (figure !== -Infinity) {
      this.peak = Math.max(this.peak, figure);
      this.sum += figure;
      this.count++;
    }
    if (figure > this.figure) {
      if (this.delay_s === 0) this.#offer({ figure, t_s, row });
      else this.#split(figure, t_s, row);
    }
    if (this.#levels.length > 0) this.#judge(t_s, figure);
  }

  /** A limit just below this figure and one just above go different ways from now on. */
  #split(figure: number, t_s: number, row: number): void {
    const levels = this.#levels;
    let k = levels.length;
    while (k > 0 && levels[k - 1].figure >= figure) k--;
    if (levels[k]?.figure === figure) return;
    levels.splice(k, 0, { figure, t_s, row, window: { ...(levels[k]?.window ?? emptyWindow()) } });
  }

  #judge(t_s: number, figure: number): void {
    const levels = this.#levels;
    let fired = -1;
    for (let k = 0; k < levels.length; k++) {
      const { window } = levels[k];
      if (levels[k].figure > figure) leak(window, t_s);
      else if (fill(window, t_s) >= this.delay_s) fired = k;
    }
    if (fired >= 0) {
      this.#offer(levels[fired]);
      levels.splice(0, fired + 1);
    }
    for (let top = levels.at(-1); top !== undefined && isEmpty(top.window, t_s); top = levels.at(-1))
      levels.pop();
  }

  #offer({ figure, t_s, row }: Omit<Level, 'window'>): void {
    this.figure = figure;
    this.t_s = t_s;
    this.row = row;
  }
}

function isEmpty(window: LeakyWindow, t_s: number): boolean {
  return Number.isNaN(window.since_s) && keptAt(window, t_s) === 0;
}
