import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError, notLetIn } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { arbinLink } from './link.ts';
import { liveMode, TOLERANCE } from './live.ts';
import { type ArbinAnswer, type ArbinAsk, ID, textAt } from './messages.ts';
import { arbinPrograms } from './programs.ts';
import { infoOf, STATE_WORDS } from './status.ts';

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const finite = z.number().refine(Number.isFinite, 'expected a finite number');

const options = z.strictObject({
  host: z.string().min(1).meta({ description: 'computer of the Arbin server' }),
  port: z.number().int().min(1).max(65535).default(9031).meta({ description: 'its port for CTI' }),
  channel: z.number().int().min(1).max(4096).meta({
    description: 'channel of the cell, from 1 (on the wire from 0)',
  }),
  serial: z.string().min(1).optional().meta({
    description: 'serial number of the cycler as it says itself; refused if it is another',
  }),
  user: z.string().max(32).default('admin').meta({ description: 'name for the login' }),
  passwordEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/)
    .default('ARBIN_PASSWORD')
    .meta({
      description:
        'variable of the environment with its password (absent: an empty one); it is never in the bench file',
    }),
  currentMax_A: positive.meta({ description: 'range of the channel, both directions' }),
  voltageMax_V: positive.meta({ description: 'highest voltage of the channel' }),
  voltageMin_V: finite.default(0).meta({ description: 'lowest voltage of the channel' }),
  capacity_Ah: positive.default(1).meta({
    description: 'capacity that schedules are assigned with, for those that speak of C-rates',
  }),
  live: z
    .strictObject({
      schedule: z.string().min(1).max(199).meta({
        description:
          'a schedule of yours that drives the current that a meta variable says, within limits of its own',
      }),
      variable: z.number().int().min(1).max(16).default(1).meta({ description: 'MV_UD1..MV_UD16' }),
    })
    .optional()
    .meta({ description: 'the channel takes a current; absent: it runs schedules only' }),
});
export type ArbinOptions = z.infer<typeof options>;

/** Allow 10 s for an answer (pyctiarbin). */
const REPLY_ms = 10_000;
/** A stop shows within, ms (default). */
const STOP_ms = 5000;

