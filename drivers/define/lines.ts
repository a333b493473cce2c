import { z } from 'zod';
import { type DeviceDescription, INSTRUMENT_TIME_RANGE } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { parseExplained } from '../contract/explain.ts';
import { isCurrentOrPower, isQuantity, unitOf } from '../contract/units.ts';
import type { DriverEntry } from '../entry.ts';
import { timeSlip } from '../generic/instrument-time.ts';
import { describeFamily, type ScpiUnit, SUPPLY_RATINGS } from '../generic/scpi-describe.ts';
import { nameTwice, readSchema, type Speech, setSchema, span, speechShape } from '../generic/scpi-file.ts';
import { textTable } from '../generic/scpi-wire.ts';
import { openDevice } from '../open-device.ts';
import { writingQuestion } from '../protocol/writing-question.ts';
import { addressOf, type TextWay, textOptions } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import { textSchema, withTexts } from './texts.ts';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');

/** Absent: 0..1 of a state (`_on`), all numbers of `words`, and of a set value 0..its rating. */
const range = span.optional();
const reading = readSchema.extend({ range });
const setPoint = setSchema
  .extend({
    range,
    /** Absent: the header of what is said and a question mark, as SCPI-1999 has it for every setting. */
    ask: setSchema.shape.ask.optional(),
    /** Its value in the safe state, or why it is left as it is. The safe state takes them in the order of the list. */
    safe: finite.optional(),
    kept: z.string().min(3).optional(),
  })
  .refine(s => (s.safe === undefined) !== (s.kept === undefined), {
    error: 'expected "safe" with a value, or "kept" with the reason why it is not set in the safe state',
  });

const tableSchema = z
  .strictObject({
    id: z.string(),
    manual: z.string(),
    triedOn: z.string(),
    /** Makes and models that it is for, for people. */
    device: z.string().min(1),
    /** Ratings that the bench file must state (> 0), with what each is: ranges are parts of them. */
    options: z
      .record(z.string().refine(isQuantity, 'expected a name that ends in its unit'), z.string())
      .default({}),
    ...speechShape,
    reads: z.array(reading).min(1),
    sets: z.array(setPoint).default([]),
    /** What it says in words: told to people and kept with the run, never a number. */
    texts: z.array(textSchema).default([]),
  })
  .superRefine((table, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const twice = nameTwice([...table.reads, ...table.sets]);
    if (twice !== undefined) issue(['reads'], `expected every name once, ${twice} is there twice`);
    const slip = timeSlip(table.reads);
    if (slip !== undefined) issue(['reads', slip.index, 'instrumentTime'], slip.text);
    const asked = writingQuestion(table);
    if (asked !== undefined) issue(asked.path, asked.text);
    const options = Object.keys(table.options);
    const isKnown = (rating: string): boolean => options.includes(SUPPLY_RATINGS[rating] ?? rating);
    const known = options.join(', ') || 'none';
    for (const list of ['reads', 'sets'] as const) {
      for (const [i, item] of table[list].entries()) {
        const { name, rated, range } = item;
        if (rated !== undefined && !isKnown(rated)) issue([list, i, 'rated'], `expected one of ${known}`);
        const read = list === 'reads' ? table.reads[i] : undefined;
        const isPlain =
          read === undefined ? rated !== undefined : (read.words ?? read.instrumentTime) !== undefined;
        if (range === undefined && unitOf(name) !== 'on' && !isPlain)
          issue([list, i, 'range'], 'expected [low, high]');
      }
    }
    for (const [i, { name, safe = 0 }] of table.sets.entries())
      if (safe !== 0 && isCurrentOrPower(name)) issue(['sets', i, 'safe'], NOT_ZERO);
    for (const [i, { safe, rated, range = [0, 1] }] of table.sets.entries()) {
      if (safe === undefined || rated !== undefined || (safe >= range[0] && safe <= range[1])) continue;
      issue(['sets', i, 'safe'], `expected a value within ${range.join('..')}`);
    }
    for (const key of Object.keys(table.ratings))
      if (!isKnown(key)) issue(['ratings', key], `expected one of ${known}`);
    for (const list of ['reads', 'sets'] as const) {
      for (const [i, { name, rated }] of table[list].entries()) {
        const slip = unitSlip(name, rated === undefined ? undefined : (SUPPLY_RATINGS[rated] ?? rated));
        if (slip !== undefined) issue([list, i, slip.key], slip.text);
      }
    }
    for (const [i, { bits, word, words, value }] of table.reads.entries()) {
      const ways = [bits, word, words, value].filter(way => way !== undefined).length;
      if (ways > 1)
        issue(['reads', i], 'expected one of bits, word, words, value: each reads the answer its own way');
    }
    const said = table.sets.map(({ say }) => String(say));
    const again = said.findIndex((line, i) => said.indexOf(line) < i);
    if (again >= 0) issue(['sets', again, 'say'], 'expected another line than that of a settable before it');
    const output = table.sets.find(set => set.name === 'outputSet_on');
    const first = table.sets.find(set => set.safe !== undefined);
    if (output !== undefined && (first !== output || output.safe !== 0))
      issue(['sets'], 'expected outputSet_on with safe: 0 before all others that are set in the safe state');
  });

