import { resolve } from 'node:path';
import { z } from 'zod';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { watchdogReading } from '../contract/watchdog.ts';
import type { DeviceTable, Exchange, WriteSpec } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { SUM_CHECKSUM } from '../transport/text/checksum.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { addressOf, textOptions } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import {
  readThermal,
  type ThermalFamily,
  type ThermalSet,
  type ThermalValue,
  thermalFile,
  thermalText,
  thermalValue,
} from './thermal-file.ts';

const temperature = z.number().min(-120).max(400);
const unit = {
  family: z.string().min(1).meta({
    description:
      'how it is spoken to: a name of docs/reference/thermal.md, or a file of your own (*.yaml, from the folder of the bench file)',
  }),
  model: z.string().min(1).optional().meta({
    description:
      'what it says of itself (Julabo VERSION, Lauda TYPE, SimServ 99997, Huber LAI V), letter for letter',
  }),
  serial: z.string().min(1).optional().meta({
    description: 'Huber: the four hexadecimal digits that it answers to {M1B****',
  }),
  temperatureMin_degC: temperature.meta({ description: 'lowest temperature that may be set' }),
  temperatureMax_degC: temperature.meta({
    description: 'highest temperature that may be set; its own limits must be no wider',
  }),
  temperatureSafe_degC: temperature.optional().meta({
    description: 'in the safe state it goes on at this temperature; without it, it is stopped',
  }),
  external: z.boolean().default(false).meta({ description: 'an external sensor is connected, and read' }),
};

const thermalOptions = textOptions(unit, 'family')
  .refine(o => o.temperatureMin_degC < o.temperatureMax_degC, {
    error: 'expected temperatureMin_degC < temperatureMax_degC',
    path: ['temperatureMax_degC'],
  })
  .refine(
    ({ temperatureSafe_degC: safe, temperatureMin_degC: low, temperatureMax_degC: high }) =>
      safe === undefined || (safe >= low && safe <= high),
    { error: 'expected it within temperatureMin_degC..temperatureMax_degC', path: ['temperatureSafe_degC'] },
  );
export type ThermalOptions = z.infer<typeof thermalOptions>;

/** Readings beyond what may be set by more than this are no reading, K. */
const BEYOND_K = 60;
/** Longest line, characters of 11 bits. */
const LINE_BITS = 48 * 11;

const SET = 'temperatureSet_degC';
const RUN = 'runSet_on';

function describe(family: ThermalFamily, options: ThermalOptions): DeviceDescription {
  const { temperatureMin_degC: low, temperatureMax_degC: high, temperatureSafe_degC: safe } = options;
  const { abs_K, basis } = family.accuracy;
  return {
    driver: 'generic/thermal',
    channels: readsFor(family, options).map(({ name, range }) => ({
      name,
      range: range ?? [low - BEYOND_K, high + BEYOND_K],
      accuracy: { reading_pct: 0, abs: name.endsWith('_degC') ? abs_K : 0, basis },
    })),
    settables: family.sets.map(({ name, range, say, decimals, hex, scale }) => ({
      name,
      range: range ?? (name === RUN ? [0, 1] : [low, high]),
      tolerance: typeof say !== 'string' ? 0 : hex ? 0.51 * scale : 0.51 * 10 ** -decimals * scale,
    })),
    onLoss: family.onLoss,
    watchdog: family.watchdog !== undefined,
    safeList: safe === undefined ? [[RUN, 0]] : [[SET, safe]],
  };
}

const readsFor = (family: ThermalFamily, { external }: ThermalOptions): ThermalFamily['reads'] =>
  family.reads.filter(read => external || !read.isExternal);

