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
  says: ({ main, value, plain }) => {
    const parts = [
      `${main.name} follows ${main.value}`,
      value('per') === undefined ? '' : `no faster than ${value('per')}`,
      value('max') === undefined ? '' : `at most ${value('max')}`,
      value('min') === undefined
        ? ''
        : `off below ${value('min')}, on again from ${value('restart') ?? value('min')}`,
    ];
    // In brackets: how long it is followed stands behind.
    const around = [
      plain('standby') === undefined ? '' : `sets ${plain('standby')} when it goes off`,
      plain('restart') === undefined ? '' : `sets ${plain('restart')} before it comes back`,
    ].filter(part => part !== '');
    const whole = parts.filter(part => part !== '').join('; ');
    return around.length === 0 ? whole : `${whole} (${around.join('; ')})`;
  },
  resume: 'continue',
  isElectrical: true,
});
