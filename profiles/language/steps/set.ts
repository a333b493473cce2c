import { defineStep } from '../file/define-step.ts';

/** Roles set to values. */
export const set = defineStep({
  key: 'set',
  doc: 'sets roles; ends when all are applied and read back. cell.soc_pct sets what is counted from here on',
  example: '{ set: { chamber.temperature_degC: 45, n2.anodeValve_on: off } }',
  own: { roles: 'many' },
  ends: 'itself',
  says: ({ named }) => named.map(({ name, value }) => `${name} to ${value}`).join(', '),
  resume: 'again',
});
