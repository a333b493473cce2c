import { defineStep } from '../file/define-step.ts';

/** Steps as one. */
export const group = defineStep({
  key: 'steps',
  doc: 'steps as one: with ends, limits and records for all of them',
  example: '{ steps: [{ rest: {}, for_h: 1 }], within_h: 2 }',
  own: 'steps',
  ends: 'itself',
  says: () => 'these steps as one',
  resume: 'continue',
});
