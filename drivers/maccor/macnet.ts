import { resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { type Direct, directMode, TOLERANCE } from './direct.ts';
import { macLink } from './link.ts';
import { ID, type MacAsk, type MacReply } from './messages.ts';
import { maccorPrograms } from './programs.ts';
import { currentOf, faultOf, KIND_WORDS, numberOf, STATE_WORDS, statOf } from './status.ts';

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const port = z.number().int().min(1).max(65535);

const options = z.strictObject({
  host: z.string().min(1).meta({ description: 'computer of the tester' }),
  port: port.default(57570).meta({ description: 'port of MacNet for JSON' }),
  binaryPort: port.default(57560).meta({
    description: 'port of MacNet for words: rest in direct mode goes there, for JSON cannot say it',
  }),
  channel: z.number().int().min(1).max(65000).meta({
    description: 'channel of the cell, from 1 as at the tester (on the wire from 0)',
  }),
  systemId: z.string().min(1).optional().meta({
    description: 'SystemID of the tester as it says itself; refused if it is another',
  }),
  currentMax_A: positive.meta({ description: 'range of the channel, both directions' }),
  voltageMax_V: positive.meta({ description: 'highest voltage of the channel' }),
  voltageMin_V: finite.default(0).meta({ description: 'lowest voltage of the channel' }),
  procedureFolder: z.string().min(1).optional().meta({
    description:
      'folder of procedures of the tester (C:\\Maccor\\Procedur) as this machine sees it; absent: only procedures that lie there are named',
  }),
  direct: z
    .strictObject({
      watchdog_s: z.number().min(1).max(3600).meta({
        description:
          'MacNetDirectModeWD in System.ini of the tester: it suspends the channel when it hears nothing for so long. It cannot be read: look there',
      }),
      currentRange: z.number().int().min(1).max(4).meta({ description: 'current range, 1..4' }),
      record_s: z.number().min(0).max(3600).default(1).meta({
        description: 'the tester keeps a row of its own so often; 0: none',
      }),
    })
    .optional()
    .meta({ description: 'direct mode: the channel takes set points; absent: it runs procedures only' }),
});
export type MaccorOptions = z.infer<typeof options>;

/** Worst time of an answer: clients wait 2 s (pymacnet). */
const REPLY_ms = 2000;
/** A reset shows within, ms (default). */
const RESET_ms = 3000;

function describe({
  currentMax_A,
  voltageMax_V,
  voltageMin_V,
  direct,
  procedureFolder,
  channel,
}: MaccorOptions): DeviceDescription {
  if (!(voltageMin_V < voltageMax_V))
    throw new DeviceError('config', ID, `voltageMin_V: ${voltageMin_V}, expected below ${voltageMax_V}`);
  const none = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  // 0.02 % of the voltage range, 0.05 % of the current range, as usual for series 4000 (recalled).
  const volt = { reading_pct: 0, abs: 2e-4 * voltageMax_V, basis: 'recalled' } as const;
  const ampere = { reading_pct: 0, abs: 5e-4 * currentMax_A, basis: 'recalled' } as const;
  const counter = { reading_pct: 0.1, abs: 1e-6, basis: 'recalled' } as const;
  const isDirect = direct !== undefined;
  const volts = [voltageMin_V, voltageMax_V] as const;
  return {
    driver: ID,
    channels: [
      {
        name: 'voltage_V',
        range: [Math.min(-0.1 * voltageMax_V, 1.1 * voltageMin_V), 1.1 * voltageMax_V],
        accuracy: volt,
      },
      { name: 'current_A', range: [-1.1 * currentMax_A, 1.1 * currentMax_A], accuracy: ampere },
      { name: 'stepCharge_Ah', range: [0, 1e6], accuracy: counter },
      { name: 'stepEnergy_Wh', range: [0, 1e6], accuracy: counter },
      { name: 'testTime_s', range: [0, 1e10], accuracy: none },
      { name: 'stepTime_s', range: [0, 1e10], accuracy: none },
      { name: 'cycle_count', range: [0, 1e9], accuracy: none },
      { name: 'step_count', range: [0, 1e6], accuracy: none },
      { name: 'stepKind_count', range: [0, 255], accuracy: none, words: KIND_WORDS },
      { name: 'state_count', range: [0, 16], accuracy: none, words: STATE_WORDS },
      { name: 'output_on', range: [0, 1], accuracy: none },
    ],
    settables: [
      { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
      ...(isDirect
        ? ([
            {
              name: 'currentSet_A',
              range: [-currentMax_A, currentMax_A],
              tolerance: TOLERANCE * currentMax_A,
            },
            { name: 'voltageMaxSet_V', range: volts, tolerance: 0 },
            { name: 'voltageMinSet_V', range: volts, tolerance: 0 },
          ] as const)
        : []),
    ],
    // A procedure runs to its end. Direct mode is suspended by a watchdog that nobody can read.
    onLoss: isDirect ? 'unknown' : 'hold',
    safeList: [['outputSet_on', 0], ...(isDirect ? ([['currentSet_A', 0]] as const) : [])],
    programs: maccorPrograms(channel - 1, procedureFolder).ability,
  };
}

function into(
  reply: MacReply,
  values: Float64Array,
  quality: Uint8Array,
  note: (reason: string) => void,
): void {
  const stat = numberOf(reply, 'Stat');
  values.set([
    numberOf(reply, 'Voltage'),
    currentOf(reply),
    Math.abs(numberOf(reply, 'Capacity')),
    Math.abs(numberOf(reply, 'Energy')),
    numberOf(reply, 'TestTime'),
    numberOf(reply, 'StepTime'),
    numberOf(reply, 'Cycle'),
    numberOf(reply, 'Step'),
    numberOf(reply, 'RF1'),
    stat,
    statOf(reply).on,
  ]);
  const fault = faultOf(reply);
  if (fault === undefined) return;
  quality.fill(QUALITY.uncertain);
  note(`the channel says ${fault}`);
}

function tableOf(asked: MaccorOptions, baseDir: string, clock: Clock): DeviceTable<MacAsk, MacReply> {
  const { host, port, binaryPort, channel, systemId, direct } = asked;
  const description = describe(asked);
  const chan = channel - 1;
  const status: MacAsk = { fClass: 4, fNum: 7, chan };
  const live: Direct | undefined =
    direct &&
    directMode({ ...asked, ...direct, chan, range: direct.currentRange }, status, () => clock.now_s());
  let tell: (text: string) => void = () => {};
  let told = '';

  function news(reply: MacReply): void {
    const fault = faultOf(reply) ?? '';
    if (fault !== told && fault !== '') tell(fault);
    told = fault;
  }
  const isTester = (reply: MacReply): boolean =>
    typeof reply['SystemID'] === 'string' &&
    (systemId === undefined || reply['SystemID'] === systemId) &&
    numberOf(reply, 'TestChannels') >= channel;

  return {
    description,
    makeLink: () =>
      macLink(
        {
          host,
          port,
          binaryPort: direct === undefined ? undefined : binaryPort,
          range: direct?.currentRange ?? 1,
        },
        clock,
      ),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    async identify(exchange) {
      const ask: MacAsk = { fClass: 1, fNum: 2 };
      const reply = await exchange(ask);
      if (!isTester(reply)) {
        const said = `${String(reply['SystemID'])} with ${String(reply['TestChannels'])} channels`;
        throw new DeviceError(
          'identity',
          ID,
          `is ${said}, expected ${systemId ?? 'a tester'} with channel ${channel}`,
        );
      }
      return { ask, isAnswer: isTester };
    },
    notices: () =>
      direct === undefined
        ? []
        : [
            `direct mode: MacNetDirectModeWD is ${direct.watchdog_s} s as the bench file says; it cannot be read, so that nobody has proved that the channel suspends without us`,
          ],
    onNews(listener) {
      tell = listener;
    },
    reads: [
      {
        ask: status,
        channels: description.channels.map((_, i) => i),
        into(reply, values, quality, note) {
          live?.see(reply);
          news(reply);
          into(reply, values, quality, note);
        },
      },
      ...(live === undefined
        ? []
        : [{ ask: live.hold, channels: [], isDue: () => live.isDue(clock.now_s()), into() {} }]),
    ],
    writes: live?.writes ?? {
      outputSet_on: {
        encode(value) {
          if (value === 0) return { fClass: 6, fNum: 5, chan };
          throw new DeviceError(
            'refused',
            ID,
            'a channel is switched on by a procedure; set points need `direct` in the bench file, with MacNetDirectModeWD of the tester; nothing was sent',
          );
        },
        readback: status,
        decode: reply => statOf(reply).on,
        settle_ms: RESET_ms,
      },
    },
    program: maccorPrograms(
      chan,
      asked.procedureFolder === undefined ? undefined : resolve(baseDir, asked.procedureFolder),
    ),
  };
}

/** One channel of a Maccor tester by MacNet: it runs procedures of its own, or takes set points in direct mode. */
export const maccorMacnet: DriverEntry<MaccorOptions> = {
  id: ID,
  manual:
    'Maccor help on MacNet and messages.py of BatteryDataAlliance/pymacnet 5eef042; sign of the current (a size, its way by RF1), accuracies: recalled; the result in words as one or two bytes, times until an order shows: default',
  triedOn: 'emulator only',
  options,
  endpoint: ({ host, port, channel }) => `tcp://${host}:${port}/${channel}`,
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.baseDir, env.clock), env),
};
