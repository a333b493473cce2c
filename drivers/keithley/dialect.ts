import { QUALITY } from '../contract/frame.ts';
import { fieldsOf, numberIn, switchOf } from '../protocol/scpi.ts';
import type { Drive } from './set-points.ts';

/** How a command set says what a source-measure unit is to do, and what its answers mean. */

/** What never changes while we drive: no range, no function, no wiring. */
export interface Fixed {
  readonly drive: Drive;
  readonly wires: 2 | 4;
  readonly terminals: 'front' | 'rear';
  readonly currentRange_A: number;
  readonly voltageRange_V: number;
  readonly nplc: number;
}

/** A reading and how far it may be believed. */
export interface Reading {
  readonly voltage_V: number;
  readonly current_A: number;
  readonly isLimited: boolean;
  /** It was switched off before it was read: behind its open relay. */
  readonly isOff: boolean;
  readonly quality: number;
  readonly why: string;
  /** When it was taken, s by the instrument's own clock; NaN where it does not say. */
  readonly time_s: number;
}

/** One of the two command sets. */
export interface Dialect {
  /** Sets up what never changes; only while the output is off. Each line stands by itself. */
  setUp(fixed: Fixed): readonly string[];
  /** Questions, in one line, and the answers that what was set up must give; the first two: the output-off state. */
  checks(fixed: Fixed): readonly (readonly [question: string, answer: string])[];
  level(drive: Drive, value: number): string;
  limit(drive: Drive, value: number): string;
  /** Questions for what `level` and `limit` set. */
  readonly askLevel: (drive: Drive) => string;
  readonly askLimit: (drive: Drive) => string;
  readonly askReading: string;
  /** Its clock begins anew at so many s. Absent: it does not. */
  readonly rollover_s?: number;
  /** Undefined: it is no reading. */
  reading(text: string, fixed: Fixed): Reading | undefined;
}

/** A number as the instrument takes it: plain digits or exponent, to a millionth of its value. */
export const said = (value: number): string => String(Number(value.toPrecision(7)));

const FUNCTION = { voltage: 'VOLT', current: 'CURR' } as const;
const OTHER = { voltage: 'CURR', current: 'VOLT' } as const;
const onOff = (isOn: boolean): string => (isOn ? '1' : '0');

/** Of a reading: flags as the instrument gives them -> how far it may be believed. */
function judged(
  pair: readonly [voltage_V: number, current_A: number],
  isLimited: boolean,
  bad: string,
  doubt: string,
  time_s: number,
): Reading {
  const [voltage_V, current_A] = pair;
  const quality = bad !== '' ? QUALITY.bad : doubt !== '' ? QUALITY.uncertain : QUALITY.good;
  return { voltage_V, current_A, isLimited, isOff: false, quality, why: bad !== '' ? bad : doubt, time_s };
}

/** What is known once it says that it was off. */
const OFF: Reading = {
  voltage_V: Number.NaN,
  current_A: 0,
  isLimited: false,
  isOff: true,
  quality: QUALITY.good,
  why: '',
  time_s: Number.NaN,
};

/** Bits of the source status of a 2450 (TSP names `buffer.STAT_*`; that SCPI gives them as one number is recalled). */
const SOURCE = {
  protection: 4,
  readBack: 8,
  overTemperature: 16,
  limit: 32,
  sense: 64,
  output: 128,
} as const;
/** Bit of the measure status: the reading is questionable. */
const QUESTIONABLE = 1;

/**
 * 2450 and 2460, command set SCPI. Output-off state per function and what it does: 2450 reference manual 2450-901-01,
 * pages 2-82 and 6-32; `:READ?` with buffer elements, read-back of the source and `TRIP?`: public programs for the 2450.
 */
