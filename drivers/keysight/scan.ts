import { z } from 'zod';
import { type Quantity, unitOf } from '../contract/units.ts';
import { numberIn } from '../protocol/scpi.ts';

/** Channels of a scan list: how they are set up, and what a reading of each means. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const THERMOCOUPLES = ['B', 'E', 'J', 'K', 'N', 'R', 'S', 'T'] as const;
/** What a scanner measures; the units it writes behind a reading of it (recalled but for C). */
const WRITES: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  degC: ['C', 1],
  V: ['VDC', 1],
  mV: ['VDC', 1000],
  A: ['ADC', 1],
  Ohm: ['OHM', 1],
};

/** One channel of the bench file. */
export const channelSchema = z
  .strictObject({
    name: z
      .custom<Quantity>(v => typeof v === 'string' && Object.hasOwn(WRITES, unitOf(v) ?? ''), {
        error: `expected a name that ends in ${Object.keys(WRITES)
          .map(unit => `_${unit}`)
          .join(', ')}`,
      })
      .meta({ description: 'channel of the device, with its unit: _degC, _V, _mV, _A, _Ohm' }),
    at: z
      .number()
      .int()
      .min(101)
      .max(360)
      .meta({ description: 'slot and channel of the instrument, e.g. 101: the first of slot 1' }),
    thermocouple: z
      .enum(THERMOCOUPLES)
      .optional()
      .meta({ description: 'type of thermocouple; its reference is the terminal block' }),
    pt100: z
      .union([z.literal(85), z.literal(91)])
      .optional()
      .meta({ description: 'resistance thermometer of 100 Ohm, alpha 0.00385 or 0.00391' }),
    fourWire: z.boolean().default(false).meta({ description: 'resistance by four wires' }),
    fullScale: finite
      .positive()
      .optional()
      .meta({ description: 'fixed range of the instrument, V, A or Ohm, e.g. 10' }),
    range: z
      .tuple([finite, finite])
      .refine(([low, high]) => low < high, 'expected [low, high] with low < high')
      .meta({ description: 'what is believed, in the unit of the name; beyond it a reading is bad' }),
    accuracy: z
      .strictObject({
        reading_pct: finite.min(0).meta({ description: 'part of the reading, pct' }),
        abs: finite.min(0).meta({ description: 'in the unit of the name' }),
        basis: z
          .enum(['sourced', 'recalled', 'default'])
          .meta({ description: 'read in the manual, known, or chosen' }),
      })
      .meta({ description: 'declared accuracy, k = 2' }),
  })
  .superRefine((channel, context) => {
    const wrong = slipOf(channel);
    if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['name'], message: wrong });
  });
export type ScanChannel = z.output<typeof channelSchema>;

function slipOf(channel: {
  readonly name: string;
  readonly thermocouple?: string | undefined;
  readonly pt100?: number | undefined;
  readonly fullScale?: number | undefined;
}): string | undefined {
  const sensors = [channel.thermocouple, channel.pt100].filter(v => v !== undefined).length;
  const isTemperature = unitOf(channel.name) === 'degC';
  if (isTemperature && sensors !== 1) return 'a temperature: expected "thermocouple" or "pt100"';
  if (!isTemperature && sensors > 0) return 'expected a name that ends in _degC for a thermometer';
  if (!isTemperature && channel.fullScale === undefined) return 'expected "fullScale", the range of it';
  return undefined;
}

/** Channels that are set up alike, by the function that they are measured with. */
interface Group {
  /** As the instrument names the function. */
  readonly measures: 'TEMP' | 'VOLT' | 'CURR' | 'RES' | 'FRES';
  readonly configure: string;
  /** What is asked to see that it was taken, and the answer of each channel; all with the list behind it. */
  readonly checks: readonly (readonly [question: string, answer: string])[];
  readonly at: number[];
}

const list = (at: readonly number[]): string => `(@${at.join(',')})`;

function groupsOf(channels: readonly ScanChannel[]): Group[] {
  const groups = new Map<string, Group>();
  for (const channel of channels) {
    const made = groupOf(channel);
    const found = groups.get(made.configure);
    if (found === undefined) groups.set(made.configure, made);
    else found.at.push(channel.at);
  }
  return [...groups.values()];
}

