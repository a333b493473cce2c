import { defineStep } from '../file/define-step.ts';

/** Output off, open circuit. */
export const rest = defineStep({
  key: 'rest',
  doc: 'output off, open circuit; 0 A with the output on is cc: { current_A: 0 }',
  example: '{ rest: {}, for_h: 1 }',
  own: {},
  ends: 'bound',
  says: () => 'output off, open circuit',
  resume: 'continue',
  isElectrical: true,
});
