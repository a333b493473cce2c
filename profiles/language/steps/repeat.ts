import { z } from 'zod';
import { defineStep } from '../file/define-step.ts';
import { condition } from '../file/keys.ts';

/** A loop goes round so often at the most. */
export const MOST_ROUNDS = 100_000;
const OFTEN = `expected how often at most, 1..${MOST_ROUNDS}, or an expression (every loop is counted)`;

/** Rounds of the same steps. */
export const repeat = defineStep({
  key: 'repeat',
  doc: 'the steps again and again, times rounds, or as long as while holds at the beginning of a round',
  example: '{ repeat: { times: 50 }, until: cell.voltage_V < 2.5, steps: [...] }',
  own: {
    plain: {
      times: z
        .union([
          z.number({ error: OFTEN }).int(OFTEN).min(1, OFTEN).max(MOST_ROUNDS, OFTEN),
          z.string().min(1),
        ])
        .meta({ description: 'how often at most: every loop is counted' }),
      while: condition.optional().meta({ description: 'looked at before each round' }),
    },
  },
  beside: { steps: { holds: 'steps', isNeeded: true } },
  ends: 'itself',
  says: ({ plain }) =>
    `${plain('times')} rounds${plain('while') === undefined ? '' : ` at most, as long as ${plain('while')}`}`,
  resume: 'continue',
});
