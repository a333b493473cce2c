import { z } from 'zod';
import type { StepInput } from '../method.ts';
import { leakFigures } from '../stack/leak.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Share of the anode's release that one opening of its vent takes before the cathode follows, bar. */
const STAGE_BAR = 3;
/** The back-pressure controller stands this far above the test pressure, so that it stays closed, bar. */
const CLOSED_ABOVE_BAR = 1;
/** Part of the hold that counts: the first moments belong to the closing valves. */
const SETTLED = 0.95;
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
  evaluate: (run, phase, p) =>
    leakFigures(
      run,
      {
        name: phase.name,
        hold: run.points.find(point => point.phase === phase.name && point.leg === 'single'),
      },
      p,
    ),
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
