import { z } from 'zod';
import { kpi } from '../kpi.ts';
import { heldAt, integrate } from '../record-math.ts';
import { startsOf } from './energy.ts';
import { loadOn } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Role under which the run records the power that the profile asked for, before any limit. */
export const POWER_ASKED = 'stack.powerAsked_kW';

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
    const asked = run.asked(POWER_ASKED);
    const { start_s, end_s } = phase;
    const max_kW = p.maxLoad_frac * run.stack.powerNominal_kW;
    const over = (map: (drawn_kW: number, asked_kW: number) => number) =>
      integrate(power, start_s, end_s, (watt, t_s) => map(watt / 1000, heldAt(asked, t_s)));
    const hours = run.timeFactor / 3600;
    const offered = over((_, a) => Math.max(0, a));
    const drawn = over(d => d);
    const curtailed = over((d, a) => Math.max(0, a - d));
    const errorAll = over((d, a) => (d - Math.min(a, max_kW)) ** 2);
    const isOn = (kW: number) => kW > 0.5 * p.minLoad_frac * run.stack.powerNominal_kW;
    const errorOn = over((d, a) => (isOn(d) ? (d - Math.min(a, max_kW)) ** 2 : Number.NaN));
    const rmse = (e: { sum: number; covered_s: number }) =>
      e.covered_s > 0 ? (100 * Math.sqrt(e.sum / e.covered_s)) / run.stack.powerNominal_kW : null;
    const energy = (e: { sum: number; covered_s: number }) => (e.covered_s > 0 ? e.sum * hours : null);
    const gaps = `Gaps: ${(drawn.gap_s * run.timeFactor).toFixed(0)} s.`;
    const common = {
      phase: phase.name,
      basis: 'default',
      missing: 'no usable power or no power asked in this phase',
    } as const;
    const accuracy = run.accuracy('stack.power_W');
    const drawn_kWh = energy(drawn);
    const u_kWh =
      drawn_kWh === null
        ? 0
        : (drawn_kWh * accuracy.reading_pct) / 100 + (accuracy.abs / 1000) * drawn.covered_s * hours;
    return [
      kpi({
        ...common,
        id: 'tracking-error',
        value: rmse(errorOn),
        unit: 'pct',
        definition: `RMS of drawn minus asked power (asked limited to ${max_kW.toFixed(0)} kW) over nominal power, while the load is on. ${gaps}`,
      }),
      kpi({
        ...common,
        id: 'tracking-error-all',
        value: rmse(errorAll),
        unit: 'pct',
        definition: `As tracking-error, hot standby included. ${gaps}`,
      }),
      kpi({
        ...common,
        id: 'energy-offered',
        value: energy(offered),
        unit: 'kWh',
        definition: 'Integral of the power asked.',
      }),
      kpi({
        ...common,
        id: 'energy-used',
        value: drawn_kWh,
        unit: 'kWh',
        u95: u_kWh,
        definition: `Integral of the DC power drawn. ${gaps}`,
      }),
      kpi({
        ...common,
        id: 'energy-curtailed',
        value: energy(curtailed),
        unit: 'kWh',
        u95: u_kWh,
        definition: `Integral of asked minus drawn power where more was asked than drawn (minimum load, maximum load, ramp limit). ${gaps}`,
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
