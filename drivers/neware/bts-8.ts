import { resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError, notLetIn } from '../contract/errors.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { type BtsAnswer, type BtsAsk, btsCodec, LONGEST, numberIn } from './messages.ts';
import { elementOf, newarePrograms, STATES, type StepFolders } from './programs.ts';

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const place = z.number().int().min(0).max(65535);

const options = z.strictObject({
  host: z.string().min(1).meta({ description: 'computer of the BTS server' }),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .default(502)
    .meta({ description: 'port of its BTSAPI (which needs a key of Neware); no Modbus' }),
  channel: z
    .strictObject({
      ip: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .meta({ description: 'of the middle machine, as the server lists it' }),
      devtype: place.meta({ description: 'kind of device' }),
      devid: place.meta({ description: 'number of the device' }),
      subdevid: place.meta({ description: 'unit in it' }),
      chlid: place.meta({ description: 'channel in that' }),
    })
    .meta({ description: 'channel of the cell, as getdevinfo lists it' }),
  currentMax_A: positive.meta({ description: 'range of the channel, both directions' }),
  voltageMax_V: positive.meta({ description: 'highest voltage of the channel' }),
  voltageMin_V: finite.default(-1).meta({ description: 'lowest voltage of the channel' }),
  stepFolder: z.string().min(1).optional().meta({
    description: 'folder for step files as this machine sees it; absent: only files that lie there are named',
  }),
  stepFolderOnServer: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'the same folder as the BTS server sees it; else stepFolder' }),
  backupFolder: z
    .string()
    .min(1)
    .default('C:\\Neware data\\')
    .meta({ description: 'folder of the server in which it keeps its own data files' }),
});
export type NewareOptions = z.infer<typeof options>;

const ID = 'neware/bts-8';
/** Worst time of an answer (default); a download of many rows takes seconds. */
const REPLY_ms = 3000;
/** A stop shows within, ms (default). */
const STOP_ms = 3000;
/** Login of every client that was seen. */
const LOGIN: BtsAsk = { cmd: 'connect', username: 'admin', password: 'neware' };
/** Steps by number, in the order of `stepKind_count`; 0: none. What is not listed is the last one. */
const KINDS: readonly string[] = ['--', 'cc', 'dc', 'cv', 'rest', 'other'];
/** States by number, in the order of `state_count`. */
const STATE_WORDS: readonly string[] = ['finish', 'working', 'pause', 'stop', 'protect'];

function describe(asked: NewareOptions, baseDir: string): DeviceDescription {
  const { currentMax_A, voltageMax_V, voltageMin_V } = asked;
  const none = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  if (!(voltageMin_V < voltageMax_V))
    throw new DeviceError('config', ID, `voltageMin_V: ${voltageMin_V}, expected below ${voltageMax_V}`);
  // 0.05 % of the range (recalled), and the four digits in which a reading is said (sourced).
  const of = (range: number) => ({ reading_pct: 0, abs: 5e-4 * range + 5e-5, basis: 'recalled' }) as const;
  const counter = (abs: number) => ({ reading_pct: 0.05, abs, basis: 'recalled' }) as const;
  const { ability } = newarePrograms(foldersOf(asked, baseDir));
  return {
    driver: ID,
    channels: [
      { name: 'voltage_V', range: [voltageMin_V, 1.1 * voltageMax_V], accuracy: of(voltageMax_V) },
      { name: 'current_A', range: [-1.1 * currentMax_A, 1.1 * currentMax_A], accuracy: of(currentMax_A) },
      { name: 'stepCharge_Ah', range: [0, 1e6], accuracy: counter(5e-5) },
      { name: 'stepEnergy_Wh', range: [0, 1e6], accuracy: counter(5e-5) },
      { name: 'testTime_s', range: [0, 1e10], accuracy: none },
      { name: 'stepTime_s', range: [0, 1e10], accuracy: none },
      { name: 'cycle_count', range: [0, 1e9], accuracy: none },
      { name: 'step_count', range: [0, 1e6], accuracy: none },
      { name: 'stepKind_count', range: [0, KINDS.length - 1], accuracy: none },
      { name: 'state_count', range: [0, STATE_WORDS.length - 1], accuracy: none },
      { name: 'output_on', range: [0, 1], accuracy: none },
    ],
    settables: [{ name: 'outputSet_on', range: [0, 1], tolerance: 0 }],
    // It runs its program to the end, within its own limits.
    onLoss: 'hold',
    safeList: [['outputSet_on', 0]],
    programs: {
      ...ability,
      drives: { voltage_V: [voltageMin_V, voltageMax_V], current_A: [-currentMax_A, currentMax_A] },
    },
  };
}

