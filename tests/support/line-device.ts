import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device, SettableSpec } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import { watchdogReading } from '../../drivers/contract/watchdog.ts';
import { openDevice } from '../../drivers/open-device.ts';
import { type FakeInstrument, type FakeReply, type FakeRequest, fakeInstrument } from './fake-instrument.ts';
import { FAKE_IMPEDANCE, FAKE_MEASURE } from './fake-spectrum.ts';

/** What a device over a real line is made of. */
export interface LineDeviceOptions {
  /** Virtual or real. */
  readonly clock: Clock;
  readonly channels: readonly Quantity[];
  /** By name (range -1e6..1e6, tolerance 0), or in full. */
  readonly settables?: readonly (Quantity | SettableSpec)[];
  readonly safeList?: readonly (readonly [key: Quantity, value: number])[];
  /** What a poll finds; default: the instrument's `values`. */
  readonly measure?: (channel: Quantity, instrument: FakeInstrument, t_s: number) => number;
  /** Settables that its own watchdog sets when it has heard nothing. Absent: it has no watchdog. */
  readonly onSilence?: readonly (readonly [key: Quantity, value: number])[];
  /** Deadline of an exchange, ms. Default 200. */
  readonly reply_ms?: number;
  /** Longer one of the bench file, s. */
  readonly reply_s?: number;
  /** Least pause between exchanges, ms. Default 0. */
  readonly gap_ms?: number;
  /** How long the driver waits for a read-back to show the new value, ms. Default 0. */
  readonly settle_ms?: number;
  /** The instrument keeps questions that come while it is busy (as over TCP): asked again at once. Default true. */
  readonly isQueueing?: boolean;
  /** Called with each reply to a poll before its values are taken: a driver's bug. */
  readonly onPoll?: () => void;
  /** It measures impedance, too, on the same line. */
  readonly measures?: boolean;
  /** Seed of the losses. Default 1. */
  readonly seed?: number;
}

/** A Device as the program has it, with the instrument behind it in the test's hand. */
export interface LineDevice extends Device {
  readonly instrument: FakeInstrument;
}

/**
 * The real `openDevice` on the real supervisor and line, over a fake wire to a fake instrument: what a memory device
 * cannot show (queues, lanes, lost replies, reconnecting) happens here as on a bench, in virtual or real time.
 * Closed when made, as every device: `await clock.runUntil(device.connect())` first.
 */
export function lineDevice(id: string, options: LineDeviceOptions): LineDevice {
  const { clock, channels, measure, onSilence, settle_ms } = options;
  const settables = (options.settables ?? []).map(
    (entry): SettableSpec =>
      typeof entry === 'string' ? { name: entry, range: [-1e6, 1e6], tolerance: 0 } : entry,
  );
  const { instrument, makeLink } = fakeInstrument(`fake://${id}`, {
    clock,
    random: seededRandom(options.seed ?? 1),
    channels,
    settables: settables.map(s => s.name),
    measure,
    onSilence: onSilence ?? [],
    isQueueing: options.isQueueing ?? true,
  });
  let armedWith_s = Number.NaN;
  const device = openDevice<FakeRequest, FakeReply>(
    id,
    {
      description: {
        driver: 'test/line',
        channels: channels.map(name => ({
          name,
          range: [-1e9, 1e9],
          accuracy: { reading_pct: 0, abs: 0.1, basis: 'default' },
        })),
        settables,
        onLoss: 'hold',
        safeList: options.safeList ?? [],
        ...(options.measures ? { impedance: FAKE_IMPEDANCE } : {}),
      },
      reply_ms: options.reply_ms ?? 200,
      gap_ms: options.gap_ms ?? 0,
      makeLink,
      async identify(exchange) {
        const [serial] = await exchange({ kind: 'identity' });
        if (serial !== 4711) throw new DeviceError('identity', id, `serial number ${serial}, expected 4711`);
        return { ask: { kind: 'identity' }, isAnswer: ([answer]) => answer === 4711 };
      },
      async takeControl(exchange) {
        await exchange({ kind: 'control' });
      },
      reads: [
        {
          ask: { kind: 'poll' },
          channels: channels.map((_, i) => i),
          into(reply, values) {
            options.onPoll?.();
            values.set(reply);
          },
        },
      ],
      writes: Object.fromEntries(
        settables.map(({ name }) => [
          name,
          {
            encode: (value: number): FakeRequest => ({ kind: 'write', key: name, value }),
            readback: { kind: 'readback', key: name } as const,
            decode: ([value]: FakeReply) => value,
            settle_ms,
          },
        ]),
      ),
      ...(options.measures ? { measure: FAKE_MEASURE } : {}),
      armWatchdog:
        onSilence &&
        (async (timeout_s, { exchange }) => {
          const [armed_s] = await exchange({ kind: 'watchdog', timeout_s });
          armedWith_s = armed_s;
          return armed_s;
        }),
      ...(onSilence === undefined
        ? {}
        : {
            async readWatchdog({ exchange }) {
              const [now_s] = await exchange({ kind: 'askWatchdog' });
              const read = Number.isNaN(now_s) ? 'off' : `${now_s} s`;
              return watchdogReading([{ what: 'time-out', armed: `${armedWith_s} s`, read }]);
            },
          }),
    },
    { clock, reply_s: options.reply_s },
  );
  return Object.assign(device, { instrument });
}
