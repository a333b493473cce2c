import type { StackRun } from '../../../profiles/recorded-run.ts';
import { recordOf, stack } from '../../profiles/record.ts';
import { correlated, seeded } from './seeded.ts';

/** Long runs of a stack whose degradation is known. */

/** What the cells of a long run do; rates in uV/h. */
export interface LongRun {
  readonly hours: number;
  readonly irreversible: number;
  /** Comes back at each stop of an hour, every `stopEvery_h`. */
  readonly reversible?: number;
  readonly stopEvery_h?: number;
  /** Run-in: falls off with 20 h, mV. */
  readonly runIn_mV?: number;
  /** Noise of a cell, mV, and over how many hours it hangs together. */
  readonly noise_mV?: number;
  readonly correlation_h?: number;
  /** Two hours with so many mV too much, at a third of the run. */
  readonly outlier_mV?: number;
  /** Steady load, or half an hour each at full and at a third. */
  readonly isCycling?: boolean;
  readonly seed?: number;
}

/** Rows each four minutes. */
export function longRun(made: LongRun): StackRun {
  const dt_s = 240;
  const noise = correlated(seeded(made.seed ?? 1), dt_s / 3600, made.correlation_h ?? 0);
  const every_h = made.stopEvery_h ?? Number.POSITIVE_INFINITY;
  const sinceStop = (h: number): number => (Number.isFinite(every_h) ? h % every_h : h);
  const isStopped = (h: number): boolean => h >= every_h && sinceStop(h) < 1;
  const load = (h: number): number =>
    isStopped(h) ? 0 : made.isCycling === true && h % 1 >= 0.5 ? 600 : 2000;
  const cell_V = (h: number): number => {
    const outlier = h > made.hours / 3 && h < made.hours / 3 + 2 ? (made.outlier_mV ?? 0) : 0;
    const lost_uV = made.irreversible * h + (made.reversible ?? 0) * sinceStop(h);
    const extra_mV = (made.runIn_mV ?? 0) * Math.exp(-h / 20) + outlier + (made.noise_mV ?? 0) * noise();
    return 1.5 + 0.15e-3 * load(h) + lost_uV * 1e-6 + extra_mV * 1e-3;
  };
  return recordOf({
    to_s: made.hours * 3600,
    dt_s,
    roles: {
      'stack.current_A': t => load(t / 3600),
      'stack.voltage_V': t => stack.cells * (load(t / 3600) === 0 ? 1.4 : cell_V(t / 3600)),
      'stack.temperature_degC': () => 60,
    },
  });
}
