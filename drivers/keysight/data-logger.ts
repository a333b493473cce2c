import { z } from 'zod';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { errorOf, fieldsOf, numberIn, switchOf } from '../protocol/scpi.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { addressOf, textOptions } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import { channelSchema, checksOf, scanIn, setUpLines } from './scan.ts';

const ID = 'keysight/data-logger';
/** Mains of 50 Hz are the slower ones, Hz. */
const MAINS_Hz = 50;
/** A channel takes two integrations (auto-zero) and so long to be switched, s (default). */
const SWITCH_s = 0.025;
/** What an instrument holds in its error queue at most. */
const ERRORS_MAX = 50;
const ANSWER_ms = 400;
/** Characters of a reading with unit and channel, of at most 10 bits. */
const READING_BITS = 26 * 10;

/** What every instrument needs, however it is wired. */
const unit = {
  model: z
    .enum(['34970A', '34972A', 'DAQ970A'])
    .meta({ description: 'model, as the second field of its identity says it' }),
  serial: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'serial number, as its identity says it (old 34970A say 0)' }),
  nplc: z
    .union([0.02, 0.2, 1, 2, 10, 20].map(v => z.literal(v)))
    .default(1)
    .meta({ description: 'integration time in power-line cycles, of all channels' }),
  channels: z
    .array(channelSchema)
    .min(1)
    .max(120)
    .refine(all => new Set(all.map(({ at }) => at)).size === all.length, 'expected each "at" once')
    .refine(all => new Set(all.map(({ name }) => name)).size === all.length, 'expected each "name" once')
    .meta({ description: 'what is scanned' }),
};
const options = textOptions(unit, 'model, channels', {
  port: 5025,
  portText: '5025 (recalled)',
  baud: 57_600,
});
type DataLoggerOptions = z.infer<typeof options>;

/** How long a scan takes, s (default: two integrations and a relay for each channel). */
const scanTime_s = ({ channels, nplc }: DataLoggerOptions): number =>
  channels.length * (SWITCH_s + (2 * nplc) / MAINS_Hz);

function describe({ channels }: DataLoggerOptions): DeviceDescription {
  return {
    driver: ID,
    channels: channels.map(({ name, range, accuracy }) => ({ name, range, accuracy })),
    settables: [],
    onLoss: 'hold',
    safeList: [],
  };
}

