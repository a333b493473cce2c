import type { BenchNames } from '../../../profiles/language/bench/reference.ts';

/** Benches as the names of a method see them. */

const one = { isArray: false };
const SET = [
  'chamber.temperatureSet_degC',
  'cathode.pressureSet_barg',
  'n2.anodeValveSet_on',
  'n2.pressureSet_barg',
  'sample.valveSet_on',
];
const AROUND = [
  'tank.pressureSet_barg',
  'steam.fractionSet_pct',
  'n2.flowSet_NL_per_min',
  'h2.flowSet_NL_per_min',
  'o2.flowSet_NL_per_min',
];
const electrical = (kind: string): string[] =>
  ['currentSet_A', 'voltageSet_V', 'powerSet_W', ...(kind === 'cell' ? ['resistanceSet_Ohm'] : [])].map(
    name => `${kind}.${name}`,
  );

/** A cell of 5 Ah in a chamber, with everything around that the example files ask for. */
export const cell: BenchNames = {
  subjectKind: 'cell',
  measured: new Map(
    [
      'cell.voltage_V',
      'cell.current_A',
      'cell.temperature_degC',
      'cell.negativePotential_V',
      'mix.o2_vol_pct',
      'mix.h2_vol_pct',
      'tank.pressure_barg',
      'tank.temperature_degC',
    ].map(name => [name, one]),
  ),
  settable: [...SET, ...AROUND, ...electrical('cell'), 'cell.negativePotentialSet_V'],
  controlled: ['cell.negativePotential_V'],
  subject: { capacity_Ah: 5, voltageMin_V: 2.5, voltageMax_V: 4.2, activeArea_cm2: 10 },
  bench: { tankVolume_L: 1, sampleVolume_L: 0.1 },
};
/** A stack of five cells of 100 cm2. */
export const stack: BenchNames = {
  subjectKind: 'stack',
  measured: new Map([
    ...[
      'stack.voltage_V',
      'stack.current_A',
      'o2.h2_vol_pct',
      'cathode.pressure_barg',
      'mix.o2_vol_pct',
      'mix.h2_vol_pct',
    ].map(name => [name, one] as const),
    ['cell.voltage_V', { isArray: true }],
  ]),
  settable: [...SET, ...AROUND, ...electrical('stack')],
  subject: {
    activeArea_cm2: 100,
    cells_count: 5,
    currentNominal_A: 200,
    powerNominal_W: 2000,
    pressureMax_barg: 35,
  },
  bench: {},
};
const STACK_FILES = [
  'ast-triangle',
  'durability-1000h',
  'eis-at-loads',
  'emf-steam',
  'gas-mix',
  'high-pressure',
  'stack-polarisation',
  'wind-and-frequency',
];

/** Whether an example file is one for a stack. */
export function isStackFile(name: string): boolean {
  return STACK_FILES.includes(name.replace('.yaml', ''));
}
