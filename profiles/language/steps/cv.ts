import { approach, defineStep } from '../file/define-step.ts';

/** Constant voltage, or a constant potential of one electrode. */
export const cv = defineStep({
  key: 'cv',
  doc: 'constant voltage, or the potential of one electrode',
  example: '{ cv: { voltage_V: 4.2 }, until: abs(cell.current_C) < 1/20, within_h: 3 }',
  own: {
    stems: { voltage: 'set voltage', per: 'rate of the approach, in the unit of the voltage' },
    oneOf: ['voltage'],
    roles: 'voltage',
  },
  ends: 'bound',
  says: ({ main, value }) => `${main.name} at ${main.value}${approach(value('per'))}`,
  resume: 'continue',
  isElectrical: true,
});
