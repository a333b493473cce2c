import { bronkhorstModbus, easidew, fa510, redY, xgardBright, xgardIq } from '../device/modbus/gas.ts';
import type { Family, FamilyTold } from './modbus-families.ts';

/** Flow controllers, gas detectors and dew points among the families of register maps. */

const figure = (told: FamilyTold, key: string, otherwise: number): number => {
  const value = told.about[key];
  return typeof value === 'number' ? value : otherwise;
};
const word = (told: FamilyTold, key: string, otherwise: string): string =>
  String(told.about[key] ?? otherwise);
const plateOf = (told: FamilyTold) => ({
  unit: word(told, 'unit', 'ln/min'),
  fluid: word(told, 'fluid', 'H2'),
  capacity: figure(told, 'flowMax', 20),
});
const flow = { flow_NL_per_min: ['flow', 1], flowSet_NL_per_min: ['flow', 1] } as const;
const content: Family['channels'] = told => ({
  h2_vol_pct: ['content', figure(told, 'volPctPerShown', 1)],
});
const detector = { about: { volPctPerShown: 0.04, rangeMax: 4 } };

export const GAS_FAMILIES: Readonly<Record<string, Family>> = {
  bronkhorst: {
    make: (ground, told) => bronkhorstModbus(ground, { ...plateOf(told), reference: [0, 1013.25] }),
    channels: () => flow,
    sample: {
      about: {
        unit: 'ln/min',
        fluid: 'H2',
        flowMax: 20,
        referenceTemperature: 0,
        referencePressure: 1013.25,
      },
    },
  },
  'voegtlin-red-y': {
    make: (ground, told) => redY(ground, plateOf(told)),
    channels: () => ({ ...flow, gasTemperature_degC: ['temperature', 1] }),
    rests: { temperature: 22 },
    sample: { unit: 247, about: { unit: 'ln/min', fluid: 'H2', flowMax: 20 } },
  },
  'crowcon-xgardiq': {
    make: (ground, told) =>
      xgardIq(ground, {
        alarmAt: (0.25 * figure(told, 'rangeMax', 4)) / figure(told, 'volPctPerShown', 1),
      }),
    channels: content,
    sample: detector,
  },
  'crowcon-xgard-bright': { make: ground => xgardBright(ground), channels: content, sample: detector },
  'michell-easidew': {
    make: ground => easidew(ground),
    channels: () => ({ dewPoint_degC: ['dewPoint', 1] }),
    rests: { dewPoint: -60 },
    sample: {},
  },
  'cs-fa510': {
    make: ground => fa510(ground),
    channels: () => ({
      gasTemperature_degC: ['temperature', 1],
      dewPoint_degC: ['dewPoint', 1],
      atmosphericDewPoint_degC: ['atmospheric', 1],
    }),
    rests: { temperature: 22, dewPoint: -40, atmospheric: -60 },
    sample: {},
  },
};
