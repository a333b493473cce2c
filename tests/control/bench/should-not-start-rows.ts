import type { Row } from './should-not-start-row.ts';

/** What is changed in the PEM example so that it should not start, the line that is told, and the reason. */

const SUPPLY =
  '    - { device: supply, within_s: 0.3, otherwise: open the DC contactor with the emergency stop }\n';
const OFF = "- { role: stack.current_A, is: '<', limit: 5, within_s: 1,";
const WHEN = " when: { role: stack.current_A, is: '<', limit: 5 },";
const VENT = 'rate_bar_per_min: 3, role: cathode.pressure_barg, below: 0.5, within_s: 1200';

const PUMP =
  '    - { set: water.pumpSet_on, to: 1, within_s: 0.5, otherwise: start the water pump at its own panel }\n';
const SWEEP_AFTER = '    - { set: n2.pressureSet_barg, to: 2,';

export const PEM_ROWS: readonly Row[] = [
  {
    what: 'a safe state that switches the supply on again',
    changes: [[PUMP, `${PUMP}    - { set: stack.outputSet_on, to: 1, within_s: 1, otherwise: by hand }\n`]],
    at: '    - { set: stack.outputSet_on',
    says: /sets stack\.outputSet_on to 1, which drives current again, expected 0/,
  },
  {
    what: 'a safe state that asks for current behind the vent',
    changes: [
      [
        SWEEP_AFTER,
        `    - { set: stack.currentSet_A, to: 1000, within_s: 1, otherwise: by hand }\n${SWEEP_AFTER}`,
      ],
    ],
    at: '    - { set: stack.currentSet_A',
    says: /sets stack\.currentSet_A to 1000, which drives current again, expected 0/,
  },
  {
    what: 'pressure again behind the vent',
    changes: [
      [
        SWEEP_AFTER,
        `    - { set: cathode.pressureSet_barg, to: 30, within_s: 1, otherwise: by hand }\n${SWEEP_AFTER}`,
      ],
    ],
    at: '    - { set: cathode.pressureSet_barg',
    says: /asks for 30 barg where safeState\.steps\[10\] has vented below 0\.5/,
    accept: [
      'to: 30, within_s: 1, otherwise',
      'to: 30, accepted: the reason of this lab, within_s: 1, otherwise',
    ],
  },
  {
    what: 'a line that a later one undoes',
    changes: [[PUMP, `${PUMP}${PUMP.replace('to: 1', 'to: 0')}`]],
    at: '    - { set: water.pumpSet_on, to: 0',
    says: /sets water\.pumpSet_on to 0, safeState\.steps\[7\] to 1, expected one value/,
  },
  {
    what: 'a proof that does not hold without load either',
    changes: [[OFF, OFF.replace('limit: 5', 'limit: -5')]],
    at: "- { role: stack.current_A, is: '<', limit: -5",
    says: /does not hold without any load|can never hold/,
  },
  {
    what: 'a safe state without the supply',
    changes: [[SUPPLY, '']],
    at: '  supply:\n',
    says: /devices\.supply: can drive current, and no line of the safe state sets its outputSet_on to 0/,
    accept: ['    driver: ea/psb-10000', '    accepted: the reason of this lab\n    driver: ea/psb-10000'],
  },
  {
    what: 'the supply after the valves',
    changes: [
      [SUPPLY, ''],
      ['    - { set: anode.ventValveSet_on', `${SUPPLY}    - { set: anode.ventValveSet_on`],
    ],
    at: '    - { set: h2.outletValveSet_on',
    says: /h2\.outletValveSet_on comes before supply is off/,
  },
  {
    what: 'a heater left as it was',
    changes: [
      [
        '    - { set: stack.temperatureSet_degC, to: 25, within_s: 0.5, otherwise: switch the heater off at its own panel }\n',
        '',
      ],
    ],
    at: '  stack.temperatureSet_degC: { min',
    says: /no line of the safe state puts stack\.temperatureSet_degC anywhere/,
    accept: ['{ min: 15, max: 70 }', '{ min: 15, max: 70, accepted: "the reason of this lab" }'],
  },
  {
    what: 'a device without a safe list of its own',
    changes: [
      [
        '    - { vent: cathode',
        '    - { device: gas, within_s: 1, otherwise: by hand }\n    - { vent: cathode',
      ],
    ],
    at: '    - { device: gas',
    says: /gas has no safe list of its own: this line does nothing/,
  },
  {
    what: 'no proof that the output is off',
    changes: [[`    ${OFF} otherwise: open the DC contactor with the emergency stop }\n`, '']],
    at: '  supply:\n',
    says: /no proof of the safe state shows that supply is off/,
  },
  {
    what: 'a proof that is always true',
    changes: [[OFF, OFF.replace('5,', '2640,')]],
    at: "- { role: stack.current_A, is: '<', limit: 2640",
    says: /stack\.current_A < 2640 always holds, supply shows -2640\.\.2640 A/,
    accept: ['limit: 2640, within_s: 1,', 'limit: 2640, accepted: "the reason of this lab", within_s: 1,'],
  },
  {
    what: 'a proof that holds under load',
    changes: [[OFF, OFF.replace('5,', '150,')]],
    at: "- { role: stack.current_A, is: '<', limit: 150",
    says: /holds under load \(lowest load 100 A\)/,
  },
  {
    what: 'a safe line beyond the gate',
    changes: [['set: stack.temperatureSet_degC, to: 25', 'set: stack.temperatureSet_degC, to: 85']],
    at: '- { set: stack.temperatureSet_degC, to: 85',
    says: /\.to: sets stack\.temperatureSet_degC to 85, beyond the limits of this bench, expected 15\.\.70 degC/,
    accept: ['to: 85, within_s: 0.5,', 'to: 85, accepted: "the reason of this lab", within_s: 0.5,'],
  },
  {
    what: 'a vent that vents nothing',
    changes: [[VENT, VENT.replace('0.5', '39')]],
    at: '- { vent: ',
    says: /ends below 39 barg vents nothing/,
  },
  {
    what: 'a vent too slow for its time',
    changes: [[VENT, VENT.replace('per_min: 3', 'per_min: 1')]],
    at: '- { vent: ',
    says: /1 bar\/min takes 2070 s from 35 to 0\.5 barg, longer than the line's 1200 s/,
  },
  {
    what: 'a gas outlet shut under current',
    changes: [[WHEN, '']],
    at: '- { set: h2.outletValveSet_on',
    says: /shuts the gas outlet \(h2\.outletValveSet_on\) whatever current flows, expected when: /,
    accept: [
      'to: 0, within_s: 0.5, otherwise: close the H2',
      'to: 0, accepted: "the reason of this lab", within_s: 0.5, otherwise: close the H2',
    ],
  },
  {
    what: 'gate above what the stack is made for',
    changes: [
      ['cathode.pressureSet_barg: { min: 0, max: 34,', 'cathode.pressureSet_barg: { min: 0, max: 36,'],
    ],
    at: '  cathode.pressureSet_barg: { min',
    says: /36 barg is beyond what is under test \(stack\.pressureMax_barg 35\)/,
  },
  {
    what: 'the old example: gate 36, trip 35, stack 30',
    changes: [
      ['pressureMax_barg: 35', 'pressureMax_barg: 30'],
      ['cathode.pressureSet_barg: { min: 0, max: 34,', 'cathode.pressureSet_barg: { min: 0, max: 36,'],
    ],
    at: '  cathode.pressureSet_barg: { min',
    says: /stack\.pressureMax_barg 30/,
  },
  {
    what: 'trip above what the stack is made for',
    changes: [["trips: '>', limit: 35, rearm: 32", "trips: '>', limit: 38, rearm: 32"]],
    at: 'id: cathode-pressure-high',
    says: /interlocks\[12\]\.limit: 38 barg is beyond what is under test/,
    accept: ['limit: 38, rearm: 32,', 'limit: 38, rearm: 32, accepted: "the reason of this lab",'],
  },
  {
    what: 'gate above its own trip',
    changes: [['stack.currentSet_A: { min: 0, max: 2050', 'stack.currentSet_A: { min: 0, max: 2200']],
    at: '  stack.currentSet_A: { min',
    says: /2200 may be set although stack-current-high trips at 2150 A/,
  },
  {
    what: 'warning above the trip',
    changes: [['limit: 1.0, rearm: 0.9', 'limit: 5, rearm: 0.9']],
    at: 'id: h2-in-o2-warn',
    says: /warn at 5 stands beyond h2-in-o2-trip \(trip at 2\)/,
    accept: ['limit: 5, rearm: 0.9,', 'limit: 5, rearm: 0.9, accepted: "the reason of this lab",'],
  },
  {
    what: 'limit at the end of the range',
    changes: [["trips: '>', limit: 305, rearm: 295", "trips: '>', limit: 396, rearm: 295"]],
    at: 'id: stack-voltage-high',
    says: /396 is the end of what supply can show/,
  },
  {
    what: 'watchdog shorter than two polls',
    changes: [['timeout_s: 5 }\n  rack:', 'timeout_s: 1.5 }\n  rack:']],
    at: '    watchdog: { timeout_s: 1.5',
    says: /devices\.supply\.watchdog\.timeout_s: 1\.5 s with poll_s 1 s would fire between two polls/,
    accept: ['timeout_s: 1.5 }', 'timeout_s: 1.5, accepted: "the reason of this lab" }'],
  },
  {
    what: 'watchdog of ten hours',
    changes: [['timeout_s: 5 }\n  rack:', 'timeout_s: 36000 }\n  rack:']],
    at: '    watchdog: { timeout_s: 36000',
    says: /expected at most 60 s/,
  },
  {
    what: 'watchdog of a driver without one',
    changes: [['      map: cell-rack.yaml', '      map: cell-rack.yaml\n    watchdog: { timeout_s: 7 }']],
    at: '    watchdog: { timeout_s: 7',
    says: /generic\/modbus-map has no watchdog/,
  },
  {
    what: 'watchdog left out',
    changes: [['    watchdog: { timeout_s: 5 }\n  rack:', '  rack:']],
    at: '  supply:\n',
    says: /has a watchdog of its own that is not armed/,
  },
  {
    what: 'delay beyond reason',
    changes: [['limit: 0.5, delay_s: 3, reaction: trip', 'limit: 0.5, delay_s: 1e9, reaction: trip']],
    at: 'id: ventilation',
    says: /acts only after 1000000000 s, expected at most 60 s/,
  },
  {
    what: 'stale time beyond reason',
    changes: [
      ['    stale_after_s: 3\n    options:\n      host', '    stale_after_s: 1e6\n    options:\n      host'],
    ],
    at: '    stale_after_s: 1e6',
    says: /1000000 s old values would still count/,
  },
  {
    what: 'fewer cells than the rack has channels',
    changes: [['  cells: 135', '  cells: 5']],
    at: '  cells: 5',
    says: /5 cells, but rack has 135 channels behind cell\.voltage_V\[\]/,
    accept: ['  cells: 5', '  cells: 5\n  accepted: the reason of this lab'],
  },
  {
    what: 'two roles on one channel',
    changes: [
      ['anode.pressure_barg: rack.anodePressure_barg', 'anode.pressure_barg: gas.cathodePressure_barg'],
    ],
    at: '  cathode.pressure_barg: gas',
    says: /"gas\.cathodePressure_barg" is anode\.pressure_barg already/,
  },
  {
    what: 'two roles on one settable',
    changes: [
      [
        'stack.powerSet_W: supply.powerSet_W',
        'stack.powerSet_W: supply.powerSet_W\n  spare.powerSet_W: supply.powerSet_W',
      ],
    ],
    at: '  spare.powerSet_W',
    says: /"supply\.powerSet_W" is stack\.powerSet_W already/,
  },
  {
    what: 'half a pump',
    changes: [['water.pumpSet_on: { min: 0, max: 1 }', 'water.pumpSet_on: { min: 0, max: 0.5 }']],
    at: '  water.pumpSet_on: { min',
    says: /is on or off, 0\.5 is neither, expected 0 or 1/,
  },
  {
    what: 'a poll of a nanosecond',
    changes: [
      [
        '    poll_s: 1\n    stale_after_s: 3\n    options:\n      host',
        '    poll_s: 1e-9\n    stale_after_s: 3\n    options:\n      host',
      ],
    ],
    at: '    poll_s: 1e-9',
    says: /expected a time between two polls of 0\.001\.\.3600 s/,
  },
  {
    what: 'a name that JavaScript keeps',
    changes: [['limits:\n', 'limits:\n  __proto__: { min: 0, max: 1 }\n']],
    at: '  __proto__',
    says: /"__proto__" is no name/,
  },
  {
    what: 'a device of the language',
    changes: [['- { device: supply,', '- { device: constructor,']],
    at: '- { device: constructor',
    says: /the bench has no device "constructor"/,
  },
  {
    what: 'a reason that accepts nothing',
    changes: [['limit: 1.0, rearm: 0.9,', 'limit: 1.0, rearm: 0.9, accepted: old,']],
    at: 'id: h2-in-o2-warn',
    says: /interlocks\[0\]\.accepted: accepts nothing/,
  },
  {
    what: 'one reason for two checks',
    changes: [['limit: 1.0, rearm: 0.9, delay_s: 2', 'limit: 5, rearm: 0.9, accepted: one, delay_s: 700']],
    at: 'id: h2-in-o2-warn',
    says: /accepted: \{ warn-beyond-trip: "<reason>", delay-beyond-reason: "<reason>" \}/,
  },
];
