import type { PlainEnd, PlainMethod, PlainRecord, PlainStep } from '../plain-step.ts';
import { type Column, currentText, ROWS, rangeOf, spectrumOf } from './biologic-columns.ts';
import { flatten } from './flat.ts';
import {
  ampere,
  fixed,
  noSuchEnd,
  ofEitherSign,
  timeOf,
  untilAt,
  type Writing,
  withoutCccv,
} from './parts.ts';

/**
 * Writes a settings file of EC-Lab with one Modulo Bat technique: rows of 20 characters a column, a column a sequence.
 * Facts: EmpaEconversion/aurora-unicycler `_formats/biologic.py` (tried there on MPG2, EC-Lab 11.52 and 11.61),
 * TRI-AMDD/beep `protocol/`. The file is in Latin-1: micro would be read as milli otherwise.
 */

const WIDTH = 20;
/** Loops may not stand inside each other. */
const LOOPS = { hasBegin: false, deepest: 1 };
/** Largest delay of the safety limits. */
const LONGEST_DELAY_S = 1;
const RANGE_V = [0, 5] as const;

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
    ...step.ends.map(end => {
      ofEitherSign(end, step, untilAt(step), ledger);
      return limitOf(end, step, method, ledger);
    }),
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

function voltagesOf(step: PlainStep): readonly number[] {
  const ends = step.ends.flatMap(end => (end.quantity === 'voltage' ? [end.amount.value] : []));
  return step.voltage_V === undefined ? ends : [step.voltage_V, ...ends];
}

/** Letters that Latin-1 has, in one line. */
function latin(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?');
}
