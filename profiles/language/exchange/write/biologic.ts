import type { PlainEis, PlainEnd, PlainMethod, PlainRecord, PlainStep } from '../plain-step.ts';
import { flatten } from './flat.ts';
import { ampere, fixed, noSuchEnd, timeOf, type Writing, withoutCccv } from './parts.ts';

/**
 * Writes a settings file of EC-Lab with one Modulo Bat technique: rows of 20 characters a column, a column a sequence.
 * Facts: EmpaEconversion/aurora-unicycler `_formats/biologic.py` (tried there on MPG2, EC-Lab 11.52 and 11.61),
 * TRI-AMDD/beep `protocol/`. The file is in Latin-1: micro would be read as milli otherwise.
 */

type Column = Readonly<Record<string, string>>;

const WIDTH = 20;
/** Loops may not stand inside each other. */
const LOOPS = { hasBegin: false, deepest: 1 };
/** Upper ends of the current ranges, A. */
const RANGES: readonly (readonly [most_A: number, name: string])[] = [
  [1e-5, '10 µA'],
  [1e-4, '100 µA'],
  [1e-3, '1 mA'],
  [1e-2, '10 mA'],
  [0.1, '100 mA'],
  [1, '1 A'],
];
/** Largest delay of the safety limits. */
const LONGEST_DELAY_S = 1;
const RANGE_V = [0, 5] as const;

const ROWS: readonly (readonly [key: string, unset: string])[] = [
  ['Ns', ''],
  ['ctrl_type', ''],
  ['Apply I/C', 'I'],
  ['current/potential', 'current'],
  ...[1, 2, 3].flatMap(n =>
    [`ctrl${n}_val`, `ctrl${n}_val_unit`, `ctrl${n}_val_vs`].map(key => [key, ''] as const),
  ),
  ['N', '0.00'],
  ['charge/discharge', 'Charge'],
  ['charge/discharge_1', 'Charge'],
  ['Apply I/C_1', 'I'],
  ['N1', '0.00'],
  ...[4, 5].flatMap(n => [`ctrl${n}_val`, `ctrl${n}_val_unit`].map(key => [key, ''] as const)),
  ['ctrl_tM', '0'],
  ['ctrl_seq', '0'],
  ['ctrl_repeat', '0'],
  ['ctrl_trigger', 'Falling Edge'],
  ['ctrl_TO_t', '0.000'],
  ['ctrl_TO_t_unit', 'd'],
  ['ctrl_Nd', '6'],
  ['ctrl_Na', '2'],
  ['ctrl_corr', '0'],
  ['lim_nb', '0'],
  ...['lim1', 'lim2'].flatMap(
    lim =>
      [
        [`${lim}_type`, lim === 'lim1' ? 'Time' : ''],
        [`${lim}_comp`, lim === 'lim1' ? '>' : ''],
        [`${lim}_Q`, ''],
        [`${lim}_value`, lim === 'lim1' ? '0.000' : ''],
        [`${lim}_value_unit`, lim === 'lim1' ? 's' : ''],
        [`${lim}_action`, 'Next sequence'],
        [`${lim}_seq`, ''],
      ] as const,
  ),
  ['rec_nb', '0'],
  ...['rec1', 'rec2'].flatMap(rec =>
    [`${rec}_type`, `${rec}_value`, `${rec}_value_unit`].map(key => [key, ''] as const),
  ),
  ['E range min (V)', ''],
  ['E range max (V)', ''],
  ['I Range', 'Auto'],
  ['I Range min', 'Unset'],
  ['I Range max', 'Unset'],
  ['I Range init', 'Unset'],
  ['auto rest', '1'],
  ['Bandwidth', '5'],
];

/** @throws LanguageError of what is not known of the format */
export function writeBiologic(method: PlainMethod, writing: Writing): string {
  const lines = flatten(withoutCccv(method.steps), LOOPS);
  const voltages = lines.flatMap(line => (line.is === 'step' ? voltagesOf(line.step) : []));
  const range = [Math.min(RANGE_V[0], ...voltages), Math.max(RANGE_V[1], ...voltages)] as const;
  let before: PlainStep | undefined;
  const columns = lines.map((line, i): Column => {
    const common = {
      Ns: String(i),
      lim1_seq: String(i + 1),
      lim2_seq: String(i + 1),
      'E range min (V)': range[0].toFixed(3),
      'E range max (V)': range[1].toFixed(3),
    };
    const after = before;
    before = line.is === 'step' ? line.step : undefined;
    // Repeats come after the first round.
    if (line.is === 'end')
      return {
        ...common,
        ctrl_type: 'Loop',
        ctrl_seq: String(line.first),
        ctrl_repeat: String(line.loop.times - 1),
      };
    return line.is === 'step' ? { ...common, ...columnOf(line.step, after, method, writing) } : common;
  });
  const rows = ROWS.map(
    ([key, unset]) =>
      key.padEnd(WIDTH) + columns.map(column => (column[key] ?? unset).padEnd(WIDTH)).join(''),
  );
  return [...headOf(method, range, writing), ...rows, ''].join('\r\n');
}