function groupOf({ name, at, thermocouple, pt100, fourWire, fullScale }: ScanChannel): Group {
  const group = (measures: Group['measures'], configure: string, checks: Group['checks'] = []): Group => ({
    measures,
    configure,
    checks,
    at: [at],
  });
  if (thermocouple !== undefined)
    return group('TEMP', `CONF:TEMP TC,${thermocouple}`, [
      ['TEMP:TRAN:TYPE?', 'TC'],
      ['TEMP:TRAN:TC:TYPE?', thermocouple],
      // Without it an open thermocouple reads as some temperature.
      ['TEMP:TRAN:TC:CHEC?', '1'],
    ]);
  if (pt100 !== undefined) {
    const kind = fourWire ? 'FRTD' : 'RTD';
    return group('TEMP', `CONF:TEMP ${kind},${pt100}`, [
      ['TEMP:TRAN:TYPE?', kind],
      [`TEMP:TRAN:${kind}:TYPE?`, String(pt100)],
    ]);
  }
  const unit = unitOf(name);
  const scale = String(fullScale);
  if (unit === 'A') return group('CURR', `CONF:CURR:DC ${scale}`, [['CURR:DC:RANG?', scale]]);
  if (unit === 'Ohm') {
    const kind = fourWire ? 'FRES' : 'RES';
    return group(kind, `CONF:${kind} ${scale}`, [[`${kind}:RANG?`, scale]]);
  }
  return group('VOLT', `CONF:VOLT:DC ${scale}`, [['VOLT:DC:RANG?', scale]]);
}

/** Lines that set the scan up. `CONF` turns the format of readings off (34972A user's guide, page 104): that comes last. */
export function setUpLines(channels: readonly ScanChannel[], nplc: number): string[] {
  const groups = groupsOf(channels);
  return [
    'ABOR',
    ...groups.flatMap(({ measures, configure, checks, at }) => [
      `${configure},${list(at)}`,
      `${measures === 'VOLT' || measures === 'CURR' ? `${measures}:DC` : measures}:NPLC ${nplc},${list(at)}`,
      ...(checks.some(([ask]) => ask === 'TEMP:TRAN:TC:CHEC?') ? [`TEMP:TRAN:TC:CHEC ON,${list(at)}`] : []),
      ...(measures === 'TEMP' ? [`UNIT:TEMP C,${list(at)}`] : []),
    ]),
    `ROUT:SCAN ${list(channels.map(({ at }) => at))}`,
    'TRIG:SOUR IMM',
    'TRIG:COUN 1',
    'FORM:READ:CHAN ON',
    'FORM:READ:UNIT ON',
    'FORM:READ:TIME OFF',
    'FORM:READ:ALAR OFF',
  ];
}

/** Questions and the answers that what was set up gives. */
export function checksOf(
  channels: readonly ScanChannel[],
  nplc: number,
): readonly (readonly [question: string, answers: readonly string[]])[] {
  const all = list(channels.map(({ at }) => at));
  const size = String(all.length);
  return [
    // A block of definite length, as the guide of the 34970A says.
    ['ROUT:SCAN?', [`#${size.length}${size}${all}`]],
    ...groupsOf(channels).flatMap(({ measures, checks, at }) => {
      const each = (answer: string): string[] => at.map(() => answer);
      const named = measures === 'VOLT' || measures === 'CURR' ? `${measures}:DC` : measures;
      return [
        [`FUNC? ${list(at)}`, each(measures)] as const,
        [`${named}:NPLC? ${list(at)}`, each(String(nplc))] as const,
        ...checks.map(([ask, answer]) => [`${ask} ${list(at)}`, each(answer)] as const),
        ...(measures === 'TEMP' ? [[`UNIT:TEMP? ${list(at)}`, each('C')] as const] : []),
      ];
    }),
    ['TRIG:SOUR?', ['IMM']],
    ['TRIG:COUN?', ['1']],
    ['FORM:READ:CHAN?', ['1']],
    ['FORM:READ:UNIT?', ['1']],
    ['FORM:READ:TIME?', ['0']],
    ['FORM:READ:ALAR?', ['0']],
  ];
}

/** A value of a scan; undefined with the reason where there is none. */
export type ScanValue = number | { readonly missing: string };

/** `+2.61950000E+01 C`: a reading and its unit. */
const READING = /^([+-]?\d+(?:\.\d*)?(?:E[+-]?\d+)?)\s+([A-Z]+)$/i;

/** Values of a scan in the order of the channels; undefined where it is no answer of just these channels. */
export function scanIn(text: string, channels: readonly ScanChannel[]): ScanValue[] | undefined {
  const fields = text.split(',').map(field => field.trim());
  if (fields.length !== 2 * channels.length) return undefined;
  const byNumber = new Map<number, string>();
  for (let i = 0; i < fields.length; i += 2) {
    if (!/^\d{3}$/.test(fields[i + 1]) || !READING.test(fields[i])) return undefined;
    byNumber.set(Number(fields[i + 1]), fields[i]);
  }
  // The instrument scans in the order of its numbers, whatever the order of its list (recalled).
  if (channels.some(({ at }) => !byNumber.has(at))) return undefined;
  return channels.map(({ name, at, thermocouple }) => {
    const [, number = '', unit = ''] = READING.exec(byNumber.get(at) ?? '') ?? [];
    const [wanted, factor] = WRITES[unitOf(name) ?? ''];
    if (unit.toUpperCase() !== wanted) return { missing: `channel ${at} reads ${unit}, expected ${wanted}` };
    const value = numberIn(number, '');
    if (value === undefined || Number.isNaN(value))
      return { missing: `channel ${at} ${thermocouple === undefined ? 'overloaded' : 'open or overloaded'}` };
    return value * factor;
  });
}
