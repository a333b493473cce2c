import { sha256Of } from '../../../../drivers/contract/sha256.ts';
import type { PlainLimits, PlainMethod, PlainRecord, PlainStep } from '../plain-step.ts';
import { flatten } from './flat.ts';
import {
  ampere,
  directionOf,
  flowOf,
  isTheWayOf,
  noSuchEnd,
  ofEitherSign,
  timeOf,
  untilAt,
  type Writing,
  withoutCccv,
  xmlText,
} from './parts.ts';

/**
 * Writes a step file of Neware BTS 8. Facts: EmpaEconversion/aurora-unicycler `_formats/neware.py` (tried there on
 * BTS 8.0.0): voltages in 0.1 mV, times in ms, currents in mA, charges in mA s; kinds of steps by number.
 */

const KIND = { ccCharge: 1, ccDischarge: 2, cvCharge: 3, rest: 4, loop: 5, end: 6, cvDischarge: 19 } as const;
/** Loops inside each other go by the number of their first step, so there is no deepest one. */
const LOOPS = { hasBegin: false, deepest: Number.POSITIVE_INFINITY };
const CLIENT = 'BTS Client 8.0.0.478(2024.06.24)(R3)';

type Entry = readonly [name: string, value: number];

/** @throws LanguageError of what is not known of the format */
export function writeNeware(method: PlainMethod, writing: Writing): string {
  const { capacity_Ah, record, limits } = method;
  const lines = flatten(withoutCccv(method.steps), LOOPS);
  const steps: string[] = [];
  let before: PlainStep | undefined;
  let way = 0;
  for (const [i, line] of lines.entries()) {
    const number = i + 1;
    if (line.is === 'end') {
      const other = entries(
        [
          ['Start_Step', line.first + 1],
          ['Cycle_Count', line.loop.times],
        ],
        plain,
      );
      steps.push(stepXml(number, KIND.loop, `<Limit><Other>${other}</Other></Limit>`));
      before = undefined;
    } else if (line.is === 'step') {
      way = directionOf(line.step) || way;
      const { kind, main } = stepOf(line.step, { before, way, method, writing });
      steps.push(stepXml(number, kind, `<Limit><Main>${main}</Main></Limit>`));
      before = line.step;
    }
  }
  steps.push(`      <Step${lines.length + 1} Step_ID="${lines.length + 1}" Step_Type="${KIND.end}"/>`);
  const head = entries(
    [
      ['Operate', 66],
      ['Scale', 1],
    ],
    plain,
  );
  return [
    '<?xml version="1.0" ?>',
    '<root>',
    `  <config type="Step File" version="17" client_version="${CLIENT}" date="${dateText(writing.utc_s)}" Guid="${guidOf(writing.source.text)}">`,
    '    <Head_Info>',
    `      ${head}`,
    '      <Start_Step Value="1" Hide_Ctrl_Step="0"/>',
    '      <Creator Value="cellbench"/>',
    `      <Remark Value="${xmlText(method.name)}"/>`,
    '      <RateType Value="103"/>',
    ...(capacity_Ah === undefined
      ? []
      : [`      ${entries([['MultCap', capacity_Ah * 3_600_000]], sixDigits)}`]),
    '    </Head_Info>',
    '    <Whole_Prt>',
    `      <Protect><Main>${protectOf(limits)}</Main></Protect>`,
    `      <Record><Main>${recordOf(record)}</Main></Record>`,
    '    </Whole_Prt>',
    `    <Step_Info Num="${lines.length + 1}">`,
    ...steps,
    '    </Step_Info>',
    '    <SMBUS><SMBUS_Info Num="0" AdjacentInterval="0"/></SMBUS>',
    '  </config>',
    '</root>',
    '',
  ].join('\n');
}

interface Around {
  readonly before: PlainStep | undefined;
  /** +1: the last current charged. */
  readonly way: number;
  readonly method: PlainMethod;
  readonly writing: Writing;
}

