/** Experiments of PyBaMM with what they are here. `back`: what is written of that, where it is not the same text. */
export interface Experiment {
  readonly what: string;
  readonly python: string;
  readonly ours: readonly string[];
  readonly back?: string;
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    what: 'a charge for a time',
    python: '["Charge at 1C for 30 minutes"]',
    ours: ['- { cc: { current_C: 1 }, for_min: 30 }'],
  },
  {
    what: 'a discharge for a time',
    python: '["Discharge at 2 A for 90 seconds"]',
    ours: ['- { cc: { current_A: -2 }, for_s: 90 }'],
  },
  {
    what: 'a part of C',
    python: '["Discharge at C/20 for 5 hours"]',
    ours: ['- { cc: { current_C: -0.05 }, for_h: 5 }'],
  },
  {
    what: 'a third of C',
    python: '["Charge at C/3 for 1 hour"]',
    ours: [`- { cc: { current_C: ${1 / 3} }, for_h: 1 }`],
  },
  {
    what: 'mA',
    python: '["Charge at 250 mA for 2 hours"]',
    ours: ['- { cc: { current_A: 0.25 }, for_h: 2 }'],
    back: '["Charge at 0.25 A for 2 hours"]',
  },
  {
    what: 'units without a space',
    python: '["Discharge at 1.5A for 20s"]',
    ours: ['- { cc: { current_A: -1.5 }, for_s: 20 }'],
    back: '["Discharge at 1.5 A for 20 seconds"]',
  },
  { what: 'a rest', python: '["Rest for 10 minutes"]', ours: ['- { rest: {}, for_min: 10 }'] },
  {
    what: 'power out',
    python: '["Discharge at 5 W for 1 hour"]',
    ours: ['- { cp: { power_W: -5 }, for_h: 1 }'],
  },
  {
    what: 'power in, mW',
    python: '["Charge at 800mW for 1 hour"]',
    ours: ['- { cp: { power_W: 0.8 }, for_h: 1 }'],
    back: '["Charge at 0.8 W for 1 hour"]',
  },
  {
    what: 'a resistance',
    python: '["Discharge at 0.5 Ohm for 1 hour or until 2.8 V"]',
    ours: ['- { cr: { resistance_Ohm: 0.5 }, until: cell.voltage_V < 2.8, for_h: 1 }'],
  },
  {
    what: 'a held voltage',
    python: '["Hold at 4.1 V for 20 seconds"]',
    ours: ['- { cv: { voltage_V: 4.1 }, for_s: 20 }'],
  },
  {
    what: 'charged until a voltage: above',
    python: '["Charge at 0.3 A until 4.15 V"]',
    ours: ['- { cc: { current_A: 0.3 }, until: cell.voltage_V > 4.15, within_h: 24 }'],
  },
  {
    what: 'discharged until a voltage: below',
    python: '["Discharge at 0.3 A until 2.7 V"]',
    ours: ['- { cc: { current_A: -0.3 }, until: cell.voltage_V < 2.7, within_h: 24 }'],
  },
  {
    what: 'a rate has twice its time',
    python: '["Charge at C/10 until 4.2 V"]',
    ours: ['- { cc: { current_C: 0.1 }, until: cell.voltage_V > 4.2, within_h: 20 }'],
  },
  {
    what: 'a rate whose time is no round number',
    python: '["Discharge at 0.7C until 3 V"]',
    ours: ['- { cc: { current_C: -0.7 }, until: cell.voltage_V < 3, within_h: 2.85714285714 }'],
  },
  {
    what: 'a time or a voltage',
    python: '["Discharge at 1C for 1 hour or until 2.5 V"]',
    ours: ['- { cc: { current_C: -1 }, until: cell.voltage_V < 2.5, for_h: 1 }'],
  },
  {
    what: 'a hold until a rate',
    python: '["Hold at 4.2 V until C/50"]',
    ours: ['- { cv: { voltage_V: 4.2 }, until: abs(cell.current_C) < 0.02, within_h: 24 }'],
  },
  {
    what: 'a hold until a current',
    python: '["Hold at 4.2 V for 3 hours or until 0.05 A"]',
    ours: ['- { cv: { voltage_V: 4.2 }, until: abs(cell.current_A) < 0.05, for_h: 3 }'],
  },
  {
    what: 'a rest until a voltage, with its sign',
    python: '["Rest for 5 hours or until < 3.3 V"]',
    ours: ['- { rest: {}, until: cell.voltage_V < 3.3, for_h: 5 }'],
  },
  {
    what: 'power until a voltage',
    python: '["Charge at 3 W until 4.2 V"]',
    ours: ['- { cp: { power_W: 3 }, until: cell.voltage_V > 4.2, within_h: 24 }'],
  },
  {
    what: 'a period of one step',
    python: '["Discharge at 1C for 1 hour (10 seconds period)"]',
    ours: ['- { cc: { current_C: -1 }, for_h: 1, record: { every_s: 10 } }'],
  },
  {
    what: 'a cycle',
    python: '[("Charge at 1C until 4.2 V", "Discharge at 1C until 2.5 V",)]',
    ours: [
      '- steps:',
      '    - { cc: { current_C: 1 }, until: cell.voltage_V > 4.2, within_h: 2 }',
      '    - { cc: { current_C: -1 }, until: cell.voltage_V < 2.5, within_h: 2 }',
    ],
  },
  {
    what: 'a cycle 100 times',
    python: '[("Charge at 1C until 4.2 V", "Rest for 1 hour",)] * 100',
    ours: [
      '- repeat: { times: 100 }',
      '  steps:',
      '    - { cc: { current_C: 1 }, until: cell.voltage_V > 4.2, within_h: 2 }',
      '    - { rest: {}, for_h: 1 }',
    ],
  },
  {
    what: 'steps, a loop, steps',
    python: '["Rest for 1 hour"] + [("Charge at 1 A for 1 hour",)] * 3 + ["Rest for 2 hours"]',
    ours: [
      '- { rest: {}, for_h: 1 }',
      '- repeat: { times: 3 }',
      '  steps:',
      '    - { cc: { current_A: 1 }, for_h: 1 }',
      '- { rest: {}, for_h: 2 }',
    ],
  },
  {
    what: 'loops inside each other',
    python: '([("Charge at 1 A for 1 hour",)] * 3 + ["Rest for 2 hours"]) * 4',
    ours: [
      '- repeat: { times: 4 }',
      '  steps:',
      '    - repeat: { times: 3 }',
      '      steps:',
      '        - { cc: { current_A: 1 }, for_h: 1 }',
      '    - { rest: {}, for_h: 2 }',
    ],
  },
  {
    what: 'functions: discharge is positive',
    python: '[pybamm.step.current(1.5, duration="1 hour"), pybamm.step.c_rate(-0.5, duration=60)]',
    ours: ['- { cc: { current_A: -1.5 }, for_h: 1 }', '- { cc: { current_C: 0.5 }, for_s: 60 }'],
    back: '["Discharge at 1.5 A for 1 hour", "Charge at C/2 for 1 minute"]',
  },
  {
    what: 'several ends',
    python: '[pybamm.step.c_rate(-0.5, duration="4 hours", termination=["4.2 V", "0.1 A"])]',
    ours: [
      '- { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2 or abs(cell.current_A) < 0.1, for_h: 4 }',
    ],
  },
  {
    what: 'a function of each kind',
    python:
      '[pybamm.step.voltage(4, termination="C/20"), pybamm.step.power(-2, duration=60), pybamm.step.resistance(3, duration=60), pybamm.step.rest("1 hour")]',
    ours: [
      '- { cv: { voltage_V: 4 }, until: abs(cell.current_C) < 0.05, within_h: 24 }',
      '- { cp: { power_W: 2 }, for_s: 60 }',
      '- { cr: { resistance_Ohm: 3 }, for_s: 60 }',
      '- { rest: {}, for_h: 1 }',
    ],
    back: '["Hold at 4 V until C/20", "Charge at 2 W for 1 minute", "Discharge at 3 Ohm for 1 minute", "Rest for 1 hour"]',
  },
  {
    what: '0 A with the output on',
    python: '[pybamm.step.current(0, duration="10 minutes")]',
    ours: ['- { cc: { current_A: 0 }, for_min: 10 }'],
  },
  {
    what: 'a temperature of some steps',
    python:
      '[pybamm.step.string("Rest for 1 hour", temperature="45 oC"), pybamm.step.string("Rest for 2 hours", temperature="25 oC")]',
    ours: [
      '- { set: { chamber.temperature_degC: 45 } }',
      '- { rest: {}, for_h: 1 }',
      '- { set: { chamber.temperature_degC: 25 } }',
      '- { rest: {}, for_h: 2 }',
    ],
  },
  {
    what: 'the period and the temperature of all',
    python: '["Rest for 1 hour"], period="30 seconds", temperature="25 oC"',
    ours: ['- { set: { chamber.temperature_degC: 25 } }', '- { rest: {}, for_h: 1 }'],
  },
];
