import { z } from 'zod';
import { ATMOSPHERE_BAR, FARADAY_C_PER_MOL } from '../electrolysis.ts';
import type { StepInput } from '../method.ts';
import type { StackFacts } from '../recorded-run.ts';
import { pressureFigures } from '../stack/pressure.ts';
import { loadOff, loadOn, purgeBothSides } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** What decides how much hydrogen permeates, and how much of it the anode gas may hold. */
export interface CrossoverLimit {
  /** H2 permeability of the wet membrane, mol/(cm s bar). */
  readonly permeability_mol_per_cm_s_bar: number;
  /** Wet thickness, cm. */
  readonly thickness_cm: number;
  /** Rise of the local H2 pressure with current density, bar cm2/A. */
  readonly supersaturation_bar_cm2_per_A: number;
  /** Largest H2 in O2, vol %. */
  readonly h2InO2Limit_vol_pct: number;
}

/**
 * Smallest current at which the oxygen made dilutes the permeated hydrogen below the limit:
 * i_min = 4F N / x_lim with N = eps (p + g i) / d (Schalenbach et al., IJHE 38 (2013) 14921), solved for i. A.
 */
export function minimumCurrent_A(pressure_bara: number, stack: StackFacts, limit: CrossoverLimit): number {
  const perBar =
    (4 * FARADAY_C_PER_MOL * limit.permeability_mol_per_cm_s_bar) /
    limit.thickness_cm /
    (limit.h2InO2Limit_vol_pct / 100);
  const feedback = perBar * limit.supersaturation_bar_cm2_per_A;
  if (feedback >= 1) {
    throw new RangeError(`no current keeps H2 in O2 below ${limit.h2InO2Limit_vol_pct} % with this membrane`);
  }
  return ((perBar * pressure_bara) / (1 - feedback)) * stack.activeArea_cm2;
}

/** Released enough to take the load off, barg. */
const RELEASED_BARG = 0.5;

