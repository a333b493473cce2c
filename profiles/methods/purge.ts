import { z } from 'zod';
import { purgeFigures } from '../stack/purity.ts';
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
  evaluate: purgeFigures,
});
