import { z } from 'zod';
import { warmingFigures } from '../stack/warming.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** Heating to the test temperature: water first, then a slow ramp. */
export const warmUp = defineMethod({
  id: 'warm-up',
  purpose: 'water flow on, then the temperature set point ramped up slowly and waited for',
  parameters: z.strictObject({
    temperature_degC: within(20, 90, 60),
    /** Set point at which the ramp begins: the temperature of a stack that stood overnight. */
    start_degC: within(5, 60, 20),
    /** PEM practice: at most 1-2 K/min (recalled). */
    rate_K_per_min: within(0.05, 2, 1),
    waterFlow_L_per_min: positive(200),
    /** Reached within this band; then it must stay there for settle_s. */
    band_K: within(0.2, 5, 2),
    settle_s: positive(120),
    timeout_s: positive(3600),
  }),
  steps: p => [
    { name: 'water pump on', set: { 'water.pumpSet_on': 1, 'stack.temperatureSet_degC': p.start_degC } },
    {
      name: 'wait for water flow',
      waitUntil: {
        all: [{ role: 'water.flow_L_per_min', is: '>', limit: p.waterFlow_L_per_min, for_s: 5 }],
        timeout_s: 120,
        onTimeout: 'stop',
      },
    },
    {
      name: `heat to ${p.temperature_degC} degC`,
      ramp: {
        role: 'stack.temperatureSet_degC',
        to: p.temperature_degC,
        rate_per_min: p.rate_K_per_min,
      },
    },
    {
      name: `wait for ${p.temperature_degC} degC`,
      waitUntil: {
        all: [
          {
            role: 'stack.temperature_degC',
            is: '>',
            limit: p.temperature_degC - p.band_K,
            for_s: p.settle_s,
          },
          {
            role: 'stack.temperature_degC',
            is: '<',
            limit: p.temperature_degC + p.band_K,
            for_s: p.settle_s,
          },
        ],
        timeout_s: p.timeout_s,
        onTimeout: 'stop',
      },
    },
  ],
  evaluate: warmingFigures,
});
