import { QUALITY } from '../contract/frame.ts';
import type { MeasuredPoint } from '../device-table.ts';
import { decodeError, type ScriptError } from '../protocol/method-script/errors.ts';
import { decodeTwice, type ScriptValue } from '../protocol/method-script/package.ts';
import type { Model } from './models.ts';
import { judge, type Reading, readingOf, worst } from './reading.ts';
import type { Hold } from './scripts.ts';

/** Loops whose packages are points of a curve (`M` and their number; recalled). */
const CURVES: readonly string[] = ['0000', '0005'];

/** What a script is sent for. */
export interface Purpose {
  readonly number: number;
  /** At what the cell is held, by the script or after what it measures. */
  readonly hold?: Hold;
  readonly watchdog_s?: number | undefined;
  /** Number of the spectrum or curve that it measures. */
  readonly job?: number;
}

/** One script on the instrument, as far as its output tells of it. */
export class RunningScript {
  readonly purpose: Purpose;
  /** `sent` until its own number has come back: whatever comes before that is of another one. */
  state: 'sent' | 'runs' | 'ended' | 'failed' = 'sent';
  error: ScriptError | undefined;
  reading: Reading | undefined;
  /** Potential of the open cell. */
  rest: ScriptValue | undefined;
  readonly points: MeasuredPoint[] = [];
  /** All that was to be measured has been. */
  isMeasured: boolean;
  /** It was told to end: until it has, the cell may be on. */
  isGivenUp = false;
  /** Measuring loops that have begun; when the one that runs began, and readings in it. */
  loops = 0;
  loopSince_s = 0;
  readingsInLoop = 0;
  /** Loop that was told to end, and when. */
  keptLoop = 0;
  keptAt_s = Number.NEGATIVE_INFINITY;
  #loop = '';
  #scans = 0;
  /** `Z` has been answered: the empty line behind it is its own, also where it came before the number. */
  #isAborted = false;
  readonly #model: Model;

  constructor(purpose: Purpose, model: Model) {
    this.purpose = purpose;
    this.#model = model;
    this.isMeasured = purpose.job === undefined;
  }

  get isActive(): boolean {
    return this.state === 'sent' || this.state === 'runs';
  }

  /** It holds the cell now, and measures nothing else. */
  get isHolding(): boolean {
    return this.state === 'runs' && this.isMeasured && this.purpose.hold !== undefined;
  }

  /** It goes through a curve now. */
  get isSweeping(): boolean {
    return this.state === 'runs' && !this.isMeasured && CURVES.includes(this.#loop);
  }

  hear(line: string, t_s: number): void {
    if (!this.isActive) return;
    const error = decodeError(line);
    if (error !== undefined) {
      // Errors of other commands (`Z!0006`) are not its own; a script that runs has no `e` any more.
      if (error.command === '' || (error.command === 'e' && this.state === 'sent')) {
        this.state = 'failed';
        this.error = error;
      }
      return;
    }
    if (line.startsWith('P')) {
      const said = decodeTwice(line);
      // Damaged, or of another script: no reading.
      if (said !== undefined && said.number === this.purpose.number) this.#take(said.values, t_s);
    } else if (line === 'Z') this.#isAborted = true;
    else if (line === '' && (this.state === 'runs' || this.#isAborted)) this.state = 'ended';
    else if (this.state === 'sent') return;
    else if (/^M[0-9A-F]{4}$/.test(line)) {
      this.loops++;
      this.loopSince_s = t_s;
      this.readingsInLoop = 0;
      this.#loop = line.slice(1);
      this.#scans = 0;
    } else if (line === '*') this.#loop = '';
    else if (line.startsWith('C')) this.#scans++;
  }

  #take(all: readonly ScriptValue[], t_s: number): void {
    // The time of a point stands behind it.
    const time = all.at(-1)?.type === 'eb' ? all.at(-1) : undefined;
    const values = time === undefined ? all : all.slice(0, -1);
    const first = values[0];
    if (first === undefined) {
      this.state = 'runs';
    } else if (values.length === 1 && first.type === 'ja') {
      this.isMeasured = true;
    } else if (first.type === 'dc' && values.length === 3) {
      const judged = values.map(value => judge(value, this.#model));
      const typed = values[1].type === 'cc' && values[2].type === 'cd';
      const quality = typed ? worst(judged) : QUALITY.bad;
      const all = [...values.map(({ value }) => value), time?.value ?? Number.NaN];
      this.points.push({ values: all, quality });
    } else if (first.type === 'ab' && values.length === 1) {
      this.rest = first;
      this.readingsInLoop++;
    } else {
      const reading = readingOf(values, t_s, this.#model);
      if (reading === undefined) return;
      this.reading = reading;
      this.readingsInLoop++;
      if (CURVES.includes(this.#loop) && !this.isMeasured) this.#point(reading, time?.value ?? Number.NaN);
    }
  }

  #point({ set, voltage, current }: Reading, elapsed_s: number): void {
    this.points.push({
      values: [Math.max(1, this.#scans), set, voltage.value, current.value, elapsed_s],
      // What is not measured, or not to be believed, is that value only.
      quality: [QUALITY.good, QUALITY.good, voltage.quality, current.quality, QUALITY.good],
    });
  }
}
