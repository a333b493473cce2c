import {
  bronkhorstModbus,
  easidew,
  fa510,
  floats,
  redY,
  xgardBright,
  xgardIq,
} from '../../../sim/device/modbus/gas.ts';
import type { FamilyCase } from './modbus-bench.ts';

/** Cases of modbus-families.test.ts: flow controllers, gas detectors, dew points. */

const plate = { unit: 'ln/min', fluid: 'H2', capacity: 50 } as const;
const flow = { unit: 'ln/min', fluid: 'H2', flowMax: 50 } as const;
const detector = { about: { volPctPerShown: 0.04, rangeMax: 4 } };

export const GAS_CASES: Readonly<Record<string, FamilyCase>> = {
  bronkhorst: {
    wire: 'tcp',
    make: ground => bronkhorstModbus(ground, { ...plate, reference: [0, 1013.25] }),
    // Litres at 20 degC: all else is the same.
    stranger: ground => bronkhorstModbus(ground, { ...plate, reference: [20, 1013.25] }),
    options: { about: { ...flow, referenceTemperature: 0, referencePressure: 1013.25 } },
    feels: { flow: 12.5 },
    reads: { flow_NL_per_min: 12.5, followsBus_on: 1 },
    breaks: ['flow', 'flow_NL_per_min'],
  },
  'voegtlin-red-y': {
    wire: 'tcp',
    make: ground => redY(ground, plate),
    stranger: ground => redY(ground, { ...plate, unit: 'mln/min' }),
    options: { unit: 1, about: flow },
    feels: { flow: 12.5, temperature: 23 },
    reads: { flow_NL_per_min: 12.5, gasTemperature_degC: 23 },
    breaks: ['flow', 'flow_NL_per_min'],
  },
  'crowcon-xgardiq': {
    wire: 'tcp',
    make: ground => xgardIq(ground, { alarmAt: 25 }),
    // No such registers.
    stranger: ground => easidew(ground),
    options: detector,
    feels: { content: 30 },
    reads: { h2_vol_pct: 1.2, sensorReady_on: 1, fault_on: 0, alarm1_on: 1, alarm2_on: 0 },
    breaks: ['content', 'h2_vol_pct'],
  },
  'crowcon-xgard-bright': {
    wire: 'tcp',
    make: ground => xgardBright(ground),
    stranger: ground => easidew(ground),
    options: detector,
    feels: { content: 30 },
    reads: { h2_vol_pct: 1.2 },
    breaks: ['content', 'h2_vol_pct'],
  },
  'michell-easidew': {
    wire: 'tcp',
    make: ground => easidew(ground),
    // A dew point that none could show.
    stranger: ground => floats(ground, { 101: 'moisture' }),
    options: {},
    feels: { dewPoint: -62.5, moisture: 700 },
    reads: { dewPoint_degC: -62.5 },
    breaks: ['dewPoint', 'dewPoint_degC'],
  },
  'cs-fa510': {
    wire: 'tcp',
    make: ground => fa510(ground),
    stranger: ground => floats(ground, { 1006: 'far' }),
    options: {},
    feels: { temperature: 22, dewPoint: -41, atmospheric: -63, far: 900 },
    reads: { gasTemperature_degC: 22, dewPoint_degC: -41, atmosphericDewPoint_degC: -63 },
    breaks: ['dewPoint', 'dewPoint_degC'],
  },
};
