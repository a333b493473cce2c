import type { ChannelSpec, DeviceDescription, SettableSpec } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { unitOf } from '../contract/units.ts';
import type { DeviceTable, Exchange, ReadSpec, WriteSpec } from '../device-table.ts';
import { alike, errorOf, fieldsOf, numberIn, same, setText, switchOf } from '../protocol/scpi.ts';
import type { TextRequest } from '../transport/text/lines.ts';
import type { ScpiFamily, ScpiRead, ScpiSet, ScpiStep } from './scpi-file.ts';

/** What the bench file says of this very instrument. */
export interface ScpiUnit {
  readonly model: string;
  readonly serial?: string;
  readonly voltageNominal_V: number;
  readonly currentNominal_A: number;
  readonly powerNominal_W?: number;
  readonly output?: number;
  readonly address?: number;
}

/** What an instrument holds in its error queue at most; more entries than that are no queue. */
const ERRORS_MAX = 50;

type Ask = Exchange<TextRequest, string>;

/**
 * Everything of a device that speaks lines but its wire. `where`: for messages. `mayRelease`: told whether its output is
 * off, says whether the instrument may be given back.
 */
export function scpiTable(
  family: ScpiFamily,
  unit: ScpiUnit,
  where: string,
  mayRelease: (isOff: boolean) => boolean = isOff => isOff,
): Omit<DeviceTable<TextRequest, string>, 'makeLink' | 'reply_ms' | 'gap_ms'> {
  const filled = (line: string): string => fill(line, unit, where);
  const question = (line: string, fits: (text: string) => boolean): TextRequest => ({
    lines: [filled(line)],
    fits,
  });
  /** A watchdog was armed once: until it is armed again after a reconnect, the output stays off. */
  let isArmed = true;

  /** Commands, and in the same exchange what tells whether they were taken. `proof`: asked where nothing else can be. */
  function command(lines: readonly string[], proof?: TextRequest): TextRequest {
    const { acknowledge, errors } = family;
    if (acknowledge !== undefined) {
      return {
        lines,
        fits: text => !/^[+-]?[\d.]/.test(text),
        refusal: text => (text === acknowledge ? undefined : `answered with "${text}"`),
      };
    }
    if (errors === undefined) {
      if (proof === undefined) throw new DeviceError('config', where, `${lines[0]}: nothing proves it`);
      return { lines: [...lines, ...proof.lines], fits: proof.fits };
    }
    return {
      lines: [...lines, filled(errors.ask)],
      fits: text => errorOf(text) !== undefined,
      refusal(text) {
        const error = errorOf(text);
        return error === undefined || error.code === 0 ? undefined : `error ${error.code}, ${error.text}`;
      },
    };
  }

  /** Carries a step out and proves it; throws `refused` or `readback`. */
  async function carryOut(ask: Ask, { say, ask: proof, answer }: ScpiStep, fillIn = filled): Promise<void> {
    const expected = answer === undefined ? '' : fillIn(answer);
    const asked =
      proof === undefined
        ? undefined
        : { lines: [fillIn(proof)], fits: (text: string) => alike(text, expected) };
    if (say !== undefined) await ask(command([fillIn(say)], asked));
    if (proof === undefined) return;
    const got = await ask({ lines: [fillIn(proof)], fits: text => alike(text, expected) });
    if (same(got, expected)) return;
    throw new DeviceError(
      'readback',
      where,
      `${say ?? proof}: ${fillIn(proof)} gives "${got}", expected "${expected}"`,
    );
  }

  async function identify(ask: Ask) {
    const { identity } = family;
    isArmed = watched === undefined;
    // Anything may come from a stranger.
    const answer = await ask(question(identity.ask, () => true));
    const [maker, model = '', serial = ''] = fieldsOf(answer);
    const refuse = (text: string): never => {
      throw new DeviceError('identity', where, `it says "${answer}"; ${text}`);
    };
    if (!new RegExp(identity.maker, 'i').test(maker)) refuse(`expected ${family.supply}`);
    if (model !== unit.model) refuse(`expected the model "${unit.model}" of the bench file`);
    if (unit.serial !== undefined && serial !== unit.serial)
      refuse(`expected the serial number ${unit.serial}`);
    for (const [rating, line] of Object.entries(family.ratings) as [
      'voltage' | 'current' | 'power',
      string,
    ][]) {
      const [nominal, symbol] = nominalOf(rating, unit, where);
      const found = numberIn(await ask(question(line, text => numberIn(text, symbol) !== undefined)), symbol);
      if (found === undefined || !(Math.abs(found - nominal) <= 1e-3 * nominal)) {
        const text = `${rating}Nominal_${symbol}: the instrument reports ${found}, the bench file says ${nominal}`;
        throw new DeviceError('identity', where, text);
      }
    }
    return {
      ask: question(identity.ask, text => text === answer),
      isAnswer: (text: string) => text === answer,
    };
  }

  async function takeControl(ask: Ask): Promise<void> {
    // What went wrong before us is not ours: else our first command would be told of it.
    const { errors } = family;
    for (let n = 0; errors !== undefined; n++) {
      const error = errorOf(await ask(question(errors.ask, text => errorOf(text) !== undefined)));
      if (error?.code === 0) break;
      if (n >= ERRORS_MAX)
        throw new DeviceError('refused', where, `its error queue does not end: ${error?.text}`);
    }
    for (const step of family.control) await carryOut(ask, step);
  }

  const writes: Record<string, WriteSpec<TextRequest, string>> = {};
  for (const set of family.sets) writes[set.name] = writeOf(set);
  let watched: number | undefined;

  function writeOf(set: ScpiSet): WriteSpec<TextRequest, string> {
    const most = rangeOf(set, unit, where)[1];
    const readback = question(set.ask, text => valueAt(text, set) !== undefined);
    return {
      encode(value) {
        const { say } = set;
        if (typeof say !== 'string') {
          if (set.name === 'outputSet_on' && value >= 0.5 && !isArmed) {
            throw new DeviceError(
              'refused',
              where,
              'its watchdog is not armed yet after the reconnect: output stays off',
            );
          }
          return command([filled(say[value >= 0.5 ? 1 : 0])], readback);
        }
        return command([filled(say.replace('{}', setText(value, set.decimals, most)))], readback);
      },
      readback,
      decode: text => valueAt(text, set) ?? Number.NaN,
      settle_ms: set.settle_ms,
    };
  }

  const { watchdog } = family;
  return {
    description: describeFamily(family, unit, where),
    identify,
    takeControl,
    reads: readsOf(family.reads, line => filled(line)),
    writes,
    ...(watchdog === undefined
      ? {}
      : {
          async armWatchdog(timeout_s, { exchange }) {
            const [low, high] = watchdog.range_s;
            const { resolution_s } = watchdog;
            // Rounded down: a watchdog may be stricter than asked for, never laxer.
            const whole_s = Math.floor(timeout_s / resolution_s + 1e-9) * resolution_s;
            if (!(whole_s >= low && whole_s <= high)) {
              const text = `watchdog of ${timeout_s} s; the instrument takes ${low}..${high} s`;
              throw new DeviceError('range', where, text);
            }
            const fillIn = (line: string): string =>
              filled(line)
                .replace('{s}', String(Number(whole_s.toFixed(3))))
                .replace('{ms}', String(Math.round(1000 * whole_s)));
            for (const step of watchdog.steps) await carryOut(exchange, step, fillIn);
            watched = whole_s;
            isArmed = true;
            return whole_s;
          },
        }),
    async releaseControl({ exchange }) {
      const output = writes['outputSet_on'];
      // With the output on nothing is touched: the watchdog is then what ends it.
      if (!mayRelease(output.decode(await exchange(output.readback)) === 0)) return;
      const disarm = watched === undefined ? [] : (family.watchdog?.disarm ?? []);
      for (const step of [...disarm, ...family.release]) await carryOut(exchange, step);
    },
  };
}