function tableOf(
  family: ThermalFamily,
  options: ThermalOptions,
  { clock, shared }: Pick<DriverEnv, 'clock' | 'shared'>,
): DeviceTable<TextRequest, string> {
  const address = addressOf(options);
  const where = `generic/thermal (${options.family}) at ${endpointOf(address)}`;
  const { terminator, checksum, gap_ms, settle_ms } = family.line;
  const line_ms = 'path' in options ? (2 * LINE_BITS * 1000) / options.baud : 0;
  const reply_ms = Math.ceil(family.line.reply_ms + settle_ms + line_ms);
  const { refused } = family;
  const isRefusal = (text: string): boolean => refused !== undefined && new RegExp(refused).test(text);
  const refusal = (text: string): string | undefined =>
    isRefusal(text) ? `answered "${text}"${meaning(text)}` : undefined;
  const meaning = (text: string): string => {
    const known = family.refusals[text];
    return known === undefined ? '' : ` (${known})`;
  };
  const question = (line: string, fits: (text: string) => boolean): TextRequest => ({
    lines: [line],
    fits: text => fits(text) || isRefusal(text),
    refusal,
  });
  const asks = (place: ThermalValue): TextRequest =>
    question(place.ask, text => thermalValue(text, place) !== undefined);
  /** Commands are answered, or proved by the question behind them. */
  const command = (line: string, proof: TextRequest, taken = family.acknowledge): TextRequest =>
    taken === undefined
      ? { ...proof, lines: [line, ...proof.lines] }
      : question(line, text => new RegExp(taken).test(text));

  const writeOf = (set: ThermalSet): WriteSpec<TextRequest, string> => ({
    encode(value) {
      const { say } = set;
      const line =
        typeof say === 'string' ? say.replace('{}', thermalText(value, set)) : say[value >= 0.5 ? 1 : 0];
      if (set.name === RUN && value >= 0.5 && !isArmed) {
        const text = 'its watchdog is not armed yet after the reconnect: it is not started';
        throw new DeviceError('refused', where, text);
      }
      return command(line, asks(set), set.acknowledge);
    },
    readback: asks(set),
    decode: text => thermalValue(text, set) ?? Number.NaN,
    settle_ms,
  });
  /** A watchdog was armed once: until it is armed again after a reconnect, nothing is started. */
  let isArmed = true;
  let watched: number | undefined;
  const { watchdog } = family;

  async function setWatchdog(
    ask: Exchange<TextRequest, string>,
    line: string,
    time_s: number,
  ): Promise<void> {
    if (watchdog === undefined) return;
    const proof = question(watchdog.ask, text => new RegExp(watchdog.answer).test(text));
    await ask(command(line, proof));
    const found = new RegExp(watchdog.answer).exec(await ask(proof))?.[1];
    if (Number(found) === time_s) return;
    const text = `${line}: ${watchdog.ask} gives ${found} s, expected ${time_s} s`;
    throw new DeviceError('readback', where, text);
  }

  const makeLink = (): Link<TextRequest, string> =>
    textLines({
      address,
      clock,
      terminator,
      gap_ms: Math.max(settle_ms, gap_ms),
      ...(checksum === undefined ? {} : { checksum: SUM_CHECKSUM }),
      ...(family.line.deafAtFirst ? { wake: { line: family.identity.ask, wait_ms: reply_ms } } : {}),
      ...('path' in options ? { localEcho: options.localEcho, quiet_ms: reply_ms } : {}),
    });
  return {
    description: describe(family, options),
    makeLink: () => shared?.link(makeLink, { clock, reply_ms }) ?? makeLink(),
    reply_ms: reply_ms * (shared?.devices ?? 1),
    gap_ms,
    async identify(ask) {
      isArmed = watched === undefined;
      const { identity } = family;
      const expected = options[identity.is];
      if (expected === undefined)
        throw new DeviceError('config', where, `this family needs "${identity.is}"`);
      // Anything may come from a stranger.
      const answer = await ask({ lines: [identity.ask], fits: () => true });
      const found = new RegExp(identity.expect).exec(answer)?.[1];
      if (found !== expected) {
        const text = `it says "${answer}"; expected ${family.device}, ${identity.is} "${expected}"`;
        throw new DeviceError('identity', where, text);
      }
      return {
        ask: question(identity.ask, text => text === answer),
        isAnswer: (text: string) => text === answer,
      };
    },
    reads: readsFor(family, options).map((read, i) => ({
      ask: asks(read),
      channels: [i],
      into(text, values) {
        values[i] = thermalValue(text, read) ?? Number.NaN;
      },
    })),
    writes: Object.fromEntries(family.sets.map(set => [set.name, writeOf(set)])),
    ...(watchdog === undefined
      ? {}
      : {
          async armWatchdog(timeout_s: number, { exchange }) {
            // Rounded down: a watchdog may be stricter than asked for, never laxer.
            const whole_s = Math.floor(timeout_s + 1e-9);
            const [low, high] = watchdog.range_s;
            if (!(whole_s >= low && whole_s <= high)) {
              const text = `watchdog of ${timeout_s} s; the instrument takes ${low}..${high} s`;
              throw new DeviceError('range', where, text);
            }
            await setWatchdog(exchange, watchdog.say.replace('{}', String(whole_s)), whole_s);
            watched = whole_s;
            isArmed = true;
            return whole_s;
          },
          async readWatchdog({ exchange }) {
            const answer = new RegExp(watchdog.answer);
            const text = await exchange(question(watchdog.ask, said => answer.test(said)));
            const [, read = ''] = answer.exec(text) ?? [];
            return watchdogReading([
              { what: watchdog.ask, armed: watched ?? Number.NaN, read: Number(read) },
            ]);
          },
          async releaseControl({ exchange }) {
            if (watched === undefined) return;
            const run = family.sets.find(set => set.name === RUN);
            // While it runs the watchdog is what ends it: it stays armed.
            if (run === undefined || thermalValue(await exchange(asks(run)), run) !== 0) return;
            await setWatchdog(exchange, watchdog.off, 0);
          },
        }),
  };
}

/** Circulators and climate chambers that speak lines of text: each family is a data file. */
export const genericThermal: DriverEntry<ThermalOptions> = {
  id: 'generic/thermal',
  manual:
    'commands, with the basis of each, from the file of the family (Julabo, Huber PB and LAI, LAUDA, SimServ)',
  triedOn: 'emulator only',
  options: thermalOptions,
  endpoint: options => endpointOf(addressOf(options)),
  shares: true,
  describe(options, baseDir) {
    const description = describe(readThermal(options.family, baseDir), options);
    if (!options.family.endsWith('.yaml')) return description;
    return { ...description, dataFiles: [resolve(baseDir, thermalFile(options.family, baseDir))] };
  },
  open: (id, options, env) =>
    openDevice(id, tableOf(readThermal(options.family, env.baseDir), options, env), env),
};
