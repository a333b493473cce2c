import { z } from 'zod';
import { before, inForce } from '../in-force.ts';
import { kpi } from '../kpi.ts';
import { type Integral, integrate } from '../record-math.ts';
import type { RecordedSeries, StackRun } from '../recorded-run.ts';
import { partsOf } from '../series-parts.ts';
import { startsOf } from '../stack/energy.ts';
import { CURRENT_SET } from '../steps/words.ts';
import { loadOn } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

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

/** Following a renewable power series with hysteresis at the minimum load, hot standby and a ramp limit. */
export const loadFollowing = defineMethod({
  id: 'load-following',
  purpose: 'the stack follows a power series; below the minimum load it waits in hot standby under N2 sweep',
  parameters: z.strictObject({
    source: z.string().min(1).default('wind'),
    for_s: positive(28800),
    /** Rated power of the source over nominal power of the stack. */
    ratio: within(0.6, 5, 1),
    /** NREL's PEM model runs down to 10 % of the nominal power. */
    minLoad_frac: within(0.01, 0.9, 0.1),
    /** Restart above 1.2 x minimum load (bench default). */
    restart_frac: within(0.01, 0.95, 0.12),
    maxLoad_frac: within(0.1, 1.2, 1),
    /** PEM stacks follow some 10 %/s (published FCR models). */
    ramp_frac_per_s: within(0.0001, 1, 0.1),
  }),
  steps: (p, context) => [
    ...(context.outputIsOn ? [] : loadOn(p.restart_frac, 0.01, context)),
    {
      name: `follow ${p.source}`,
      follow: {
        source: p.source,
        for_s: p.for_s,
        scale_kW: p.ratio * context.stack.powerNominal_kW,
        currentNominal_A: context.stack.currentNominal_A,
        voltageNominal_V: (context.stack.powerNominal_kW * 1000) / context.stack.currentNominal_A,
        // Limits are those of the stack; the follow step counts in parts of the scale.
        minLoad_frac: p.minLoad_frac / p.ratio,
        restart_frac: p.restart_frac / p.ratio,
        maxLoad_frac: p.maxLoad_frac / p.ratio,
        ramp_frac_per_s: p.ramp_frac_per_s / p.ratio,
        // Crossover goes on at 0 A with no oxygen made to dilute it.
        onStandby: { 'n2.pressureSet_barg': 2, 'n2.anodeValveSet_on': 1 },
        onRestart: { 'n2.anodeValveSet_on': 0, 'n2.pressureSet_barg': 0 },
      },
    },
  ],
  evaluate(run, phase, p) {
    const power = run.series('stack.power_W');
    const { start_s, end_s } = phase;
    const set = run.asked(CURRENT_SET);
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
      phase: phase.name,
      basis: 'default',
      missing: 'no usable power, or nothing asked in this phase',
    } as const;
    const accuracy = run.accuracy('stack.power_W');
    const drawn_kWh = energy(drawn);
    const u_kWh = (kW_s: number, time_s: number): number =>
      Math.hypot((kW_s * accuracy.reading_pct) / 100, (accuracy.abs / 1000) * time_s) * hours;
    return [
      kpi({
        ...common,
        id: 'tracking-error',
        value: rmse(errorOn),
        unit: 'pct',
        definition: `RMS of drawn minus asked power over nominal power, while load is asked; asked = offered after minimum load, maximum (${Math.round(100 * p.maxLoad_frac)} %) and ramp limit, each reading with what was in force when it was taken. ${gaps}`,
      }),
      kpi({
        ...common,
        id: 'tracking-error-offered',
        value: rmse(errorAll),
        unit: 'pct',
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
        u95: u_kWh(curtailed.drawn, curtailed.drawn_s),
        definition: `Integral of offered minus drawn power where more was offered than drawn (minimum load, maximum load, ramp limit), by means over ${BLOCK_S / 60} min: within one what is drawn too little and too much makes up for each other, so that a meter's noise is not curtailed energy. ${gaps}`,
      }),
      kpi({
        ...common,
        id: 'starts',
        value: startsOf(run, start_s, end_s),
        unit: '1',
        definition: 'Rises of the current from below 1 % to above 5 % of nominal in this phase.',
        missing: 'no usable current',
      }),
    ];
  },
});
