import { approach, defineStep } from '../file/define-step.ts';

/** Constant power. */
export const cp = defineStep({
  key: 'cp',
  doc: 'constant power; positive charges and drives an electrolyser',
  example: '{ cp: { power_W: -18 }, until: cell.voltage_V < 2.5, within_h: 2 }',
  own: {
    stems: { power: 'set power', per: 'rate of the approach, in the unit of the power' },
    oneOf: ['power'],
  },
  ends: 'bound',
  says: ({ main, value }) => `${main.value}${approach(value('per'))}`,
  resume: 'continue',
  isElectrical: true,
});
