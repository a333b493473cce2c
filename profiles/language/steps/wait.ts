import { defineStep } from '../file/define-step.ts';

/** All stays as it is. */
export const wait = defineStep({
  key: 'wait',
  doc: 'all set values stay as they are',
  example: '{ wait: {}, until: o2.h2_vol_pct < 1 for 5 min, within_min: 30 }',
  own: {},
  ends: 'bound',
  says: () => 'all set values stay',
  resume: 'continue',
});
