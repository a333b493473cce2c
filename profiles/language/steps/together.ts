import { defineStep } from '../file/define-step.ts';

/** Lists of steps side by side. */
export const together = defineStep({
  key: 'together',
  doc: 'lists of steps side by side; the first leads, the others are left when it ends; no role in two of them',
  example: '{ together: [[...], [...]] }',
  own: 'lanes',
  ends: 'itself',
  says: () => 'side by side: the first leads, the others are left when it ends',
  resume: 'continue',
});
