import { DeviceError, messageOf } from '../contract/errors.ts';
import { unitOf } from '../contract/units.ts';
import { type WatchdogPart, type WatchdogReading, watchdogReading } from '../contract/watchdog.ts';
import type { DeviceTable, Exchange, ReadSpec, WriteSpec } from '../device-table.ts';
import { alike, errorOf, fieldsOf, numberIn, same, setText, switchOf } from '../protocol/scpi.ts';
import type { TextRequest } from '../transport/text/lines.ts';
import { describeFamily, nominalOf, rangeOf, type ScpiUnit } from './scpi-describe.ts';
import type { ScpiRead, ScpiSet, ScpiStep, Speech } from './scpi-file.ts';

/** What an instrument holds in its error queue at most; more entries than that are no queue. */
const ERRORS_MAX = 50;

type Ask = Exchange<TextRequest, string>;

/**
 * Everything of a device that speaks lines but its wire. `where`: for messages. `mayRelease`: told whether its output is
 * off, says whether the instrument may be given back.
 */
export function scpiTable(
  family: Speech,
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
    if (identity.model !== undefined && !new RegExp(identity.model, 'i').test(model))
      refuse(`expected ${family.supply}`);
    if ((unit.model ?? identity.model) === undefined || (unit.model !== undefined && model !== unit.model))
      refuse(`expected the model "${unit.model}" of the bench file`);
    if (unit.serial !== undefined && serial !== unit.serial)
      refuse(`expected the serial number ${unit.serial}`);
    for (const [rating, line] of Object.entries(family.ratings)) {
      const [nominal, symbol, key] = nominalOf(rating, unit, where);
      const found = numberIn(await ask(question(line, text => numberIn(text, symbol) !== undefined)), symbol);
      if (found === undefined || !(Math.abs(found - nominal) <= 1e-3 * nominal)) {
        const text = `${key}: the instrument reports ${found}, the bench file says ${nominal}`;
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
    const most = Math.max(...rangeOf(set, unit, where).map(end => set.sign * end));
    const safe = family.safe.find(([key]) => key === set.name)?.[1];
    const readback = question(set.ask, text => valueAt(text, set) !== undefined);
    return {
      encode(value) {
        const { say } = set;
        if (!isArmed && (set.needsWatchdog || set.name === 'outputSet_on') && value !== safe) {
          const text = `${set.name}: its watchdog is not armed yet after the reconnect: it stays at ${safe}`;
          throw new DeviceError('refused', where, text);
        }
        if (typeof say !== 'string') {
          return command([filled(say[value >= 0.5 ? 1 : 0])], readback);
        }
        return command([filled(say.replace('{}', setText(set.sign * value, set.decimals, most)))], readback);
      },
      readback,
      decode: text => valueAt(text, set) ?? Number.NaN,
      settle_ms: set.settle_ms,
    };
  }

  const { watchdog } = family;
  const withTime = (line: string, time_s: number): string =>
    filled(line)
      .replace('{s}', String(Number(time_s.toFixed(3))))
      .replace('{ms}', String(Math.round(1000 * time_s)));

  /** Asks again what was read back when it was armed, the last answer to each question, and what says that it is lost. */
  async function readWatchdog(ask: Ask, { steps, lost }: NonNullable<Speech['watchdog']>, time_s: number) {
    const armed = new Map<string, string>();
    for (const { ask: proof, answer } of steps)
      if (proof !== undefined && answer !== undefined)
        armed.set(withTime(proof, time_s), withTime(answer, time_s));
    const parts: WatchdogPart[] = [];
    for (const [line, expected] of armed) {
      const read = await ask({ lines: [line], fits: text => alike(text, expected) });
      parts.push({ what: line, armed: expected, read, isSame: same(read, expected) });
    }
    for (const { ask: line, answer } of lost) {
      const read = await ask({ lines: [filled(line)], fits: text => alike(text, answer) });
      parts.push({ what: line, armed: `not ${answer}`, read, isSame: !same(read, answer) });
    }
    return watchdogReading(parts);
  }

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
            const fillIn = (line: string): string => withTime(line, whole_s);
            for (const step of watchdog.steps) await carryOut(exchange, step, fillIn);
            watched = whole_s;
            isArmed = true;
            return whole_s;
          },
          readWatchdog: ({ exchange }): Promise<WatchdogReading> =>
            readWatchdog(exchange, watchdog, watched ?? Number.NaN),
        }),
    async releaseControl({ exchange }) {
      const output = Object.hasOwn(writes, 'outputSet_on') ? writes['outputSet_on'] : undefined;
      // With the output on nothing is touched: the watchdog is then what ends it.
      if (!mayRelease(output === undefined || output.decode(await exchange(output.readback)) === 0)) return;
      const disarm = watched === undefined ? [] : (family.watchdog?.disarm ?? []);
      for (const step of [...disarm, ...family.release]) await carryOut(exchange, step);
    },
  };
}

