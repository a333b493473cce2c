import { approach, defineStep } from '../file/define-step.ts';

/** Constant resistance. */
export const cr = defineStep({
  key: 'cr',
  doc: 'discharge into a constant resistance',
  example: '{ cr: { resistance_mOhm: 100 }, until: cell.voltage_V < 2.5, within_h: 2 }',
  own: {
    stems: { resistance: 'set resistance', per: 'rate of the approach, in the unit of the resistance' },
    oneOf: ['resistance'],
  },
  ends: 'bound',
  says: ({ main, value }) => `discharge into ${main.value}${approach(value('per'))}`,
  resume: 'continue',
  isElectrical: true,
});