function tableOf(
  asked: DataLoggerOptions,
  { clock, readOnly = false }: Pick<DriverEnv, 'clock' | 'readOnly'>,
): DeviceTable<TextRequest, string> {
  const address = addressOf(asked);
  const where = `${ID} at ${endpointOf(address)}`;
  const isSerial = 'path' in asked;
  const { channels, nplc } = asked;
  const scan_s = scanTime_s(asked);
  const line_ms = isSerial ? (1000 * READING_BITS * channels.length) / asked.baud : 0;

  const command = (line: string): TextRequest => ({
    lines: [line, 'SYST:ERR?'],
    fits: text => errorOf(text) !== undefined,
    refusal(text) {
      const error = errorOf(text);
      return error === undefined || error.code === 0 ? undefined : `error ${error.code}, ${error.text}`;
    },
  });

  /** Only looked at: what a run will set otherwise. */
  let awaited: string | undefined;

  async function identify(ask: Exchange<TextRequest, string>) {
    const answer = await ask({ lines: ['*IDN?'], fits: () => true });
    const refuse = (text: string): never => {
      throw new DeviceError('identity', where, `it says "${answer.slice(0, 80)}"; ${text}`);
    };
    const [maker, model = '', serial = ''] = fieldsOf(answer);
    if (!/^(HEWLETT-PACKARD|Agilent Technologies|Keysight Technologies)$/i.test(maker))
      refuse('expected a data logger of Keysight');
    if (model !== asked.model) refuse(`expected a ${asked.model}`);
    if (asked.serial !== undefined && serial !== asked.serial)
      refuse(`expected the serial number ${asked.serial}`);
    // What is asked of single channels may not be answered before they are set up.
    const ofAll = checksOf(channels, nplc).filter(([question]) => !question.includes('(@'));
    if (readOnly) awaited = await slip(ask, ofAll);
    return {
      ask: { lines: ['*IDN?'], fits: (text: string) => text === answer },
      isAnswer: (text: string) => text === answer,
    };
  }

  /** The first thing that is not as the bench file says; undefined: all is. */
  async function slip(
    ask: Exchange<TextRequest, string>,
    checks = checksOf(channels, nplc),
  ): Promise<string | undefined> {
    for (const [question, answers] of checks) {
      const fields = (line: string): string[] => (question === 'ROUT:SCAN?' ? [line] : fieldsOf(line));
      const text = await ask({ lines: [question], fits: line => fields(line).length === answers.length });
      const isSame = fields(text).every((one, i) => isLike(one, answers[i]));
      if (!isSame)
        return `${question} gives ${text.slice(0, 80)}, expected ${answers.join(',').slice(0, 80)}`;
    }
    return undefined;
  }

  async function takeControl(ask: Exchange<TextRequest, string>): Promise<void> {
    // What went wrong before us is not ours.
    for (let n = 0; ; n++) {
      const error = errorOf(await ask({ lines: ['SYST:ERR?'], fits: text => errorOf(text) !== undefined }));
      if (error?.code === 0) break;
      if (n >= ERRORS_MAX) throw new DeviceError('refused', where, 'its error queue does not end');
    }
    for (const line of setUpLines(channels, nplc)) await ask(command(line));
    const wrong = await slip(ask);
    if (wrong !== undefined) throw new DeviceError('readback', where, wrong);
  }

  const [[scanList, [listed]]] = checksOf(channels, nplc);
  return {
    description: describe(asked),
    makeLink: () =>
      textLines({
        address,
        clock,
        terminator: 'lf',
        gap_ms: isSerial ? 10 : 0,
        ...(isSerial ? { localEcho: asked.localEcho, quiet_ms: 100 } : {}),
      }),
    reply_ms: Math.ceil(ANSWER_ms + 2 * line_ms + 2 * 1000 * scan_s),
    gap_ms: isSerial ? 10 : 0,
    identify,
    takeControl,
    reads: [
      {
        // One that was switched off and on has no list, and answers nothing to READ?.
        ask: { lines: [scanList], fits: text => text.startsWith('#') },
        channels: [],
        isDue: () => !readOnly || awaited !== undefined,
        into(text, _values, _quality, note) {
          if (awaited !== undefined) return note(`only a run sets it up: ${awaited}`);
          if (isLike(text, listed)) return;
          throw new DeviceError(
            'closed',
            where,
            `not as it was set up, to be connected afresh: ${scanList} gives ${text.slice(0, 80)}`,
          );
        },
      },
      {
        ask: { lines: ['READ?'], fits: text => scanIn(text, channels) !== undefined },
        channels: channels.map((_, i) => i),
        isDue: () => awaited === undefined,
        into(text, values, _, note) {
          const scan = scanIn(text, channels);
          for (const [i, value] of scan?.entries() ?? []) {
            if (typeof value === 'number') values[i] = value;
            else note(`${channels[i].name}: ${value.missing}`);
          }
        },
      },
    ],
    writes: {},
    awaitsRun: () => awaited,
    notices: () => [
      `a scan of ${channels.length} channels takes about ${scan_s.toFixed(1)} s: poll no oftener, readings are as old as that`,
    ],
  };
}

/** The same word, state or number. */
function isLike(text: string, expected: string): boolean {
  const bare = text.replaceAll('"', '').trim().toUpperCase();
  if (bare === expected.toUpperCase()) return true;
  const state = switchOf(bare);
  if (/^[01]$/.test(expected) && state !== undefined) return String(state) === expected;
  const [found, wanted] = [numberIn(bare, ''), numberIn(expected, '')];
  return found !== undefined && wanted !== undefined && Math.abs(found - wanted) <= 1e-6 * Math.abs(wanted);
}

/** Data loggers of Keysight (HP, Agilent): thermocouples, resistance thermometers, voltages, currents by a scan list. */
export const keysightDataLogger: DriverEntry<DataLoggerOptions> = {
  id: ID,
  manual:
    'Agilent 34970A/34972A user guide (pages 104, 228, 230: scan list, format of readings), command reference as in public programs; rest recalled',
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env), env),
};