function stepOf(step: PlainStep, around: Around): { readonly kind: number; readonly main: string } {
  const { before, way, method, writing } = around;
  const { ledger } = writing;
  const time_s = timeOf(step);
  const time: readonly Entry[] = time_s === undefined ? [] : [['Time', 1000 * time_s]];
  const [end] = step.ends;
  if (step.kind === 'rest') {
    if (end !== undefined || time_s === undefined)
      throw noSuchEnd(ledger, step, 'time, as far as is known here');
    return { kind: KIND.rest, main: entries(time, sixDigits) };
  }
  if (step.kind === 'cc') {
    const current = currentOf(step, method);
    if (directionOf(step) === 0)
      throw ledger.refused(step.at, 'a current of 0 has no direction there, expected rest');
    if (end !== undefined && (end.quantity !== 'voltage' || !isTheWayOf(end, step)))
      throw noSuchEnd(ledger, step, 'time, or by the voltage that its current leads to');
    const stop: readonly Entry[] = end === undefined ? [] : [['Stop_Volt', 10_000 * end.amount.value]];
    const kind = directionOf(step) > 0 ? KIND.ccCharge : KIND.ccDischarge;
    return { kind, main: entries([...current, ...time, ...stop], sixDigits) };
  }
  if (step.kind !== 'cv')
    throw ledger.refused(step.at, `how a Neware step file says ${step.kind} is not known here`);
  if (end !== undefined && (end.quantity !== 'current' || end.is !== 'below'))
    throw noSuchEnd(ledger, step, 'time, or by a current that has become small');
  if (end !== undefined) ofEitherSign(end, step, untilAt(step), ledger);
  const { voltage_V = 0 } = step;
  const stop: readonly Entry[] =
    end === undefined
      ? []
      : [
          ...(end.amount.unit === 'C' ? [['Stop_Rate', end.amount.value] as const] : []),
          ['Stop_Curr', 1000 * ampere(step, end.amount, method)],
        ];
  // Of a cccv its current is the largest, which is one step of the method; a cv has none.
  const isCccv = before?.kind === 'cc' && before.at === step.at;
  const largest = isCccv ? currentOf(before, method) : [];
  const main = entries([['Volt', 10_000 * voltage_V], ...time, ...stop, ...largest], sixDigits);
  return { kind: flowOf(step, way, ledger) > 0 ? KIND.cvCharge : KIND.cvDischarge, main };
}

function currentOf(step: PlainStep, method: PlainMethod): readonly Entry[] {
  const { current = { value: 0, unit: 'A' } } = step;
  const size_mA = Math.abs(1000 * ampere(step, current, method));
  return [...(current.unit === 'C' ? [['Rate', Math.abs(current.value)] as const] : []), ['Curr', size_mA]];
}

function recordOf(record: PlainRecord | undefined): string {
  const { every_s, voltage_V, current_A } = record ?? {};
  return entries(
    [
      ...(every_s === undefined ? [] : [['Time', 1000 * every_s] as const]),
      ...(voltage_V === undefined ? [] : [['Volt', 10_000 * voltage_V] as const]),
      ...(current_A === undefined ? [] : [['Curr', 1000 * current_A] as const]),
    ],
    sixDigits,
  );
}

function protectOf(limits: PlainLimits | undefined): string {
  const pair = (upper: number | undefined, lower: number | undefined, factor: number): string =>
    entries(
      [
        ...(upper === undefined ? [] : [['Upper', factor * upper] as const]),
        ...(lower === undefined ? [] : [['Lower', factor * lower] as const]),
      ],
      sixDigits,
    );
  const { voltageMax_V, voltageMin_V, currentMax_A, currentMin_A, chargeMax_Ah, delay_s } = limits ?? {};
  const delay = delay_s === undefined ? '' : entries([['Delay_Time', 1000 * delay_s]], sixDigits);
  return [
    `<Volt>${pair(voltageMax_V, voltageMin_V, 10_000)}</Volt>`,
    `<Curr>${pair(currentMax_A, currentMin_A, 1000)}</Curr>`,
    delay,
    `<Cap>${pair(chargeMax_Ah, undefined, 3_600_000)}</Cap>`,
  ].join('');
}

function stepXml(number: number, kind: number, inside: string): string {
  return `      <Step${number} Step_ID="${number}" Step_Type="${kind}">${inside}</Step${number}>`;
}

function entries(all: readonly Entry[], text: (value: number) => string): string {
  return all.map(([name, value]) => `<${name} Value="${text(value)}"/>`).join('');
}

function plain(value: number): string {
  return String(value);
}

function sixDigits(value: number): string {
  return value.toFixed(6);
}

function dateText(utc_s: number): string {
  return new Date(1000 * utc_s).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '');
}

/** The same file has the same identifier. */
function guidOf(text: string): string {
  const hex = sha256Of(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
