import { z } from 'zod';
import { defineStep } from '../../file/define-step.ts';
import { value } from '../../file/keys.ts';

/** Points a decade and periods at a frequency at the most. */
export const MOST_POINTS = 100;
export const MOST_CYCLES = 1000;

const bias = z.record(z.string(), value, { error: 'expected keep, open, or { voltage_V: 1.6 }' });

/** A number, or an expression that is looked at as the step begins. */
const count = (most: number) =>
  z.union([z.number().int().min(1).max(most), z.string().min(1)], {
    error: `expected a whole number 1..${most} or an expression`,
  });

const DC_WORDS: Readonly<Record<string, string>> = { keep: 'the load stays', open: 'at open circuit' };

/** An impedance spectrum. */
export const eis = defineStep({
  key: 'eis',
  doc: 'impedance spectrum from one frequency to another; amplitude in mV is potentiostatic, in mA or pct of the direct current galvanostatic',
  example: '{ eis: { amplitude_mV: 10, from_Hz: 100000, to_Hz: 0.01 }, within_h: 1 }',
  own: {
    stems: { amplitude: 'amplitude, peak', from: 'first frequency', to: 'last frequency' },
    oneOf: ['amplitude'],
    needs: ['from', 'to'],
    plain: {
      points_per_decade: count(MOST_POINTS).optional().meta({ description: '10 unless said' }),
      cycles: count(MOST_CYCLES).optional().meta({ description: 'periods at a frequency, 1 unless said' }),
      dc: z
        .union([z.enum(['keep', 'open']), bias], { error: 'expected keep, open, or { voltage_V: 1.6 }' })
        .optional()
        .meta({ description: 'the load stays (keep), open circuit (open), or a bias of its own' }),
    },
  },
  ends: 'deadline',
  says: ({ main, value, plain }) => {
    const periods = (plain('cycles') ?? '1') === '1' ? '1 period' : `${plain('cycles')} periods`;
    const points = `${plain('points_per_decade') ?? '10'} points a decade, ${periods} at each frequency`;
    return `impedance from ${value('from')} to ${value('to')}, ${points}, amplitude ${main.value}, ${DC_WORDS[plain('dc') ?? 'keep'] ?? `at ${plain('dc')}`} (no reading shows the alternating part: its peaks are held within the limits)`;
  },
  resume: 'again',
  isElectrical: true,
});
