import { z } from 'zod';
import { followingFigures } from '../stack/grid/following.ts';
import { CURRENT_SET } from '../steps/words.ts';
import { loadOn } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

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
  evaluate: (run, phase, p) =>
    followingFigures(run, phase, { most_pct: 100 * p.maxLoad_frac, set: CURRENT_SET }).map(figure => ({
      ...figure,
      phase: phase.name,
    })),
});
