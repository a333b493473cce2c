import { defineStep } from '../file/define-step.ts';

/** Names for values, worked out once. */
export const letStep = defineStep({
  key: 'let',
  doc: 'names for values, worked out once, here and one after the other',
  example: '{ let: { before_Ah: step.charge_Ah } }',
  own: { names: 'values' },
  ends: 'once',
  says: ({ named }) => named.map(({ name, value }) => `${name} = ${value}`).join('; '),
  resume: 'again',
});