const NOT_ZERO =
  'expected 0 for a current or a power in the safe state, or "kept" with the reason why it is left as it is';

/** What a quantity is called, and the units that it may have. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  voltage: ['V', 'mV'],
  current: ['A', 'mA'],
  power: ['W', 'kW'],
  temperature: ['degC', 'K'],
};
const OF_ANOTHER = Object.values(UNITS).flat();

/** A name whose unit is that of another quantity than it says, or than its rating has. */
function unitSlip(
  name: string,
  rating: string | undefined,
): { key: 'name' | 'rated'; text: string } | undefined {
  const unit = unitOf(name) ?? '';
  const quantity = /(voltage|current|power|temperature)(?:Set)?_/i.exec(name)?.[1].toLowerCase() ?? '';
  const units = UNITS[quantity];
  if (units !== undefined && OF_ANOTHER.includes(unit) && !units.includes(unit))
    return { key: 'name', text: `expected a ${quantity} in ${units.join(' or ')}, not in ${unit}` };
  if (rating === undefined || unitOf(rating) === unit) return undefined;
  return { key: 'rated', text: `expected a rating in ${unit}, not ${rating}` };
}

/** A driver of an instrument that speaks lines of text. */
export type LinesTable = z.input<typeof tableSchema>;

type Options = TextWay & ScpiUnit;

/** The driver that the table declares. @throws MisfitError with the place in the table */
export function linesDriver(declared: LinesTable): DriverEntry<Options> {
  const {
    id,
    manual,
    triedOn,
    device,
    options: ratings,
    texts,
    ...table
  } = parseExplained(tableSchema, declared);
  const speech: Speech = {
    ...table,
    supply: device,
    reads: table.reads.map(read => ({ ...read, range: read.range ?? rangeOf(read) })),
    sets: table.sets.map(set => ({
      ...set,
      range: set.range ?? [0, 1],
      ask: set.ask ?? `${[set.say].flat()[0].split(' ')[0]}?`,
    })),
    safe: table.sets.flatMap(({ name, safe }) =>
      safe === undefined ? [] : [[name, safe] as [typeof name, number]],
    ),
  };
  const options = textOptions(ownOptions(declared, ratings), Object.keys(ratings).join(', '), {
    port: table.line.port,
  });
  const description = (unit: ScpiUnit): DeviceDescription => {
    const described = { ...describeFamily(speech, unit, id), driver: id };
    // Of a rated one the bench file says how far its range goes.
    for (const [key, value] of described.safeList) {
      const [low, high] = described.settables.find(({ name }) => name === key)?.range ?? [value, value];
      if (value >= low && value <= high) continue;
      throw new DeviceError('config', id, `${key}: safe ${value}, expected a value within ${low}..${high}`);
    }
    return described;
  };
  return {
    id,
    manual,
    triedOn,
    options: options as z.ZodType<Options>,
    endpoint: way => endpointOf(addressOf(way)),
    // Outputs, or units with an address.
    shares: true,
    describe: description,
    open(name, given, env) {
      const spoken = textTable(speech, given, given, { ...env, name: id });
      return openDevice(
        name,
        withTexts({ ...spoken, description: description(given) }, texts, env.clock),
        env,
      );
    },
  };
}

/** Of a reading without one: whatever a clock shows, else from the first to the last number of a state. */
function rangeOf({ instrumentTime, words }: z.output<typeof reading>): [number, number] {
  return instrumentTime === undefined ? statesOf(words) : [...INSTRUMENT_TIME_RANGE];
}

/** From the first to the last number of a state. */
function statesOf(words: Readonly<Record<string, string>> = { 0: 'off', 1: 'on' }): [number, number] {
  const numbers = Object.keys(words).map(Number);
  return [Math.min(...numbers), Math.max(...numbers)];
}

/** What the bench file says of the instrument beside its address. */
function ownOptions(table: LinesTable, ratings: Readonly<Record<string, string>>) {
  const lines = JSON.stringify(table);
  const { model } = table.identity;
  const text = z.string().min(1);
  const exactly = 'as its identity says it; refused at connect if it is another';
  return {
    model: (model === undefined ? text : text.optional()).meta({ description: `model, ${exactly}` }),
    serial: text.optional().meta({ description: `serial number, ${exactly}` }),
    ...(lines.includes('{output}')
      ? { output: z.number().int().min(1).meta({ description: 'which output' }) }
      : {}),
    ...(lines.includes('{address}')
      ? { address: z.number().int().min(0).max(255).meta({ description: 'address on the line' }) }
      : {}),
    ...Object.fromEntries(
      Object.entries(ratings).map(([key, description]) => [key, rating.meta({ description })] as const),
    ),
  };
}
