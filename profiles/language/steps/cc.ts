import { approach, defineStep } from '../file/define-step.ts';

/** Constant current. */
export const cc = defineStep({
  key: 'cc',
  doc: 'constant current; positive charges and drives an electrolyser. With per_: approached at this rate, time counts from arrival',
  example: '{ cc: { current_C: -1/3 }, until: cell.voltage_V < 2.5, within_h: 4 }',
  own: {
    stems: { current: 'set current', per: 'rate of the approach, in the unit of the current' },
    oneOf: ['current'],
  },
  ends: 'bound',
  says: ({ main, value }) => `${main.value}${approach(value('per'))}`,
  resume: 'continue',
  isElectrical: true,
});