const scpi2450: Dialect = {
  setUp({ drive, wires, currentRange_A, voltageRange_V, nplc }) {
    const [own, other] = [FUNCTION[drive], OTHER[drive]];
    const ranges = { VOLT: said(voltageRange_V), CURR: said(currentRange_A) };
    return [
      ':OUTP:VOLT:SMOD HIMP',
      ':OUTP:CURR:SMOD HIMP',
      `:SOUR:FUNC ${own}`,
      `:SENS:FUNC "${other}"`,
      `:SENS:${other}:RSEN ${wires === 4 ? 'ON' : 'OFF'}`,
      `:SENS:${other}:RANG ${ranges[other]}`,
      `:SENS:${other}:NPLC ${said(nplc)}`,
      `:SOUR:${own}:RANG ${ranges[own]}`,
      `:SOUR:${own}:READ:BACK ON`,
      ':SENS:COUN 1',
    ];
  },
  checks({ drive, wires, terminals, currentRange_A, voltageRange_V, nplc }) {
    const [own, other] = [FUNCTION[drive], OTHER[drive]];
    const ranges = { VOLT: said(voltageRange_V), CURR: said(currentRange_A) };
    return [
      [':OUTP:VOLT:SMOD?', 'HIMP'],
      [':OUTP:CURR:SMOD?', 'HIMP'],
      [':ROUT:TERM?', terminals === 'front' ? 'FRON' : 'REAR'],
      [':SOUR:FUNC?', own],
      [':SENS:FUNC?', other],
      [`:SENS:${other}:RSEN?`, onOff(wires === 4)],
      // A range of its own choice clicks relays and steps the current while the cell is on it.
      [`:SENS:${other}:RANG:AUTO?`, '0'],
      [`:SENS:${other}:RANG?`, ranges[other]],
      [`:SENS:${other}:NPLC?`, said(nplc)],
      [`:SOUR:${own}:RANG:AUTO?`, '0'],
      [`:SOUR:${own}:RANG?`, ranges[own]],
      [`:SOUR:${own}:READ:BACK?`, '1'],
      [':SENS:COUN?', '1'],
    ];
  },
  level: (drive, value) => `:SOUR:${FUNCTION[drive]} ${said(value)}`,
  limit: (drive, value) => `:SOUR:${FUNCTION[drive]}:${drive === 'voltage' ? 'ILIM' : 'VLIM'} ${said(value)}`,
  askLevel: drive => `:SOUR:${FUNCTION[drive]}?`,
  askLimit: drive => `:SOUR:${FUNCTION[drive]}:${drive === 'voltage' ? 'ILIM' : 'VLIM'}?`,
  // REL: since the first reading of its buffer (recalled).
  askReading: ':READ? "defbuffer1", SOUR, READ, SOURSTAT, STAT, REL',
  reading(text, { drive, wires }) {
    const fields = fieldsOf(text);
    const [source, measured] = fields.map(field => numberIn(field, drive === 'voltage' ? 'V' : 'A'));
    const [status, measure] = fields.slice(2, 4).map(flagsIn);
    if (fields.length !== 5 || source === undefined || measured === undefined) return undefined;
    if (status === undefined || measure === undefined) return undefined;
    const has = (bit: number): boolean => (status & bit) !== 0;
    if (!has(SOURCE.output)) return OFF;
    const bad =
      has(SOURCE.sense) !== (wires === 4)
        ? `read with ${wires === 4 ? 2 : 4} wires`
        : has(SOURCE.protection)
          ? 'its overvoltage protection acts'
          : has(SOURCE.overTemperature)
            ? 'too hot'
            : '';
    const doubt = !has(SOURCE.readBack)
      ? 'of the source only the set value is known'
      : (measure & QUESTIONABLE) !== 0
        ? 'the instrument calls it questionable'
        : '';
    const pair = drive === 'voltage' ? ([source, measured] as const) : ([measured, source] as const);
    return judged(pair, has(SOURCE.limit), bad, doubt, timeIn(fields[4]));
  },
};

/** Bits of the status word of a 2400 (recalled). */
const STATUS = {
  overflow: 1,
  compliance: 1 << 3,
  protection: 1 << 4,
  rangeCompliance: 1 << 16,
  sense: 1 << 22,
} as const;

/**
 * 2400, and a 2450 that is set to its command set. Output-off state, terminals, "measurements cannot be made while the
 * source is off": series 2400 user's manual 2400S-900-01, section 18; the rest as far as public programs use it, recalled
 * where they do not.
 */
