import type { At } from '../ledger.ts';
import type { PlainEnd, PlainExit, PlainMethod, PlainRecord, PlainStep } from '../plain-step.ts';
import { type FlatLine, flatten } from './flat.ts';
import {
  ampere,
  directionOf,
  flowOf,
  noSuchEnd,
  ofEitherSign,
  timeOf,
  untilAt,
  type Writing,
  xmlText,
} from './parts.ts';

/**
 * Writes a Maccor procedure. Facts: TRI-AMDD/beep `protocol/procedure_templates/` and `maccor.py`: names are padded to
 * eight letters, steps have numbers of three digits from 1, every end says the step that follows, a loop ends when its
 * counter has reached its rounds, the last step is End.
 */

/** Two loops inside each other are known (Do 1, Do 2). */
const LOOPS = { hasBegin: true, deepest: 2 };
const MOST_STEPS = 999;

interface Around {
  readonly lines: readonly FlatLine[];
  readonly index: number;
  readonly method: PlainMethod;
  readonly writing: Writing;
  /** +1: the last current charged. */
  readonly way: number;
}

/** @throws LanguageError of what is not known of the format */
export function writeMaccor(method: PlainMethod, writing: Writing): string {
  const lines = flatten(method.steps, LOOPS);
  if (lines.length >= MOST_STEPS)
    throw writing.ledger.refused(
      method.at,
      `these are ${lines.length} steps, expected ${MOST_STEPS - 1} at most`,
    );
  let way = 0;
  const steps = lines.map((line, index) => {
    if (line.is === 'step') way = directionOf(line.step) || way;
    const around = { lines, index, method, writing, way };
    if (line.is === 'step') return stepXml(line.step, around);
    if (line.is === 'begin') return xmlStep({ type: `Do ${line.level}` });
    const ends = [endXml('Loop Cnt', '=', index + 2, String(line.loop.times))];
    return xmlStep({ type: `Loop ${line.level}`, ends });
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<?maccor-application progid="Maccor Procedure File"?>',
    '<MaccorTestProcedure>',
    '  <header>',
    '    <BuildTestVersion>',
    '      <major>1</major>',
    '      <minor>5</minor>',
    '      <release>7006</release>',
    '      <build>32043</build>',
    '    </BuildTestVersion>',
    '    <FileFormatVersion>',
    '      <BTVersion>11</BTVersion>',
    '    </FileFormatVersion>',
    '    <ProcDesc>',
    `      <desc>${xmlText(method.name)}</desc>`,
    '    </ProcDesc>',
    '  </header>',
    '  <ProcSteps>',
    ...steps,
    xmlStep({ type: 'End' }),
    '  </ProcSteps>',
    '</MaccorTestProcedure>',
    '',
  ].join('\r\n');
}

function stepXml(step: PlainStep, around: Around): string {
  const { method, writing, way, index } = around;
  const next = index + 2;
  const bound = timeOf(step) === undefined ? undefined : step.bound;
  const where = { file: step.at.file, place: [...step.at.place.slice(0, -1), 'otherwise'] };
  const after = bound?.isDeadline === true ? targetOf(bound.otherwise, where, around) : next;
  const ends = [
    ...step.exits.flatMap((exit: PlainExit) => {
      const target = targetOf(exit.target, exit.at, around);
      return exit.ends.map(end => endOf(end, target, step, exit.at, around));
    }),
    ...step.ends.map(end => endOf(end, next, step, untilAt(step), around)),
    ...(bound === undefined ? [] : [endXml('StepTime', '=', after, timeText(bound.s))]),
    ...limitEnds(around),
  ];
  const reports = reportsOf(step.record ?? method.record);
  const note = step.name ?? '';
  if (step.kind === 'rest') return xmlStep({ type: 'Rest', ends, reports, note, isActive: true });
  const type = flowOf(step, way, writing.ledger) > 0 ? 'Charge' : 'Dischrge';
  if (step.kind === 'cv')
    return xmlStep({
      type,
      mode: 'Voltage',
      value: text(step.voltage_V ?? 0),
      ends,
      reports,
      note,
      isActive: true,
    });
  if ((step.kind !== 'cc' && step.kind !== 'cccv') || step.current === undefined)
    throw writing.ledger.refused(step.at, `how a Maccor procedure says ${step.kind} is not known here`);
  if (step.current.value === 0)
    throw writing.ledger.refused(step.at, 'a current of 0 has no direction there, expected rest');
  const value = text(Math.abs(ampere(step, step.current, method)));
  const limit = step.kind === 'cccv' ? text(step.voltage_V ?? 0) : undefined;
  return xmlStep({ type, mode: 'Current', value, limit, ends, reports, note, isActive: true });
}

function endOf(end: PlainEnd, target: number, step: PlainStep, at: At, { method, writing }: Around): string {
  const oper = end.is === 'above' ? '>=' : '<=';
  if (end.quantity === 'voltage') return endXml('Voltage', oper, target, text(end.amount.value));
  if (end.quantity === 'charge') throw noSuchEnd(writing.ledger, step, 'time, voltage and current');
  ofEitherSign(end, step, at, writing.ledger);
  return endXml('Current', oper, target, text(ampere(step, end.amount, method)));
}

/** Limits of the file stand in every step and lead to its end. */
function limitEnds({ lines, method: { limits }, writing }: Around): readonly string[] {
  if (limits === undefined) return [];
  const { voltageMax_V, voltageMin_V, currentMax_A, currentMin_A, chargeMax_Ah, delay_s, at } = limits;
  const end = lines.length + 1;
  if (chargeMax_Ah !== undefined) throw writing.ledger.refused(at, 'a limit of charge is not known there');
  if (delay_s !== undefined) writing.ledger.differ(at, 'limits hold there without a delay');
  const largest = [currentMax_A, currentMin_A].filter(value => value !== undefined).map(Math.abs);
  if (largest.length === 1 || (largest.length === 2 && largest[0] !== largest[1]))
    writing.ledger.differ(
      at,
      `there is one limit for both directions of the current: ${Math.max(...largest)} A`,
    );
  return [
    ...(voltageMax_V === undefined ? [] : [endXml('Voltage', '>=', end, text(voltageMax_V))]),
    ...(voltageMin_V === undefined ? [] : [endXml('Voltage', '<=', end, text(voltageMin_V))]),
    ...(largest.length === 0 ? [] : [endXml('Current', '>=', end, text(Math.max(...largest)))]),
  ];
}

/** Number of the step that a target leads to. */
function targetOf(target: string, at: PlainExit['at'], { lines, index, writing }: Around): number {
  const end = lines.length + 1;
  if (target === 'next') return index + 2;
  if (target === 'finish' || target === 'stop') return end;
  if (target === 'leave') {
    const line = lines[index];
    const inner = line?.is === 'step' ? line.loops.at(-1) : undefined;
    const last = lines.findIndex(
      other => other.is === 'end' && other.loop === inner && lines.indexOf(other) > index,
    );
    if (inner !== undefined && last >= 0) return last + 2;
  }
  if (target.startsWith('goto ')) {
    const id = target.slice('goto '.length);
    const found = lines.findIndex((line, i) => i > index && line.is === 'step' && line.step.id === id);
    if (found >= 0) return found + 1;
  }
  throw writing.ledger.refused(
    at,
    `${target} is not known there, expected next, leave, finish, stop, or goto a step`,
  );
}

function reportsOf(record: PlainRecord | undefined): readonly string[] {
  const { every_s, voltage_V, current_A } = record ?? {};
  const report = (type: string, value: string): string =>
    `        <ReportEntry>\r\n          <ReportType>${type.padEnd(8)}</ReportType>\r\n          <Value>${value}</Value>\r\n        </ReportEntry>`;
  return [
    ...(every_s === undefined ? [] : [report('StepTime', timeText(every_s))]),
    ...(voltage_V === undefined ? [] : [report('Voltage', text(voltage_V))]),
    ...(current_A === undefined ? [] : [report('Current', text(current_A))]),
  ];
}

function endXml(type: string, oper: string, step: number, value: string): string {
  return [
    '        <EndEntry>',
    `          <EndType>${type.padEnd(8)}</EndType>`,
    '          <SpecialType> </SpecialType>',
    `          <Oper>${xmlText(oper === '=' ? ' = ' : `${oper} `)}</Oper>`,
    `          <Step>${String(step).padStart(3, '0')}</Step>`,
    `          <Value>${value}</Value>`,
    '        </EndEntry>',
  ].join('\r\n');
}

interface StepParts {
  readonly type: string;
  readonly mode?: string;
  readonly value?: string;
  /** Voltage that limits. */
  readonly limit?: string | undefined;
  readonly ends?: readonly string[];
  readonly reports?: readonly string[];
  readonly note?: string;
  /** Drives the cell or lets it rest, so that it has a current range and options. */
  readonly isActive?: boolean;
}

function xmlStep({
  type,
  mode = '',
  value = '',
  limit,
  ends = [],
  reports = [],
  note = '',
  isActive = false,
}: StepParts): string {
  const block = (name: string, inside: readonly string[]): readonly string[] =>
    inside.length === 0 ? [`      <${name}/>`] : [`      <${name}>`, ...inside, `      </${name}>`];
  const option = isActive ? 'N' : '';
  return [
    '    <TestStep>',
    `      <StepType>${centred(type)}</StepType>`,
    `      <StepMode>${mode.padEnd(8)}</StepMode>`,
    `      <StepValue>${value}</StepValue>`,
    ...block('Limits', limit === undefined ? [] : [`        <Voltage>${limit}</Voltage>`]),
    ...block('Ends', ends),
    ...block('Reports', reports),
    `      <Range>${isActive ? 'A' : ''}</Range>`,
    ...[1, 2, 3].map(n => `      <Option${n}>${option}</Option${n}>`),
    `      <StepNote>${xmlText(note)}</StepNote>`,
    '    </TestStep>',
  ].join('\r\n');
}

function centred(type: string): string {
  const left = Math.floor((8 - type.length) / 2);
  return `${' '.repeat(Math.max(0, left))}${type}`.padEnd(8);
}

/** `1.0`, never an exponent. */
function text(value: number): string {
  const plain = String(Number(value.toPrecision(9)));
  const written = plain.includes('e') ? value.toFixed(12).replace(/0+$/, '') : plain;
  return written.includes('.') ? written.replace(/\.$/, '.0') : `${written}.0`;
}

/** `hh:mm:ss`, with parts of a second where there are any. */
function timeText(time_s: number): string {
  const whole = Math.floor(time_s + 1e-9);
  const part = Number((time_s - whole).toFixed(3));
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = part > 0 ? `${two(whole % 60)}${String(part).slice(1)}` : two(whole % 60);
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${seconds}`;
}
