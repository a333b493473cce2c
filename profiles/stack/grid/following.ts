import { before, inForce } from '../../in-force.ts';
import { type KpiValue, kpi } from '../../kpi.ts';
import { whyLacking } from '../../lacking.ts';
import { type Integral, integrate } from '../../record-math.ts';
import type { RecordedSeries, StackRun } from '../../recorded-run.ts';
import { partsOf } from '../../series-parts.ts';
import { declaredAt } from '../../uncertainty/repeatability.ts';
import { rmsU95 } from '../../uncertainty/rms-u95.ts';
import { startsOf } from '../energy.ts';

/** How a stack followed a power series: how closely, and what became of the energy that was offered. */

/** Roles under which the run records what the profile offered, and what was asked of the stack after all limits. */
export const POWER_OFFERED = 'load.available_kW';
export const POWER_ASKED = 'stack.powerAsked_kW';

/** Offered and drawn are compared by means over so long, s of life, and at least over so many readings. */
const BLOCK_S = 300;
const BLOCK_READINGS = 100;

/** What was offered and not drawn, kW s of the record; and what was drawn, and over which time, where less was. */
function curtailedOf(
  run: StackRun,
  power: RecordedSeries,
  offer: RecordedSeries,
  [start_s, end_s]: readonly [start_s: number, end_s: number],
): Pick<Integral, 'sum' | 'covered_s'> & { readonly drawn: number; readonly drawn_s: number } {
  const offerAt = before(offer);
  let readings = 0;
  for (const { t_s } of partsOf(power, start_s, end_s)) readings += t_s.length;
  const reading_s = (end_s - start_s) / Math.max(1, readings);
  const blocks = Math.ceil(
    (end_s - start_s) / Math.max(BLOCK_S / run.timeFactor, BLOCK_READINGS * reading_s),
  );
  const all = { sum: 0, covered_s: 0, drawn: 0, drawn_s: 0 };
  for (let n = 0; n < blocks; n++) {
    const [from_s, to_s] = [n, n + 1].map(k => start_s + ((end_s - start_s) * k) / blocks);
    const { sum, covered_s } = integrate(power, from_s, to_s, (watt, t_s) => offerAt(t_s) - watt / 1000);
    all.sum += Math.max(0, sum);
    all.covered_s += covered_s;
    if (sum <= 0) continue;
    all.drawn += integrate(power, from_s, to_s, watt => watt / 1000).sum;
    all.drawn_s += covered_s;
  }
  return all;
}

/** Highest load that was asked for, per cent of nominal; the role that the profile sets. */
export interface Followed {
  readonly most_pct: number;
  readonly set: string;
}

