import { z } from 'zod';
import { ATMOSPHERE_BAR, ZERO_DEGC_K } from '../electrolysis.ts';
import { kpi } from '../kpi.ts';
import type { StepInput } from '../method.ts';
import { meanOf } from '../record-math.ts';
import { indexAt, type SeriesPart, windowOf } from '../series-parts.ts';
import { REPEATABILITY_FRAC, wanderOfSlope } from '../uncertainty/repeatability.ts';
import { fitTrend, scatterText } from '../uncertainty/trend.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Share of the anode's release that one opening of its vent takes before the cathode follows, bar. */
const STAGE_BAR = 3;
/** The back-pressure controller stands this far above the test pressure, so that it stays closed, bar. */
const CLOSED_ABOVE_BAR = 1;
/** Part of the hold that counts: the first moments belong to the closing valves. */
const SETTLED = 0.95;
/** Accepted decay over the hold, % of the gas closed in (chosen here). */
const ACCEPTED_DECAY_PCT = 0.5;
/** Set point rate of the empty back-pressure controller (nothing moves), bar/min. */
const EMPTY_RATE_BAR_PER_MIN = 6;

/**
 * Static leak test with N2 on both sides together: pressurise, soak, isolate, hold, release.
 * The release lets the anode go first, in stages, and the cathode after it: p(cathode) - p(anode) is never negative.
 */
export const leakTest = defineMethod({
  id: 'leak-test',
  purpose: 'N2 on both sides, closed in; the leak rate from the temperature-corrected decay of pressure',
  parameters: z.strictObject({
    /** Pressure of the tests to come; the leak test goes to `factor` times this. */
    testPressure_barg: positive(30),
    factor: within(1, 1.25, 1.1),
    rate_bar_per_min: within(0.05, 2, 1),
    soak_s: positive(300),
    hold_s: positive(900),
    releaseRate_bar_per_min: within(0.05, 2, 2),
    /** A fall by more than this (not corrected) during the hold stops the run. */
    grossLeak_pct: within(0.1, 20, 2),
    /** Gas volumes that are closed in, by the stack's and separators' drawings. */
    cathodeVolume_L: positive(250),
    anodeVolume_L: positive(80),
  }),
  steps(p) {
    const top_barg = p.testPressure_barg * p.factor;
    return [
      {
        name: 'close both sides',
        set: {
          'stack.outputSet_on': 0,
          'n2.pressureSet_barg': 0,
          'n2.anodeValveSet_on': 0,
          'n2.cathodeValveSet_on': 0,
          'cathode.purgeValveSet_on': 0,
          'anode.ventValveSet_on': 0,
          'h2.outletValveSet_on': 0,
          'cathode.pressureSet_barg': 0,
        },
      },
      {
        name: 'back pressure above the test pressure',
        ramp: {
          role: 'cathode.pressureSet_barg',
          to: top_barg + CLOSED_ABOVE_BAR,
          rate_per_min: EMPTY_RATE_BAR_PER_MIN,
        },
      },
      { name: 'N2 to both sides', set: { 'n2.cathodeValveSet_on': 1, 'n2.anodeValveSet_on': 1 } },
      {
        name: `N2 to ${top_barg.toFixed(1)} barg`,
        ramp: { role: 'n2.pressureSet_barg', to: top_barg, rate_per_min: p.rate_bar_per_min },
      },
      { name: 'soak', hold: { for_s: p.soak_s } },
      { name: 'isolate', set: { 'n2.cathodeValveSet_on': 0, 'n2.anodeValveSet_on': 0 } },
      { name: 'hold, closed in', hold: { for_s: p.hold_s, average_s: SETTLED * p.hold_s } },
      {
        name: 'no gross leak',
        waitUntil: {
          all: ['cathode.pressure_barg', 'anode.pressure_barg'].map(role => ({
            role,
            is: '>' as const,
            limit: top_barg * (1 - p.grossLeak_pct / 100),
          })),
          timeout_s: 60,
          onTimeout: 'stop',
        },
      },
      ...release(top_barg, p.releaseRate_bar_per_min),
      {
        name: 'ready for gas',
        set: {
          'n2.pressureSet_barg': 0,
          'anode.ventValveSet_on': 1,
          'h2.outletValveSet_on': 1,
        },
      },
    ];
  },
  evaluate(run, phase, p) {
    const window = run.points.find(point => point.phase === phase.name && point.leg === 'single');
    const common = { phase: phase.name, basis: 'default' } as const;
    const what =
      `N2 closed in at ${p.factor} x ${p.testPressure_barg} barg; least squares over the hold of the normal volume ` +
      `V p/(1.01325 bar) 273.15 K/T with p of each side and T the stack outlet temperature; volumes ` +
      `${p.cathodeVolume_L} L (cathode) and ${p.anodeVolume_L} L (anode)`;
    const missing = 'the hold was not reached, or pressure or temperature was not usable in it';
    const temperature = run.series('stack.temperature_degC');
    const [from_s, to_s] = [
      window?.from_s ?? Number.POSITIVE_INFINITY,
      window?.to_s ?? Number.NEGATIVE_INFINITY,
    ];
    const cathode = windowOf(run.series('cathode.pressure_barg'), from_s, to_s);
    // A reading of the other gauges may lie just outside.
    const beside = (role: string) => windowOf(run.series(role), from_s - BESIDE_S, to_s + BESIDE_S);
    const [anode, outlet] = [beside('anode.pressure_barg'), beside('stack.temperature_degC')];
    const readings = indexAt(cathode.t_s, to_s);
    const minutes = new Float64Array(readings);
    const gas_NL = new Float64Array(readings);
    for (let i = 0; i < readings; i++) {
      const t = cathode.t_s[i];
      const kelvin = nearest(outlet, t) + ZERO_DEGC_K;
      const pv =
        p.cathodeVolume_L * (cathode.value[i] + ATMOSPHERE_BAR) +
        p.anodeVolume_L * (nearest(anode, t) + ATMOSPHERE_BAR);
      minutes[i] = (t * run.timeFactor) / 60;
      gas_NL[i] = ((pv / ATMOSPHERE_BAR) * ZERO_DEGC_K) / kelvin;
    }
    const line = fitTrend(minutes, gas_NL);
    const mean_K = meanOf(temperature, window?.from_s ?? 0, window?.to_s ?? 0).mean + ZERO_DEGC_K;
    const perBar_NL = (volume_L: number): number => (volume_L / ATMOSPHERE_BAR) * (ZERO_DEGC_K / mean_K);
    const from_life_s = (window?.from_s ?? 0) * run.timeFactor;
    // What pressure gauges and thermometer wander during the hold looks like a leak.
    const wander_NL = Math.hypot(
      perBar_NL(p.cathodeVolume_L) * run.accuracy('cathode.pressure_barg').abs,
      perBar_NL(p.anodeVolume_L) * run.accuracy('anode.pressure_barg').abs,
      ((gas_NL[0] ?? 0) * run.accuracy('stack.temperature_degC').abs) / mean_K,
    );
    const drift =
      window === undefined
        ? 0
        : REPEATABILITY_FRAC * wander_NL * 60 * wanderOfSlope(from_life_s, window.to_s * run.timeFactor);
    const u95 = line === undefined ? Number.NaN : Math.hypot(line.u95, Number.isFinite(drift) ? drift : 0);
    const held_min = p.hold_s / 60;
    const start = line === undefined ? Number.NaN : line.intercept + line.slope * (minutes[0] ?? Number.NaN);
    const toPct = (100 * held_min) / start;
    return [
      kpi({
        ...common,
        id: 'leak-rate',
        value: line === undefined ? null : -line.slope,
        unit: 'NL/min',
        ...(line === undefined ? {} : { u95 }),
        definition: `Leak of both sides together: ${what}. Uncertainty from the scatter about the line, as far as it hangs together in time, too; and from what gauges and thermometer wander in that time (a tenth of their accuracy, our choice); their offsets cancel.${scatterText(line, 1, 'min')}`,
        missing,
      }),
      kpi({
        ...common,
        id: 'leak-decay',
        value: line === undefined ? null : -line.slope * toPct,
        unit: 'pct',
        ...(line === undefined ? {} : { u95: u95 * toPct }),
        accepted: { is: '<', limit: ACCEPTED_DECAY_PCT },
        definition: `Gas lost over the ${p.hold_s} s of the hold, temperature-corrected, in parts of the gas closed in; accepted below ${ACCEPTED_DECAY_PCT} %.`,
        missing,
      }),
      kpi({
        ...common,
        id: 'leak-test-pressure',
        value: window === undefined ? null : meanOf(cathode, window.from_s, window.to_s).mean,
        unit: 'barg',
        u95: run.accuracy('cathode.pressure_barg').abs,
        definition: 'Mean cathode pressure during the hold.',
        missing,
      }),
    ];
  },
});