function headOf(
  method: PlainMethod,
  range: readonly [number, number],
  { ledger }: Writing,
): readonly string[] {
  const { limits, capacity_Ah } = method;
  const { voltageMax_V, voltageMin_V, currentMax_A, currentMin_A, chargeMax_Ah, delay_s } = limits ?? {};
  const sizes_A = [currentMax_A, currentMin_A].filter(value => value !== undefined).map(Math.abs);
  const at = limits?.at ?? method.at;
  if (
    currentMax_A !== undefined &&
    currentMin_A !== undefined &&
    Math.abs(currentMax_A) !== Math.abs(currentMin_A)
  )
    ledger.differ(at, `there is one limit for both directions of the current: ${Math.max(...sizes_A)} A`);
  else if (sizes_A.length === 1)
    ledger.differ(at, `there is one limit for both directions of the current: ${sizes_A[0]} A`);
  if (chargeMax_Ah !== undefined) throw ledger.refused(at, 'a limit of charge is not known there');
  if ((delay_s ?? 0) > LONGEST_DELAY_S)
    ledger.differ(at, `the longest delay of limits is ${LONGEST_DELAY_S} s there`);
  const delay_ms = 1000 * Math.min(delay_s ?? 0, LONGEST_DELAY_S);
  return [
    'EC-LAB SETTING FILE',
    '',
    'Number of linked techniques : 1',
    `Ewe ctrl range : min = ${range[0].toFixed(2)} V, max = ${range[1].toFixed(2)} V`,
    'Safety Limits :',
    ...(voltageMin_V === undefined ? [] : [`\tEwe min = ${voltageMin_V.toFixed(5)} V`]),
    ...(voltageMax_V === undefined ? [] : [`\tEwe max = ${voltageMax_V.toFixed(5)} V`]),
    ...(sizes_A.length === 0 ? [] : [`\t|I| = ${(1000 * Math.max(...sizes_A)).toFixed(5)} mA`]),
    `\tfor t > ${delay_ms} ms`,
    '\tDo not start on E overload',
    `Comments : ${latin(method.name)}`,
    ...(capacity_Ah === undefined ? [] : [`Battery capacity : ${(1000 * capacity_Ah).toFixed(3)} mA.h`]),
    'Cycle Definition : Charge/Discharge alternance',
    '',
    'Technique : 1',
    'Modulo Bat',
  ];
}

function columnOf(
  step: PlainStep,
  before: PlainStep | undefined,
  method: PlainMethod,
  writing: Writing,
): Column {
  const { ledger } = writing;
  if (step.eis !== undefined) return spectrumOf(step, step.eis, writing);
  const record = step.record ?? method.record;
  const common = { ...limitsOf(step, method, writing), ...recordOf(step, record, writing) };
  if (step.kind === 'rest') return { ctrl_type: 'Rest', ...common };
  if (step.kind === 'cv') {
    const reached = before?.kind === 'cc' ? before.ends.find(end => end.quantity === 'voltage') : undefined;
    const isReached = reached?.amount.value === step.voltage_V;
    const current = isReached ? before?.current : undefined;
    return {
      ctrl_type: 'CV',
      ctrl1_val: fixed(step.voltage_V ?? 0, 3, step, ledger),
      ctrl1_val_unit: 'V',
      ctrl1_val_vs: 'Ref',
      ...common,
      ...(current === undefined ? {} : { 'I Range': rangeOf(ampere(step, current, method), step, writing) }),
    };
  }
  if (step.kind !== 'cc' || step.current === undefined)
    throw ledger.refused(step.at, `how a BioLogic settings file says ${step.kind} is not known here`);
  const current_A = ampere(step, step.current, method);
  const { value, unit } = currentText(current_A, step, writing);
  return {
    ctrl_type: 'CC',
    ctrl1_val: value,
    ctrl1_val_unit: unit,
    ctrl1_val_vs: '<None>',
    ...common,
    'I Range': rangeOf(current_A, step, writing),
  };
}

function limitsOf(step: PlainStep, method: PlainMethod, { ledger }: Writing): Column {
  const time_s = timeOf(step);
  const all: (readonly [type: string, comp: string, value: string, unit: string])[] = [
    ...(time_s === undefined ? [] : [['Time', '>', fixed(time_s, 3, step, ledger), 's'] as const]),
    ...step.ends.map(end => limitOf(end, step, method, ledger)),
  ];
  if (all.length > 2) throw noSuchEnd(ledger, step, 'two conditions at most');
  const columns = all.map(([type, comp, value, unit], i) => ({
    [`lim${i + 1}_type`]: type,
    [`lim${i + 1}_comp`]: comp,
    [`lim${i + 1}_value`]: value,
    [`lim${i + 1}_value_unit`]: unit,
  }));
  return Object.assign({ lim_nb: String(all.length) }, ...columns);
}