/** Tracking errors (%), energies (kWh) and starts of a stretch in which a series was followed. */
export function followingFigures(
  run: StackRun,
  { start_s, end_s }: { readonly start_s: number; readonly end_s: number },
  { most_pct, set: role }: Followed,
): KpiValue[] {
  const power = run.series('stack.power_W');
  const set = run.asked(role);
  const asked = inForce(run.asked(POWER_ASKED), set, start_s, end_s);
  const offer = inForce(run.asked(POWER_OFFERED), set, start_s, end_s);
  const nominal_kW = run.stack.powerNominal_kW;
  const over = (of: RecordedSeries, map: (drawn_kW: number, of_kW: number) => number) => {
    const ofAt = before(of);
    return integrate(power, start_s, end_s, (watt, t_s) => map(watt / 1000, ofAt(t_s)));
  };
  const hours = run.timeFactor / 3600;
  const offered = over(offer, (_, o) => o);
  const drawn = integrate(power, start_s, end_s, watt => watt / 1000);
  const curtailed = curtailedOf(run, power, offer, [start_s, end_s]);
  const errorOn = over(asked, (d, a) => (a > 0 ? (d - a) ** 2 : Number.NaN));
  const errorAll = over(offer, (d, o) => (d - o) ** 2);
  const rmse = (e: Integral) =>
    e.covered_s > 0 ? (100 * Math.sqrt(e.sum / e.covered_s)) / nominal_kW : null;
  const energy = (e: Pick<Integral, 'sum' | 'covered_s'>) => (e.covered_s > 0 ? e.sum * hours : null);
  const gaps = `Gaps: ${(drawn.gap_s * run.timeFactor).toFixed(0)} s.`;
  const common = {
    basis: 'default',
    missing: whyLacking(
      run,
      ['stack.power_W'],
      asked.t_s.length === 0 ? 'nothing was asked in this phase' : 'no usable power',
    ),
  } as const;
  const accuracy = run.accuracy('stack.power_W');
  const meter = (of: RecordedSeries, counts: (asked_kW: number) => boolean): number => {
    const mean = (map: (drawn_kW: number, error_kW: number) => number): number => {
      const { sum, covered_s } = over(of, (d, o) => (counts(o) ? map(d, d - o) : Number.NaN));
      return covered_s > 0 ? sum / covered_s : 0;
    };
    const inKW = { ...accuracy, abs: accuracy.abs / 1000 };
    const means = {
      square: mean((_, error) => error ** 2),
      error: mean((_, error) => error),
      byReading: mean((drawn_kW, error) => error * drawn_kW),
      own: mean(drawn_kW => declaredAt(inKW, drawn_kW) ** 2),
    };
    return (100 * rmsU95(means, inKW)) / nominal_kW;
  };
  const drawn_kWh = energy(drawn);
  const u_kWh = (kW_s: number, time_s: number): number =>
    Math.hypot((kW_s * accuracy.reading_pct) / 100, (accuracy.abs / 1000) * time_s) * hours;
  return [
    kpi({
      ...common,
      id: 'tracking-error',
      value: rmse(errorOn),
      unit: 'pct',
      u95: meter(asked, a => a > 0),
      definition: `RMS of drawn minus asked power over nominal power, while load is asked; asked = offered after minimum load, maximum (${Math.round(most_pct)} %) and ramp limit, each reading with what was in force when it was taken. ${gaps}`,
    }),
    kpi({
      ...common,
      id: 'tracking-error-offered',
      value: rmse(errorAll),
      unit: 'pct',
      u95: meter(offer, () => true),
      definition: `RMS of drawn minus offered power over nominal power, hot standby and everything above the maximum included. ${gaps}`,
    }),
    kpi({
      ...common,
      id: 'energy-offered',
      value: energy(offered),
      unit: 'kWh',
      definition: 'Integral of the power that the profile offered.',
    }),
    kpi({
      ...common,
      id: 'energy-used',
      value: drawn_kWh,
      unit: 'kWh',
      u95: u_kWh(drawn.sum, drawn.covered_s),
      definition: `Integral of the DC power drawn. ${gaps}`,
    }),
    kpi({
      ...common,
      id: 'energy-curtailed',
      value: energy(curtailed),
      unit: 'kWh',
      // Where nowhere less was drawn than offered, as far as the meter tells, it may have been all along.
      u95:
        curtailed.drawn_s > 0 ? u_kWh(curtailed.drawn, curtailed.drawn_s) : u_kWh(drawn.sum, drawn.covered_s),
      definition: `Integral of offered minus drawn power where more was offered than drawn (minimum load, maximum load, ramp limit), by means over ${BLOCK_S / 60} min: within one what is drawn too little and too much makes up for each other, so that a meter's noise is not curtailed energy. ${gaps}`,
    }),
    kpi({
      ...common,
      id: 'starts',
      value: startsOf(run, start_s, end_s),
      unit: '1',
      definition: 'Rises of the current from below 1 % to above 5 % of nominal in this phase.',
      missing: whyLacking(run, ['stack.current_A'], 'no usable current'),
    }),
  ];
}
