import type { Cancel, Clock } from '../../drivers/contract/clock.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import type { Random } from '../../drivers/contract/random.ts';
import type { Lane, Link } from '../../drivers/contract/transport.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import { FakeSpectra, type SpectrumRequest } from './fake-spectrum.ts';

/** What the driver of `line-device.ts` asks the instrument. */
export type FakeRequest =
  | SpectrumRequest
  | { readonly kind: 'identity' | 'control' | 'release' | 'poll' }
  | { readonly kind: 'watchdog'; readonly timeout_s: number }
  | { readonly kind: 'askWatchdog' }
  | { readonly kind: 'readback'; readonly key: Quantity }
  | { readonly kind: 'write'; readonly key: Quantity; readonly value: number };
/** The values in order; empty after a write. */
export type FakeReply = readonly number[];

/** One frame that arrived at the instrument. */
export interface ArrivedFrame {
  /** When it arrived, s. */
  readonly t_s: number;
  readonly lane: Lane | 'probe';
  readonly request: FakeRequest;
  /** Written out: `poll`, `currentSet_A?`, `currentSet_A = 80`. */
  readonly text: string;
}

/** An instrument in memory behind a wire whose troubles a test sets and changes at any time. */
export interface FakeInstrument {
  /** What is set in the instrument, by settable. */
  readonly sets: Map<Quantity, number>;
  /** What it measures, in the order of the channels; NaN for none. `measure` of the options, if given, overwrites it. */
  readonly values: Float64Array;
  /** Every frame that arrived, in order. */
  readonly log: ArrivedFrame[];
  /** From a frame's leaving to its reply's arrival, s; half of it each way. */
  latency_s: number;
  /** Chance that a request gets lost, and then that its reply does. */
  lossRate: number;
  /** Chance that a reply is garbled. */
  garbleRate: number;
  /** The next so many replies get lost (their requests are carried out). */
  repliesToLose: number;
  /** Takes and carries out what it hears, but says nothing. */
  isMute: boolean;
  /** Neither hears nor says anything; the wire stays up. */
  isDead: boolean;
  /** Settables whose writes it answers with an error of its own, questions for its watchdog, or all requests. */
  readonly refuses: Set<Quantity | 'all' | 'watchdog'>;
  /** Settables whose writes it acknowledges and does not carry out. */
  readonly ignores: Set<Quantity>;
  /** Read-backs show a write only so long after it arrived, s. */
  settle_s: number;
  /** Its own watchdog: armed time (NaN: not), and how often it has acted. */
  watchdog_s: number;
  watchdogActs: number;
  /** What it measures of impedance. */
  readonly spectra: FakeSpectra;
  /** Under remote control. */
  isRemote: boolean;
  /** Wires open now, and ever. */
  openLinks: number;
  linksEver: number;
  /** The wire is torn off: links are lost, none opens. `mend` puts it back. */
  cut(): void;
  mend(): void;
}

/** What a fake instrument is made of. */
export interface FakeInstrumentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly channels: readonly Quantity[];
  readonly settables: readonly Quantity[];
  /** What a poll finds; `at` is the instrument. Default: `values` as they are. */
  readonly measure?: (channel: Quantity, at: FakeInstrument, t_s: number) => number;
  /** Keeps questions that come while it is busy. */
  readonly isQueueing: boolean;
  /** What its own watchdog sets when it has heard nothing for the armed time. */
  readonly onSilence: readonly (readonly [key: Quantity, value: number])[];
}

const textOf = (request: FakeRequest): string => {
  if (request.kind === 'write') return `${request.key} = ${request.value}`;
  if (request.kind === 'readback') return `${request.key}?`;
  return request.kind === 'askWatchdog' ? 'watchdog?' : request.kind;
};

