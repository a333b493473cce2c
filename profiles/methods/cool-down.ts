import { z } from 'zod';
import { coolingFigures } from '../stack/warming.ts';
import { loadOff, purgeBothSides } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Controlled end: load to 0, N2 on both sides, temperature down with the water running, then the pump off. */
export const coolDown = defineMethod({
  id: 'cool-down',
  purpose: 'load off, both sides purged with N2, cooled with the water running',
  parameters: z.strictObject({
    /** Cooled when below this; the pump stays on until then. */
    temperature_degC: within(15, 60, 40),
    /** Set point of the temperature control while cooling. */
    target_degC: within(15, 60, 25),
    rate_frac_per_s: within(0.0001, 1, 0.01),
    purge_s: positive(600),
    purge_barg: within(0.2, 5, 1),
    timeout_s: positive(5400),
  }),
  steps: (p, context) => [
    ...loadOff(p.rate_frac_per_s, context),
    { name: 'cooling', set: { 'stack.temperatureSet_degC': p.target_degC } },
    ...purgeBothSides({
      pressure_barg: p.purge_barg,
      for_s: p.purge_s,
      o2InH2_vol_pct: 1,
      h2InO2_vol_pct: 0.4,
      extra_s: 900,
    }),
    {
      name: `wait for ${p.temperature_degC} degC`,
      waitUntil: {
        all: [{ role: 'stack.temperature_degC', is: '<', limit: p.temperature_degC, for_s: 10 }],
        timeout_s: p.timeout_s,
        // The plant is already without load and gas: a slow cooler is no reason to fail the night.
        onTimeout: 'continue',
      },
    },
    { name: 'water pump off', set: { 'water.pumpSet_on': 0 } },
  ],
  evaluate: coolingFigures,
});