/** How the unit of the bench file is called on its line; undefined: it stands there alone. */
export function calledUnit(
  { call, acknowledge }: ScpiFamily,
  unit: ScpiUnit,
  where: string,
): TextRequest['call'] {
  if (call === undefined) return undefined;
  return { line: fill(call, unit, where), fits: text => text === acknowledge };
}

/** Channels and settables of a family with the ratings of the bench file. Throws `config` where one is missing. */
export function describeFamily(family: ScpiFamily, unit: ScpiUnit, where: string): DeviceDescription {
  const { reading_pct, rating_pct, basis } = family.accuracy;
  return {
    driver: 'generic/scpi',
    channels: family.reads.map((read): ChannelSpec => {
      const range = rangeOf(read, unit, where);
      if (read.rated === undefined)
        return { name: read.name, range, accuracy: { reading_pct: 0, abs: 0, basis } };
      const abs = (rating_pct / 100) * nominalOf(read.rated, unit, where)[0];
      return { name: read.name, range, accuracy: { reading_pct, abs, basis } };
    }),
    settables: family.sets.map(
      (set): SettableSpec => ({
        name: set.name,
        range: rangeOf(set, unit, where),
        tolerance: Math.max(
          (set.tolerance_pct / 100) * (set.rated === undefined ? 1 : nominalOf(set.rated, unit, where)[0]),
          typeof set.say === 'string' ? 0.5 * 10 ** -set.decimals : 0,
        ),
      }),
    ),
    onLoss: family.onLoss,
    watchdog: family.watchdog !== undefined,
    safeList: family.safe,
  };
}