/** Makes the instrument and what opens wires to it. */
export function fakeInstrument(
  where: string,
  options: FakeInstrumentOptions,
): { readonly instrument: FakeInstrument; makeLink(): Link<FakeRequest, FakeReply> } {
  const { clock, random, channels, settables, measure } = options;
  const wires = new Set<(reason: DeviceError) => void>();
  const settling = new Map<Quantity, { readonly old: number; readonly until_s: number }>();
  let isCut = false;
  let cancelWatchdog: Cancel = () => {};
  /** Frames are carried out in order: one never overtakes another. */
  let busyUntil_s = 0;

  const instrument: FakeInstrument = {
    sets: new Map(settables.map(key => [key, 0])),
    values: new Float64Array(channels.length),
    log: [],
    latency_s: 0.005,
    lossRate: 0,
    garbleRate: 0,
    repliesToLose: 0,
    isMute: false,
    isDead: false,
    refuses: new Set(),
    ignores: new Set(),
    settle_s: 0,
    watchdog_s: Number.NaN,
    watchdogActs: 0,
    spectra: new FakeSpectra(clock),
    isRemote: false,
    openLinks: 0,
    linksEver: 0,
    cut() {
      isCut = true;
      for (const lose of [...wires]) lose(new DeviceError('closed', where, 'the wire is torn off'));
    },
    mend() {
      isCut = false;
    },
  };

  function feedWatchdog(): void {
    cancelWatchdog();
    if (Number.isNaN(instrument.watchdog_s)) return;
    cancelWatchdog = clock.schedule(instrument.watchdog_s, () => {
      instrument.watchdogActs++;
      for (const [key, value] of options.onSilence) instrument.sets.set(key, value);
    });
  }

  /** What the instrument says; throws what it refuses with. */
  function carryOut(request: FakeRequest): FakeReply {
    const refusal = new DeviceError('refused', where, `${textOf(request)}: refused by the instrument`);
    if (instrument.refuses.has('all')) throw refusal;
    switch (request.kind) {
      case 'identity':
        return [4711];
      case 'control':
      case 'release':
        instrument.isRemote = request.kind === 'control';
        if (!instrument.isRemote) {
          cancelWatchdog();
          instrument.watchdog_s = Number.NaN;
        }
        return [];
      case 'watchdog':
        instrument.watchdog_s = request.timeout_s;
        feedWatchdog();
        return [request.timeout_s];
      case 'askWatchdog':
        if (instrument.refuses.has('watchdog')) throw refusal;
        return [instrument.watchdog_s];
      case 'poll':
        if (measure !== undefined) {
          for (const [i, name] of channels.entries())
            instrument.values[i] = measure(name, instrument, clock.now_s());
        }
        return [...instrument.values];
      case 'measure':
      case 'points':
      case 'cancel':
        return instrument.spectra.answer(request);
      case 'readback': {
        const before = settling.get(request.key);
        const isSettled = before === undefined || clock.now_s() >= before.until_s;
        return [isSettled ? (instrument.sets.get(request.key) ?? Number.NaN) : before.old];
      }
      case 'write': {
        const { key, value } = request;
        if (instrument.refuses.has(key)) throw refusal;
        if (instrument.ignores.has(key)) return [];
        const old = instrument.sets.get(key) ?? Number.NaN;
        settling.set(key, { old, until_s: clock.now_s() + instrument.settle_s });
        instrument.sets.set(key, value);
        return [];
      }
    }
  }

  function makeLink(): Link<FakeRequest, FakeReply> {
    let lost: (reason: DeviceError) => void = () => {};
    let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
    const waiting = new Set<(reason: DeviceError) => void>();
    const finish = (reason: DeviceError): void => {
      if (ended !== undefined) return;
      ended = reason;
      wires.delete(finish);
      instrument.openLinks--;
      for (const reject of waiting) reject(reason);
      waiting.clear();
      lost(reason);
    };
    return {
      where,
      namesReplies: true,
      queuesRequests: options.isQueueing,
      async open() {
        await clock.sleep(instrument.latency_s);
        if (isCut) throw new DeviceError('closed', where, 'the wire is torn off');
        ended = undefined;
        instrument.openLinks++;
        instrument.linksEver++;
        wires.add(finish);
      },
      send: (request, lane) =>
        new Promise((resolve, reject) => {
          if (ended !== undefined) return reject(ended);
          waiting.add(reject);
          const half_s = instrument.latency_s / 2;
          const arrives_s = Math.max(clock.now_s() + half_s, busyUntil_s);
          busyUntil_s = arrives_s;
          const isRequestLost = random.uniform() < instrument.lossRate;
          clock.schedule(arrives_s - clock.now_s(), () => {
            if (instrument.isDead || isRequestLost || ended !== undefined) return;
            instrument.log.push({
              t_s: clock.now_s(),
              lane: lane ?? 'normal',
              request,
              text: textOf(request),
            });
            feedWatchdog();
            let answer: FakeReply | DeviceError;
            try {
              answer = carryOut(request);
            } catch (error) {
              answer = error as DeviceError;
            }
            const isReplyLost = random.uniform() < instrument.lossRate || instrument.repliesToLose > 0;
            if (instrument.repliesToLose > 0) instrument.repliesToLose--;
            if (instrument.isMute || isReplyLost) return;
            if (random.uniform() < instrument.garbleRate)
              answer = new DeviceError('garbled', where, 'wrong check sum');
            clock.schedule(half_s, () => {
              waiting.delete(reject);
              if (answer instanceof DeviceError) reject(answer);
              else resolve(answer);
            });
          });
        }),
      flush: () => Promise.resolve(),
      onLost(listener) {
        lost = listener;
      },
      close() {
        lost = () => {};
        finish(new DeviceError('closed', where, 'closed by us'));
        return Promise.resolve();
      },
    };
  }

  return { instrument, makeLink };
}