function describe({
  currentMax_A,
  voltageMax_V,
  voltageMin_V,
  live,
  capacity_Ah,
}: ArbinOptions): DeviceDescription {
  if (!(voltageMin_V < voltageMax_V))
    throw new DeviceError('config', ID, `voltageMin_V: ${voltageMin_V}, expected below ${voltageMax_V}`);
  const none = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  // 0.02 % of the range, as usual for its LBT series (recalled).
  const of = (range: number) => ({ reading_pct: 0, abs: 2e-4 * range, basis: 'recalled' }) as const;
  const counter = { reading_pct: 0.1, abs: 1e-6, basis: 'recalled' } as const;
  const power_W = 1.21 * currentMax_A * voltageMax_V;
  return {
    driver: ID,
    channels: [
      {
        name: 'voltage_V',
        range: [Math.min(-0.1 * voltageMax_V, 1.1 * voltageMin_V), 1.1 * voltageMax_V],
        accuracy: of(voltageMax_V),
      },
      { name: 'current_A', range: [-1.1 * currentMax_A, 1.1 * currentMax_A], accuracy: of(currentMax_A) },
      { name: 'power_W', range: [-power_W, power_W], accuracy: of(2 * currentMax_A * voltageMax_V) },
      { name: 'charged_Ah', range: [0, 1e6], accuracy: counter },
      { name: 'discharged_Ah', range: [0, 1e6], accuracy: counter },
      { name: 'chargeEnergy_Wh', range: [0, 1e6], accuracy: counter },
      { name: 'dischargeEnergy_Wh', range: [0, 1e6], accuracy: counter },
      { name: 'testTime_s', range: [0, 1e10], accuracy: none },
      { name: 'stepTime_s', range: [0, 1e10], accuracy: none },
      { name: 'state_count', range: [0, 30], accuracy: none, words: STATE_WORDS },
      { name: 'output_on', range: [0, 1], accuracy: none },
    ],
    settables: [
      { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
      ...(live === undefined
        ? []
        : ([
            {
              name: 'currentSet_A',
              range: [-currentMax_A, currentMax_A],
              tolerance: TOLERANCE * currentMax_A,
            },
          ] as const)),
    ],
    // It runs its schedule, within that one's limits; a schedule that reads a meta variable goes on with the last one.
    onLoss: 'hold',
    safeList: [['outputSet_on', 0], ...(live === undefined ? [] : ([['currentSet_A', 0]] as const))],
    programs: arbinPrograms(capacity_Ah).ability,
  };
}

function tableOf(asked: ArbinOptions, clock: Clock): DeviceTable<ArbinAsk, ArbinAnswer> {
  const { host, port, channel, serial, user, passwordEnv, capacity_Ah, live: given } = asked;
  const description = describe(asked);
  const live =
    given &&
    liveMode({
      ...given,
      capacity_Ah,
      now_s: () => clock.now_s(),
      newName: () => `live-${clock.utc_ms()}`,
    });
  let tell: (text: string) => void = () => {};
  let told = '';
  const login = (): ArbinAsk => ({ cmd: 'login', user, password: process.env[passwordEnv] ?? '' });
  const isCycler = (answer: ArbinAnswer): boolean =>
    (serial === undefined || textAt(answer, 28, 16, 'latin1') === serial) &&
    answer.bytes.readUInt32LE(8664) >= channel;

  return {
    description,
    makeLink: () => arbinLink({ host, port }, channel - 1, clock),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    async identify(exchange) {
      const ask = login();
      const answer = await exchange(ask).catch(notLetIn);
      if (!isCycler(answer)) {
        const said = `"${textAt(answer, 28, 16, 'latin1')}" with ${answer.bytes.readUInt32LE(8664)} channels`;
        throw new DeviceError(
          'identity',
          ID,
          `is ${said}, expected ${serial ?? 'a cycler'} with channel ${channel}`,
        );
      }
      return { ask, isAnswer: isCycler };
    },
    notices: () =>
      live === undefined
        ? []
        : [
            'it has no watchdog: without us the schedule goes on with the last current, within limits of its own',
          ],
    onNews(listener) {
      tell = listener;
    },
    reads: [
      {
        ask: { cmd: 'info' },
        channels: description.channels.map((_, i) => i),
        into(answer, values, quality, note) {
          const info = infoOf(answer);
          live?.see(info);
          values.set([...info.figures, info.testTime_s, info.stepTime_s, info.status, info.on]);
          const { fault = '' } = info;
          if (fault !== told && fault !== '') tell(fault);
          told = fault;
          if (fault === '') return;
          quality.fill(answer.bytes[30] === 0 ? QUALITY.uncertain : QUALITY.bad);
          note(`the channel says ${fault}`);
        },
      },
      ...(live === undefined ? [] : [{ ask: live.again, channels: [], isDue: live.isDue, into() {} }]),
    ],
    writes: live?.writes ?? {
      outputSet_on: {
        encode(value) {
          if (value === 0) return { cmd: 'stop' };
          const text = 'a channel is switched on by a schedule; a current needs `live` in the bench file';
          throw new DeviceError('refused', ID, `${text}; nothing was sent`);
        },
        readback: { cmd: 'info' },
        decode: answer => infoOf(answer).on,
        settle_ms: STOP_ms,
      },
    },
    program: arbinPrograms(capacity_Ah),
  };
}

/** One channel of an Arbin cycler by CTI: it runs schedules of its own, or takes a current through a meta variable. */
export const arbinCti: DriverEntry<ArbinOptions> = {
  id: ID,
  manual:
    'ArbinCTI Protocol v1.1 and the recorded messages of BatteryDataAlliance/pyctiarbin abb8c9f; sums beyond 16 bits, what a state does to the output, accuracies: recalled; times until an order shows: default',
  triedOn: 'emulator only',
  options,
  endpoint: ({ host, port, channel }) => `tcp://${host}:${port}/${channel}`,
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.clock), env),
};
