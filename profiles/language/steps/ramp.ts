import { defineStep } from '../file/define-step.ts';
import { value } from '../file/keys.ts';

/** One role or electrical quantity to a target, at a rate or in a time. */
export const ramp = defineStep({
  key: 'ramp',
  doc: 'one role or electrical quantity from where it stands to a target, at a rate (per_) or in a time (in_)',
  example: '{ ramp: { cathode.pressure_barg: 30, per_min: 0.9, pause_every: 5, pause_min: 5 } }',
  own: {
    stems: {
      current: 'target',
      voltage: 'target',
      power: 'target',
      per: 'rate, in the unit of the target',
      in: 'time of the whole ramp',
      pause: 'how long it stands after each pause_every',
    },
    oneOf: ['current', 'voltage', 'power'],
    roles: 'one',
    plain: {
      pause_every: value.optional().meta({ description: 'stands after so much, in the unit of the target' }),
    },
  },
  ends: 'itself',
  says: ({ main, value, plain }) => {
    const way = value('per') === undefined ? `in ${value('in')}` : `at ${value('per')}`;
    const pause = plain('pause_every');
    const stands = pause === undefined ? '' : `, standing ${value('pause')} after each ${pause}`;
    return `${main.name} from where it stands to ${main.value}, ${way}${stands}`;
  },
  resume: 'continue',
});
