import { z } from 'zod';
import { stableFigures } from '../stack/stable.ts';
import { loadOn } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Reference point until stable: temperature band and drift of the cell voltage (IEC 62282 practice, recalled). */
export const stabilise = defineMethod({
  id: 'stabilise',
  purpose:
    'starts the stack if needed, goes to the reference load and waits until temperature and voltage stand',
  parameters: z.strictObject({
    load_frac: within(0.05, 1.1, 0.5),
    rate_frac_per_s: within(0.0001, 1, 0.01),
    temperature_degC: within(20, 90, 60),
    /** Temperature within +- this of the set value during the whole window. */
    temperatureBand_K: within(0.2, 10, 2),
    /** Drift of the mean cell voltage (max - min) over the window. */
    drift_mV: positive(5),
    window_s: positive(1800),
    timeout_s: positive(5400),
    onTimeout: z.enum(['continue', 'stop']).default('continue'),
  }),
  steps: (p, context) => [
    ...loadOn(p.load_frac, p.rate_frac_per_s, context),
    {
      name: 'wait until stable',
      waitUntil: {
        all: [
          {
            role: 'stack.temperature_degC',
            is: '>',
            limit: p.temperature_degC - p.temperatureBand_K,
            for_s: p.window_s,
          },
          {
            role: 'stack.temperature_degC',
            is: '<',
            limit: p.temperature_degC + p.temperatureBand_K,
            for_s: p.window_s,
          },
          {
            role: 'stack.voltage_V',
            stableBand: (p.drift_mV / 1000) * context.stack.cells,
            over_s: p.window_s,
          },
        ],
        timeout_s: p.timeout_s,
        onTimeout: p.onTimeout,
      },
    },
  ],
  evaluate: stableFigures,
});
