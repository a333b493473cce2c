import { defineStep } from '../file/define-step.ts';

/** A procedure of a file, or a built-in one. */
export const call = defineStep({
  key: 'call',
  doc: 'a procedure: a file beside this one, or a built-in; what it returns is id.name afterwards, else what the whole call has counted',
  example: '{ call: one-cycle.yaml, with: { charge_C: 1/2 }, id: cycle }',
  own: 'word',
  beside: { with: { holds: 'values', isNeeded: false } },
  ends: 'itself',
  says: ({ whole, named }) => {
    const given = named.map(({ name, value }) => `${name} ${value}`).join(', ');
    return `the procedure ${whole}${given === '' ? '' : `, with ${given}`}`;
  },
  resume: 'continue',
});
