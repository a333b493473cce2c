import { z } from 'zod';
import { defineStep } from '../file/define-step.ts';

/** A person confirms. */
export const ask = defineStep({
  key: 'ask',
  doc: 'a person confirms the text; the name is recorded',
  example: '{ ask: { text: Analysers calibrated and hand valves open }, within_h: 2 }',
  own: { plain: { text: z.string().min(1).meta({ description: 'what is to be confirmed' }) } },
  ends: 'deadline',
  says: ({ plain }) => `a person confirms: ${plain('text')}`,
  resume: 'again',
});