function nominalOf(
  rating: 'voltage' | 'current' | 'power',
  unit: ScpiUnit,
  where: string,
): readonly [value: number, symbol: string] {
  if (rating === 'voltage') return [unit.voltageNominal_V, 'V'];
  if (rating === 'current') return [unit.currentNominal_A, 'A'];
  if (unit.powerNominal_W !== undefined) return [unit.powerNominal_W, 'W'];
  throw new DeviceError('config', where, 'this family needs powerNominal_W');
}

function rangeOf(
  { range: [low, high], rated }: Pick<ScpiRead, 'range' | 'rated'>,
  unit: ScpiUnit,
  where: string,
): [number, number] {
  const nominal = rated === undefined ? 1 : nominalOf(rated, unit, where)[0];
  return [low * nominal, high * nominal];
}

/** One question for all channels that the same answer holds. */
function readsOf(
  reads: readonly ScpiRead[],
  filled: (line: string) => string,
): ReadSpec<TextRequest, string>[] {
  const places = new Map<string, { read: ScpiRead; index: number }[]>();
  for (const [index, read] of reads.entries()) {
    const line = filled(read.ask);
    places.set(line, [...(places.get(line) ?? []), { read, index }]);
  }
  return [...places].map(([line, held]) => ({
    ask: { lines: [line], fits: text => held.every(({ read }) => valueAt(text, read) !== undefined) },
    channels: held.map(({ index }) => index),
    into(text, values) {
      for (const { read, index } of held) values[index] = valueAt(text, read) ?? Number.NaN;
    },
  }));
}

/** The value that an answer holds; undefined where it is no answer to this question. */
function valueAt(
  text: string,
  place: Pick<ScpiRead, 'name' | 'field' | 'bits' | 'word'>,
): number | undefined {
  const field = fieldsOf(text)[place.field];
  if (field === undefined) return undefined;
  const unit = unitOf(place.name) ?? '';
  if (place.word !== undefined)
    return /^[A-Za-z]+$/.test(field) ? Number(field.toUpperCase() === place.word) : undefined;
  if (place.bits !== undefined)
    return /^\+?\d{1,10}$/.test(field) ? Number((Number(field) & place.bits) !== 0) : undefined;
  return unit === 'on' ? switchOf(field) : numberIn(field, unit);
}

/** Puts the bench's own numbers into a line. Throws `config` where one is missing. */
function fill(line: string, unit: ScpiUnit, where: string): string {
  return line.replace(/\{(output|address)\}/g, (_, key: 'output' | 'address') => {
    const value = unit[key];
    if (value === undefined) throw new DeviceError('config', where, `this family needs "${key}"`);
    return String(value);
  });
}