function limitOf(
  { quantity, is, amount }: PlainEnd,
  step: PlainStep,
  method: PlainMethod,
  ledger: Writing['ledger'],
): readonly [string, string, string, string] {
  const comp = is === 'above' ? '>' : '<';
  if (quantity === 'voltage') return ['Ewe', comp, fixed(amount.value, 3, step, ledger), 'V'];
  return ['|I|', comp, fixed(1000 * ampere(step, amount, method), 3, step, ledger), 'mA'];
}

function recordOf(step: PlainStep, record: PlainRecord | undefined, { ledger }: Writing): Column {
  const { every_s, voltage_V, current_A } = record ?? {};
  const second =
    step.kind === 'cv'
      ? ([current_A === undefined ? undefined : 1000 * current_A, 'I', 'mA'] as const)
      : ([voltage_V, 'Ewe', 'V'] as const);
  const all = [[every_s, 'Time', 's'] as const, second].flatMap(([value, type, unit]) =>
    value === undefined ? [] : [[fixed(value, 3, step, ledger), type, unit] as const],
  );
  const columns = all.map(([value, type, unit], i) => ({
    [`rec${i + 1}_type`]: type,
    [`rec${i + 1}_value`]: value,
    [`rec${i + 1}_value_unit`]: unit,
  }));
  return Object.assign({ rec_nb: String(all.length) }, ...columns);
}

function spectrumOf(step: PlainStep, eis: PlainEis, writing: Writing): Column {
  const { ledger } = writing;
  const { amplitude, from_Hz, to_Hz, pointsPerDecade = 10, cycles = 1 } = eis;
  const isVoltage = amplitude.unit === 'V';
  const [value, unit] = isVoltage
    ? scaled(
        amplitude.value,
        [
          [1, 'V'],
          [1e-3, 'mV'],
          [1e-6, 'uV'],
        ],
        step,
        writing,
      )
    : scaled(
        amplitude.value,
        [
          [1e-3, 'mA'],
          [1e-6, 'uA'],
        ],
        step,
        writing,
      );
  const frequencies = [from_Hz, to_Hz].map((frequency, i) => {
    if (frequency < 1e-3) throw ledger.refused(step.at, 'no frequency below 1 mHz is known there');
    const [text, of] = scaled(
      frequency,
      [
        [1e3, 'kHz'],
        [1, 'Hz'],
        [1e-3, 'mHz'],
      ],
      step,
      writing,
    );
    return { [`ctrl${i + 2}_val`]: text, [`ctrl${i + 2}_val_unit`]: of };
  });
  return Object.assign(
    {
      ctrl_type: isVoltage ? 'PEIS' : 'GEIS',
      ctrl1_val: value,
      ctrl1_val_unit: unit,
      ctrl_Nd: String(pointsPerDecade),
      ctrl_Na: String(cycles),
      ctrl_corr: '0',
      // A galvanostatic spectrum swings over half of its range.
      ...(isVoltage ? {} : { 'I Range': rangeOf(2 * amplitude.value, step, writing) }),
    },
    ...frequencies,
  );
}

/** In the largest unit of which it is one or more. */
function scaled(
  value: number,
  units: readonly (readonly [of: number, name: string])[],
  step: PlainStep,
  { ledger }: Writing,
): readonly [string, string] {
  const [of, name] = units.find(([each]) => value >= each * (1 - 1e-9)) ?? units[units.length - 1];
  return [fixed(value / of, 3, step, ledger), name];
}

function currentText(
  current_A: number,
  step: PlainStep,
  { ledger }: Writing,
): { value: string; unit: string } {
  const isSmall = Math.abs(current_A) < 1e-3;
  return { value: fixed(current_A * (isSmall ? 1e6 : 1e3), 3, step, ledger), unit: isSmall ? 'uA' : 'mA' };
}

function rangeOf(current_A: number, step: PlainStep, { ledger }: Writing): string {
  const found = RANGES.find(([most]) => Math.abs(current_A) <= most * (1 + 1e-9));
  if (found !== undefined) return found[1];
  throw ledger.refused(step.at, `no current range is known there for ${current_A} A, expected 1 A or less`);
}

function voltagesOf(step: PlainStep): readonly number[] {
  const ends = step.ends.flatMap(end => (end.quantity === 'voltage' ? [end.amount.value] : []));
  return step.voltage_V === undefined ? ends : [step.voltage_V, ...ends];
}

/** Letters that Latin-1 has, in one line. */
function latin(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?');
}