/** Self-pressurising sequence: load first, pressure after it, load points at pressure, pressure down, load off, purge. */
export const highPressure = defineMethod({
  id: 'high-pressure',
  purpose: 'pressurises with the stack’s own gas under the H2-in-O2 gate, load points at pressure, and back',
  parameters: z.strictObject({
    pressure_barg: within(0.5, 200, 30),
    rate_bar_per_min: within(0.05, 2, 1),
    holdEvery_bar: within(0, 50, 5),
    hold_s: within(0, 3600, 300),
    startLoad_frac: within(0.05, 1, 0.3),
    /** Before pressure comes on: H2 in O2 below this (bench default: the warning level). */
    startH2InO2_vol_pct: within(0.1, 2, 1),
    /** The ramp waits above this (bench default: the alarm level). */
    gateH2InO2_vol_pct: within(0.1, 2, 1.6),
    pressuriseLoad_frac: within(0.1, 1.1, 1),
    /** Load points at pressure; those below i_min(p) are left out. */
    loads_frac: z
      .array(z.number().refine(v => v >= 0.05 && v <= 1.2, 'expected a fraction 0.05..1.2'))
      .min(1)
      .default([1, 0.9, 0.8, 0.75, 0.5, 0.3]),
    dwell_s: positive(600),
    average_s: positive(60),
    /** Between the last change of load and the way down. */
    settle_s: positive(120),
    rate_frac_per_s: within(0.0001, 1, 0.01),
    /** Nafion at 60 degC: 2.95e-11 (fumea EF-40, Trinke et al., ECS Trans. 75(14) (2016) 1081). */
    permeability_mol_per_cm_s_bar: positive(2.95e-11),
    /** N115, wet: 161 um. */
    thickness_cm: positive(0.0161),
    /** 2.4 bar cm2/A (after Schalenbach et al.). */
    supersaturation_bar_cm2_per_A: within(0, 10, 2.4),
    purge_s: positive(600),
    purge_barg: within(0.2, 5, 1),
  }),
  steps(p, context) {
    const { stack } = context;
    const limit = { ...p, h2InO2Limit_vol_pct: p.gateH2InO2_vol_pct };
    const minCurrentPerBar_A = minimumCurrent_A(1, stack, limit);
    const needed_A = minCurrentPerBar_A * (p.pressure_barg + ATMOSPHERE_BAR);
    const rate_per_s = p.rate_frac_per_s * stack.currentNominal_A;
    const load = (frac: number): StepInput => ({
      name: `load to ${Math.round(frac * 100)} %`,
      ramp: { role: 'stack.currentSet_A', to: frac * stack.currentNominal_A, rate_per_s },
    });
    const points = p.loads_frac.map(frac => frac * stack.currentNominal_A).filter(a => a >= needed_A);
    const way_s = (p.pressure_barg / p.rate_bar_per_min) * 60;
    const holds_s = p.holdEvery_bar > 0 ? Math.ceil(p.pressure_barg / p.holdEvery_bar) * p.hold_s : 0;
    const steps: StepInput[] = [
      ...loadOn(p.startLoad_frac, p.rate_frac_per_s, context),
      { name: 'back pressure at 0', set: { 'cathode.pressureSet_barg': 0 } },
      {
        name: `wait until H2 in O2 < ${p.startH2InO2_vol_pct} %`,
        waitUntil: {
          all: [{ role: 'o2.h2_vol_pct', is: '<', limit: p.startH2InO2_vol_pct, for_s: 60 }],
          timeout_s: 1800,
          onTimeout: 'stop',
        },
      },
      load(p.pressuriseLoad_frac),
      {
        name: `pressurise to ${p.pressure_barg} barg`,
        pressurise: {
          to_barg: p.pressure_barg,
          rate_bar_per_min: p.rate_bar_per_min,
          holdEvery_bar: p.holdEvery_bar,
          hold_s: p.hold_s,
          h2InO2Gate_vol_pct: p.gateH2InO2_vol_pct,
          minCurrentPerBar_A,
          timeout_s: 2 * (way_s + holds_s) + 600,
          onTimeout: 'stop',
        },
      },
    ];
    if (points.length > 0) {
      steps.push({
        sweep: {
          role: 'stack.currentSet_A',
          values: points,
          rate_per_s,
          dwell_s: p.dwell_s,
          average_s: Math.min(p.average_s, p.dwell_s),
          leg: 'single',
          minCurrentPerBar_A,
        },
      });
    }
    steps.push(
      load(p.pressuriseLoad_frac),
      // The back-pressure controller first gets over the change of load: its overshoot would add to the ramp.
      { name: 'pressure settles', hold: { for_s: p.settle_s } },
      {
        name: 'depressurise with the load kept',
        depressurise: {
          // Not to 0: the gas of the load that is kept needs some pressure to get out.
          to_barg: RELEASED_BARG,
          rate_bar_per_min: p.rate_bar_per_min,
          // Less pressure means less crossover: nothing on the way down may wait for the gate.
          h2InO2Gate_vol_pct: 100,
          minCurrentPerBar_A: 0,
          timeout_s: 2 * way_s + 600,
          onTimeout: 'stop',
        },
      },
      {
        name: 'wait until released',
        waitUntil: {
          all: [{ role: 'cathode.pressure_barg', is: '<', limit: 2 * RELEASED_BARG, for_s: 10 }],
          timeout_s: 900,
          onTimeout: 'stop',
        },
      },
      ...loadOff(p.rate_frac_per_s, context),
      ...purgeBothSides({
        pressure_barg: p.purge_barg,
        for_s: p.purge_s,
        o2InH2_vol_pct: 1,
        h2InO2_vol_pct: 0.4,
        extra_s: 900,
      }),
    );
    return steps;
  },
  evaluate(run, phase, p) {
    const limit = { ...p, h2InO2Limit_vol_pct: p.gateH2InO2_vol_pct };
    const needed_A = minimumCurrent_A(p.pressure_barg + ATMOSPHERE_BAR, run.stack, limit);
    const points = run.points.filter(
      point =>
        point.phase === phase.name && point.from_s >= phase.start_s && point.to_s <= phase.end_s + 1e-6,
    );
    const how = `4F N(p)/x with x = ${p.gateH2InO2_vol_pct} %, permeability ${p.permeability_mol_per_cm_s_bar} mol/(cm s bar), ${p.thickness_cm} cm`;
    return pressureFigures(run, phase, { ...p, needed_A, how, points });
  },
});
