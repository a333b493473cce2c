import { z } from 'zod';
import { defineStep } from '../file/define-step.ts';
import { anyValue } from '../file/keys.ts';

const sets = z.record(z.string(), anyValue).optional();

/** One quantity by an expression of data and time. */
export const follow = defineStep({
  key: 'follow',
  doc: 'one quantity or role by an expression of data and step.time_s, worked out each tick; below min_ it goes to standby until restart_',
  example: '{ follow: { power_W: -us06.power_W }, until: cell.voltage_V < 2.5, for_h: 12 }',
  own: {
    stems: {
      current: 'current that is followed',
      voltage: 'voltage that is followed',
      power: 'power that is followed',
      per: 'fastest change, in the unit of the quantity',
      min: 'below it the load goes off',
      restart: 'from here on the load comes back',
      max: 'what is asked beyond it is left out',
    },
    oneOf: ['current', 'voltage', 'power'],
    roles: 'one',
    plain: {
      standby: sets.meta({ description: 'set when the load goes off' }),
      restart: sets.meta({ description: 'set before it comes back' }),
    },
  },
  ends: 'data',
  resume: 'continue',
  isElectrical: true,
});