/** How the unit of the bench file is called on its line; undefined: it stands there alone. */
export function calledUnit(
  { call, acknowledge }: Pick<Speech, 'call' | 'acknowledge'>,
  unit: ScpiUnit,
  where: string,
): TextRequest['call'] {
  if (call === undefined) return undefined;
  return { line: fill(call, unit, where), fits: text => text === acknowledge };
}

/** One question for all channels that the same answer holds. */
function readsOf(
  reads: readonly ScpiRead[],
  filled: (line: string) => string,
): ReadSpec<TextRequest, string>[] {
  const places = new Map<string, { read: ScpiRead; index: number }[]>();
  for (const [index, read] of reads.entries()) {
    const line = `${read.every_ms ?? ''} ${filled(read.ask)}`;
    places.set(line, [...(places.get(line) ?? []), { read, index }]);
  }
  return [...places.values()].map(group => {
    const fields = Math.max(...group.map(({ read }) => fieldCount(read)));
    const held = group.map(({ read, index }) => ({ read: { ...read, fields }, index }));
    return {
      ask: {
        lines: [filled(held[0].read.ask)],
        fits: text => held.every(({ read }) => valueAt(text, read) !== undefined),
      },
      channels: held.map(({ index }) => index),
      ...(held[0].read.every_ms === undefined ? {} : { every_ms: held[0].read.every_ms }),
      into(text, values, _quality, note) {
        for (const { read, index } of held) {
          values[index] = valueAt(text, read, why => note(`${read.name}: ${why}`)) ?? Number.NaN;
        }
      },
    };
  });
}

/** How many values the answer has, by what is read of it. */
const fieldCount = ({ field, fields }: Pick<ScpiRead, 'field' | 'fields'>): number =>
  fields ?? (field ?? 0) + 1;

/** The value that an answer holds; undefined where it is no answer to this question. */
function valueAt(
  text: string,
  place: Pick<ScpiRead, 'name' | 'field' | 'fields' | 'sign'> &
    Partial<Pick<ScpiRead, 'bits' | 'word' | 'words' | 'value'>>,
  wrong: (why: string) => void = () => {},
): number | undefined {
  if (place.value !== undefined) return ownValue(place.value, text, wrong);
  const all = fieldsOf(text);
  // A list that is longer or shorter is another answer, or a decimal comma.
  if (all.length !== fieldCount(place)) return undefined;
  const field = all[place.field ?? 0];
  const unit = unitOf(place.name) ?? '';
  if (place.words !== undefined) {
    if (/^[+-]?\d+$/.test(field)) return Number(field);
    const said = field.replace(/^"|"$/g, '').toUpperCase();
    const state = Object.keys(place.words).find(key => place.words?.[key].toUpperCase() === said);
    return state === undefined ? undefined : Number(state);
  }
  if (place.word !== undefined)
    return /^[A-Za-z]+$/.test(field) ? Number(field.toUpperCase() === place.word) : undefined;
  if (place.bits !== undefined)
    return /^\+?\d{1,10}$/.test(field) ? Number((Number(field) & place.bits) !== 0) : undefined;
  if (unit === 'on') return switchOf(field);
  const number = numberIn(field, unit);
  return number === undefined ? undefined : place.sign * number;
}

/** What a driver's own code makes of an answer. What it throws, or gives in place of a number, is a bad reading: NaN. */
function ownValue(
  own: NonNullable<ScpiRead['value']>,
  text: string,
  wrong: (why: string) => void,
): number | undefined {
  try {
    const found: unknown = own(text);
    if (found === undefined || typeof found === 'number') return found;
    wrong(
      `its "value" gave ${found === null ? 'null' : `a ${typeof found}`} for "${text}", expected a number`,
    );
  } catch (error) {
    wrong(`its "value" failed on "${text}": ${messageOf(error)}`);
  }
  return Number.NaN;
}

/** Puts the bench's own numbers into a line. Throws `config` where one is missing. */
function fill(line: string, unit: ScpiUnit, where: string): string {
  return line.replace(/\{(output|address)\}/g, (_, key: 'output' | 'address') => {
    const value = unit[key];
    if (value === undefined) throw new DeviceError('config', where, `this family needs "${key}"`);
    return String(value);
  });
}