/** Anode first in stages of STAGE_BAR, the cathode after it at the release rate. */
function release(top_barg: number, rate_bar_per_min: number): StepInput[] {
  const steps: StepInput[] = [{ name: 'open the H2 outlet', set: { 'h2.outletValveSet_on': 1 } }];
  const stages = Math.max(1, Math.ceil(top_barg / STAGE_BAR));
  for (let stage = 1; stage <= stages; stage++) {
    const to_barg = Math.max(0, top_barg - stage * STAGE_BAR);
    const name = `release to ${to_barg.toFixed(1)} barg`;
    steps.push(
      { name: `${name}: anode vent open`, set: { 'anode.ventValveSet_on': 1 } },
      {
        name: `${name}: anode`,
        waitUntil: {
          all: [{ role: 'anode.pressure_barg', is: '<', limit: Math.max(0.2, to_barg) }],
          timeout_s: 60,
          onTimeout: 'stop',
        },
      },
    );
    if (stage < stages)
      steps.push({ name: `${name}: anode vent closed`, set: { 'anode.ventValveSet_on': 0 } });
    const cathode = { role: 'cathode.pressureSet_barg', to: to_barg, rate_per_min: rate_bar_per_min };
    steps.push({ name: `${name}: cathode`, ramp: cathode });
  }
  steps.push({
    name: 'wait until released',
    waitUntil: {
      all: [{ role: 'cathode.pressure_barg', is: '<', limit: 0.3, for_s: 5 }],
      timeout_s: 300,
      onTimeout: 'stop',
    },
  });
  return steps;
}

/** Gauges are read at times of their own: the nearest reading counts, up to so far outside of the hold, s. */
const BESIDE_S = 3600;

function nearest(series: SeriesPart, t_s: number): number {
  const i = indexAt(series.t_s, t_s);
  if (i === 0) return series.value[0] ?? Number.NaN;
  if (i === series.t_s.length) return series.value[i - 1];
  return t_s - series.t_s[i - 1] < series.t_s[i] - t_s ? series.value[i - 1] : series.value[i];
}
