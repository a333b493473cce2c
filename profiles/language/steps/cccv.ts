import { defineStep } from '../file/define-step.ts';

/** The current until the voltage limits, then the voltage. */
export const cccv = defineStep({
  key: 'cccv',
  doc: 'the current until the voltage is there, then that voltage; until counts only from then on',
  example: '{ cccv: { current_C: 1/2, voltage_V: 4.2 }, until: cell.current_C < 1/20, within_h: 4 }',
  own: {
    stems: { current: 'set current', voltage: 'voltage at which it is limited' },
    oneOf: ['voltage'],
    needs: ['current'],
    roles: 'voltage',
  },
  ends: 'bound',
  says: ({ main, value }) => `${value('current')} until ${main.name} is ${main.value}, then held there`,
  resume: 'continue',
  isElectrical: true,
});