/** A folder of this machine goes by the bench file's. */
function foldersOf(
  { stepFolder, stepFolderOnServer, backupFolder }: NewareOptions,
  baseDir: string,
): StepFolders {
  const own = stepFolder === undefined ? undefined : resolve(baseDir, stepFolder);
  return { stepFolder: own, stepFolderOnServer: stepFolderOnServer ?? own ?? '', backupFolder };
}

/** A channel that is paused may go on by itself: it counts as on. */
function isOn(said: string | undefined): number {
  const state = said !== undefined && Object.hasOwn(STATES, said) ? STATES[said] : 'unknown';
  if (state === 'unknown') return Number.NaN;
  return state === 'running' || state === 'paused' ? 1 : 0;
}

function into(answer: BtsAnswer, values: Float64Array): void {
  const { attributes } = elementOf(answer, 'inquire');
  const number = (name: string): number => numberIn(attributes[name]);
  const kind = attributes['step_type'] ?? '--';
  const found = KINDS.indexOf(kind);
  const isBetween = found === 0 && attributes['step_id'] === undefined;
  const state = STATE_WORDS.indexOf(attributes['workstatus'] ?? '');
  values.set([
    number('voltage'),
    number('current'),
    number('capacity'),
    number('energy'),
    number('totaltime'),
    number('relativetime'),
    number('cycle_id'),
    // A channel that does nothing names no step.
    isBetween ? 0 : number('step_id'),
    found < 0 ? KINDS.length - 1 : found,
    state < 0 ? Number.NaN : state,
    isOn(attributes['workstatus']),
  ]);
}

function tableOf(asked: NewareOptions, baseDir: string, clock: Clock): DeviceTable<BtsAsk, BtsAnswer> {
  const { host, port, channel } = asked;
  const description = describe(asked, baseDir);
  const shown = `${channel.devtype}-${channel.devid}-${channel.subdevid}-${channel.chlid} of ${channel.ip}`;
  const hasChannel = ({ elements }: BtsAnswer): boolean =>
    elements.some(
      ({ name, attributes: found }) =>
        name === 'channel' &&
        found['ip'] === channel.ip &&
        Number(found['devtype']) === channel.devtype &&
        Number(found['devid']) === channel.devid &&
        Number(found['subdevid']) === channel.subdevid &&
        Number(found['Channelid']) === channel.chlid,
    );
  return {
    description,
    makeLink: () => countedMessages({ host, port }, btsCodec(channel), LONGEST, clock),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    async identify(exchange) {
      await exchange(LOGIN).catch(notLetIn);
      const answer = await exchange({ cmd: 'getdevinfo' });
      if (!hasChannel(answer)) {
        const count = answer.elements.filter(one => one.name === 'channel').length;
        throw new DeviceError('identity', ID, `has no channel ${shown} among its ${count}`);
      }
      return { ask: { cmd: 'getdevinfo' }, isAnswer: hasChannel };
    },
    reads: [{ ask: { cmd: 'inquire' }, channels: description.channels.map((_, i) => i), into }],
    writes: {
      outputSet_on: {
        encode: value =>
          value === 0
            ? { cmd: 'stop' }
            : { cmd: 'none', why: 'a channel is switched on by a program alone; nothing was sent' },
        readback: { cmd: 'getchlstatus' },
        decode: answer => isOn(elementOf(answer, 'status').text),
        settle_ms: STOP_ms,
      },
    },
    program: newarePrograms(foldersOf(asked, baseDir)),
  };
}

/** One channel of a Neware cycler behind a BTS 8 server: it runs programs of its own, and is watched. */
export const newareBts8: DriverEntry<NewareOptions> = {
  id: ID,
  manual:
    'EmpaEconversion/aurora-neware d4234f7 (BTSAPI as a client speaks it, answers of a BTS 8.0 recorded there); kinds of steps and units of step files: EmpaEconversion/aurora-unicycler; an older test by its number, ranges of words: default',
  triedOn: 'emulator only',
  options,
  // Channels of one server are instruments of their own: two runs may use two of them.
  endpoint: ({ host, port, channel: { ip, devtype, devid, subdevid, chlid } }) =>
    `tcp://${host}:${port}/${ip}/${devtype}-${devid}-${subdevid}-${chlid}`,
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.baseDir, env.clock), env),
};