const scpi2400: Dialect = {
  setUp({ drive, wires, currentRange_A, voltageRange_V, nplc }) {
    const [own, other] = [FUNCTION[drive], OTHER[drive]];
    const ranges = { VOLT: said(voltageRange_V), CURR: said(currentRange_A) };
    return [
      ':OUTP:SMOD HIMP',
      ':SOUR:CLE:AUTO OFF',
      `:SOUR:FUNC ${own}`,
      `:SOUR:${own}:MODE FIX`,
      ':SENS:FUNC:CONC ON',
      ':SENS:FUNC "VOLT","CURR"',
      `:SYST:RSEN ${wires === 4 ? 'ON' : 'OFF'}`,
      `:SOUR:${own}:RANG ${ranges[own]}`,
      // The limit first: the range may not be above what it allows.
      `:SENS:${other}:PROT ${ranges[other]}`,
      `:SENS:${other}:RANG ${ranges[other]}`,
      `:SENS:${other}:NPLC ${said(nplc)}`,
      ':FORM:ELEM VOLT,CURR,RES,TIME,STAT',
      ':ARM:COUN 1',
      ':TRIG:COUN 1',
    ];
  },
  checks({ drive, wires, terminals, currentRange_A, voltageRange_V, nplc }) {
    const [own, other] = [FUNCTION[drive], OTHER[drive]];
    const ranges = { VOLT: said(voltageRange_V), CURR: said(currentRange_A) };
    return [
      [':OUTP:SMOD?', 'HIMP'],
      [':SOUR:CLE:AUTO?', '0'],
      [':ROUT:TERM?', terminals === 'front' ? 'FRON' : 'REAR'],
      [':SOUR:FUNC?', own],
      [':SYST:RSEN?', onOff(wires === 4)],
      [`:SOUR:${own}:RANG:AUTO?`, '0'],
      [`:SOUR:${own}:RANG?`, ranges[own]],
      [`:SENS:${other}:RANG:AUTO?`, '0'],
      [`:SENS:${other}:RANG?`, ranges[other]],
      [`:SENS:${other}:NPLC?`, said(nplc)],
      [':FORM:ELEM?', 'VOLT,CURR,RES,TIME,STAT'],
    ];
  },
  level: (drive, value) => `:SOUR:${FUNCTION[drive]} ${said(value)}`,
  limit: (drive, value) => `:SENS:${OTHER[drive]}:PROT ${said(value)}`,
  askLevel: drive => `:SOUR:${FUNCTION[drive]}?`,
  askLimit: drive => `:SENS:${OTHER[drive]}:PROT?`,
  askReading: ':READ?',
  // Since it was switched on; begins anew at 100,000 s (recalled).
  rollover_s: 1e5,
  reading(text, { wires }) {
    const fields = fieldsOf(text);
    const voltage_V = numberIn(fields[0] ?? '', 'V');
    const current_A = numberIn(fields[1] ?? '', 'A');
    const status = flagsIn(fields[4]);
    if (fields.length !== 5 || voltage_V === undefined || current_A === undefined) return undefined;
    if (status === undefined) return undefined;
    const has = (bit: number): boolean => (status & bit) !== 0;
    const bad = has(STATUS.overflow)
      ? 'beyond its range'
      : has(STATUS.sense) !== (wires === 4)
        ? `read with ${wires === 4 ? 2 : 4} wires`
        : has(STATUS.protection)
          ? 'its overvoltage protection acts'
          : '';
    const doubt = has(STATUS.rangeCompliance) ? 'limited by its range, not by what is set' : '';
    return judged([voltage_V, current_A], has(STATUS.compliance), bad, doubt, timeIn(fields[3]));
  },
};

export const DIALECTS: Readonly<Record<'2450' | '2400', Dialect>> = {
  '2450': scpi2450,
  '2400': scpi2400,
};

/** A time of the instrument, s; NaN for what is none. */
function timeIn(text: string | undefined): number {
  const time_s = numberIn(text ?? '', 's');
  return time_s !== undefined && time_s >= 0 && time_s < 1e9 ? time_s : Number.NaN;
}

/** Flags as the instrument writes them: a whole number in any form. */
function flagsIn(text: string | undefined): number | undefined {
  const number = numberIn(text ?? '', '');
  return number !== undefined && Number.isInteger(number) && number >= 0 && number < 2 ** 31
    ? number
    : undefined;
}

/** Whether an answer is the expected one: the same word, whole or short, or the same number or state. */
export function isAnswer(text: string, expected: string): boolean {
  const bare = text.replaceAll('"', '').trim().toUpperCase();
  if (
    bare === expected ||
    (/^[A-Z]{4}$/.test(expected) && /^[A-Z:]+$/.test(bare) && bare.startsWith(expected))
  )
    return true;
  const state = switchOf(bare);
  if (state !== undefined && /^[01]$/.test(expected)) return String(state) === expected;
  const [number, wanted] = [numberIn(bare, ''), numberIn(expected, '')];
  return number !== undefined && wanted !== undefined && same(number, wanted);
}

/** The same set value, as far as the instrument resolves it. */
const same = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
