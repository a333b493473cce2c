import { z } from 'zod';
import { pointsOf } from '../stack/curve.ts';
import { polarisationFigures } from '../stack/polarisation.ts';
import { loadOn, SUPPLY_LIMIT_CELL_V } from './load-on-off.ts';
import { defineMethod, positive, within } from './test-method.ts';

/** The supply limits at 2.2 V a cell and never goes above: the stop looks 0.2 % lower (its declared accuracy). */
const STOP_MARGIN = 0.998;

/** Galvanostatic U-I curve of a stack, up and down (stack form of the JRC polarisation-curve method). */
export const polarisationCurve = defineMethod({
  id: 'polarisation-curve',
  purpose: 'cell voltage over current, up and down, each point dwelt on and averaged',
  parameters: z.strictObject({
    /** Points of the way up, in parts of the nominal current; the way down takes them backwards. */
    loads_frac: z
      .array(z.number().refine(v => v >= 0.05 && v <= 1.2, 'expected a fraction 0.05..1.2'))
      .min(3)
      .refine(list => list.every((v, i) => i === 0 || v > list[i - 1]), 'expected loads that rise')
      .default(Array.from({ length: 19 }, (_, i) => (10 + 5 * i) / 100)),
    dwell_s: positive(120),
    average_s: positive(30),
    /** Rate between points, in parts of the nominal current per s. */
    rate_frac_per_s: within(0.0001, 1, 0.01),
    /** The way up ends when the mean cell voltage gets here. */
    stopCellVoltage_V: within(1.5, 2.4, SUPPLY_LIMIT_CELL_V),
  }),
  steps(p, context) {
    const { currentNominal_A, cells } = context.stack;
    const up = p.loads_frac.map(frac => frac * currentNominal_A);
    const common = {
      role: 'stack.currentSet_A',
      rate_per_s: p.rate_frac_per_s * currentNominal_A,
      dwell_s: p.dwell_s,
      average_s: Math.min(p.average_s, p.dwell_s),
    };
    const stopAbove = { role: 'stack.voltage_V', limit: p.stopCellVoltage_V * STOP_MARGIN * cells };
    return [
      ...loadOn(p.loads_frac[0], p.rate_frac_per_s, context),
      { sweep: { ...common, values: up, leg: 'up', stopAbove } },
      { sweep: { ...common, values: up.slice(0, -1).reverse(), leg: 'down' } },
    ];
  },
  evaluate: (run, phase) => polarisationFigures(run, phase.name, pointsOf(run, phase)),
});
