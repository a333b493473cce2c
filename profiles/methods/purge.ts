import { z } from 'zod';
import { PEAK_S } from '../electrolysis.ts';
import { kpi } from '../kpi.ts';
import { largestMeanOf } from '../record-math.ts';
import { purgeBothSides } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** N2 purge of both sides: 5 volumes or 10 min, then on until the analysers agree. */
export const purge = defineMethod({
  id: 'purge',
  purpose: 'N2 through both sides until O2 in the cathode and H2 in the anode are below their limits',
  parameters: z.strictObject({
    /** Default: 1 barg and 10 min (bench default: five volumes of a 500 kW stack with its separators). */
    pressure_barg: within(0.2, 5, 1),
    for_s: positive(600),
    /** Ready below these (recalled practice: O2 < 1 %, H2 < 0.4 %). */
    o2InH2_vol_pct: within(0.05, 2, 1),
    h2InO2_vol_pct: within(0.05, 2, 0.4),
    /** Longest extra time to get there; then the run stops. */
    extra_s: positive(900),
  }),
  steps: p => purgeBothSides(p),
  evaluate(run, phase) {
    const left = (role: string) =>
      largestMeanOf(run.series(role), phase.end_s - 30 / run.timeFactor, phase.end_s, PEAK_S / run.timeFactor)
        ?.value ?? null;
    const common = { phase: phase.name, unit: 'vol_pct', basis: 'recalled' } as const;
    const u95 = (role: string) => run.accuracy(role).abs;
    return [
      kpi({
        ...common,
        id: 'purge-o2-in-cathode',
        value: left('h2.o2_vol_pct'),
        u95: u95('h2.o2_vol_pct'),
        definition: `Largest mean of ${PEAK_S} s of O2 in the cathode gas in the last 30 s of the purge.`,
        missing: 'no usable analyser value at the end of the phase',
      }),
      kpi({
        ...common,
        id: 'purge-h2-in-anode',
        value: left('o2.h2_vol_pct'),
        u95: u95('o2.h2_vol_pct'),
        definition: `Largest mean of ${PEAK_S} s of H2 in the anode gas in the last 30 s of the purge.`,
        missing: 'no usable analyser value at the end of the phase',
      }),
    ];
  },
});
