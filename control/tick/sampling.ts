import { type Clock, STILL } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { badFrame, type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import type { Sink } from '../record/recording.ts';
import type { Beats } from './beat.ts';
import type { DerivedSource } from './derived-source.ts';
import type { ProcessImage } from './image.ts';

/** What sampling counts per device; read by the page and the report. */
export interface SamplingCount {
  frames: number;
  /** Frames in which some channel is bad or stale. */
  badFrames: number;
  /** Ticks that found the last poll still under way, or that came too late: skipped, never queued. */
  missedTicks: number;
}

/** Judges every frame before anybody else sees it: the interlocks. */
export interface Judge {
  /** Readings are expected from now on. */
  begin(now_s: number): void;
  check(frame: Frame): void;
}

/** What has been counted, by device; JSON. */
export type SamplingState = Readonly<Record<string, SamplingCount>>;

interface Polled {
  readonly device: Device;
  readonly count: SamplingCount;
  /** What follows a read: made once, not for every poll. */
  readonly took: (frame: Frame) => void;
  readonly failed: (error: unknown) => void;
  busy: boolean;
  /** When the poll under way began, s. */
  asked_s: number;
  /** How long the poll before took, s, where that was longer than its period; else 0. */
  slow_s: number;
  /** What a device without a line has just answered. */
  now: Frame | undefined;
  /** The newest quality of a frame in which all was usable. */
  fine: Uint8Array | undefined;
}

/**
 * Polls every device at its own period. A frame goes, in one synchronous piece: interlocks (a trip's first
 * frame is on its way before anything else), process image, record, then RxJS. Nothing queues: a poll that
 * is still under way when its next tick comes makes that tick a counted miss.
 */
export class Sampling {
  /** Every frame after interlocks and record; a listener that throws is no part of what follows. */
  readonly frames$ = new Listeners<Frame>();
  /** A poll that brought something took longer than its period, as the one before. */
  readonly slow$ = new Listeners<{ readonly device: string; readonly took_s: number }>();
  readonly counts: ReadonlyMap<string, SamplingCount>;
  readonly #polled: Polled[];
  readonly #clock: Clock;
  readonly #interlocks: Judge;
  readonly #image: ProcessImage;
  readonly #sink: Sink;
  readonly #poll_s: (device: string) => number;
  readonly #derived: DerivedSource | undefined;
  readonly #isAligned: boolean;
  readonly #ends: (() => void)[] = [];
  #isStopped = false;

  constructor(parts: {
    devices: Iterable<Device>;
    poll_s: (device: string) => number;
    clock: Clock;
    interlocks: Judge;
    image: ProcessImage;
    sink: Sink;
    /** What follows from the frames of the instruments. */
    derived?: DerivedSource;
    /** Its polls fall on whole periods of the clock, as those of others do. */
    isAligned?: boolean;
  }) {
    this.#isAligned = parts.isAligned ?? false;
    this.#derived = parts.derived;
    this.#clock = parts.clock;
    this.#interlocks = parts.interlocks;
    this.#image = parts.image;
    this.#sink = parts.sink;
    this.#poll_s = parts.poll_s;
    this.#polled = [...parts.devices].map(device => {
      const polled: Polled = {
        device,
        count: { frames: 0, badFrames: 0, missedTicks: 0 },
        took: frame => this.#take(polled, frame),
        // A driver that rejects or throws breaks its contract; the bench must not go blind because of it.
        failed: error => {
          const now_s = this.#clock.now_s();
          this.#take(polled, badFrame(device.id, now_s, device.channels.length, messageOf(error)));
        },
        busy: false,
        asked_s: Number.NaN,
        slow_s: 0,
        now: undefined,
        fine: undefined,
      };
      return polled;
    });
    this.counts = new Map(this.#polled.map(p => [p.device.id, p.count]));
  }

  /** Polls on these beats, or goes on from a saved state. */
  start(beats: Beats, saved?: SamplingState): void {
    if (saved === undefined) this.#interlocks.begin(this.#clock.now_s());
    const periods = new Map<number, Polled[]>();
    for (const polled of this.#polled) {
      Object.assign(polled.count, saved?.[polled.device.id]);
      const period_s = this.#poll_s(polled.device.id);
      this.#pollWhenBack(polled);
      const group = periods.get(period_s) ?? [];
      group.push(polled);
      periods.set(period_s, group);
    }
    // Slower groups poll in the middle between two polls of the fastest: their replies (an OPC UA answer costs
    // milliseconds to decode) must not stand before the fast device's reply, which may be the one that trips.
    const fastest_s = Math.min(...periods.keys());
    for (const [period_s, group] of periods) {
      const first_s = this.#toWhole_s(period_s) + (period_s === fastest_s ? 0 : fastest_s / 2);
      const poll = (missed: number): unknown => this.#pollAll(group, missed);
      beats.add(`poll each ${period_s} s`, period_s, poll, first_s);
    }
  }

  /** Ends; a poll that is still under way is not looked at any more. */
  stop(): void {
    this.#isStopped = true;
    for (const end of this.#ends.splice(0)) end();
  }

  /** What has been counted. */
  state(): SamplingState {
    return Object.fromEntries([...this.counts].map(([id, count]) => [id, { ...count }]));
  }

  /** From now to the first poll, s. */
  #toWhole_s(period_s: number): number {
    return this.#isAligned ? period_s - (this.#clock.now_s() % period_s) : period_s;
  }

  /** One whose line was lost is read as soon as it is there again, not at its next beat: its readings are missed. */
  #pollWhenBack(polled: Polled): void {
    const { device } = polled;
    if (device.readNow !== undefined) return;
    const unsubscribe = device.onState(state => {
      if (state !== 'ready') return;
      // Whoever else hears of it may have something urgent to send first.
      this.#clock.nextTurn(() => {
        if (!this.#isStopped && !polled.busy && device.state === 'ready') this.#poll(polled, 0);
      });
    });
    this.#ends.push(unsubscribe);
  }

  /** All are asked before any of them is looked at. */
  #pollAll(group: readonly Polled[], missed: number): unknown {
    let isStill = true;
    for (let i = 0; i < group.length; i++) {
      const polled = group[i];
      polled.now = undefined;
      if (polled.device.readNow === undefined) {
        isStill = false;
        this.#poll(polled, missed);
      } else this.#pollNow(polled, missed);
    }
    for (let i = 0; i < group.length; i++) {
      const { now } = group[i];
      if (now !== undefined) this.#take(group[i], now);
    }
    return isStill ? STILL : undefined;
  }

  /** A device without a line answers at once. */
  #pollNow(polled: Polled, missed: number): void {
    polled.count.missedTicks += missed;
    try {
      polled.now = polled.device.readNow?.();
    } catch (error) {
      polled.failed(error);
    }
  }

  #poll(polled: Polled, missed: number): void {
    polled.count.missedTicks += missed;
    if (polled.busy) {
      polled.count.missedTicks++;
      return;
    }
    polled.busy = true;
    polled.asked_s = this.#clock.now_s();
    try {
      polled.device.read().then(polled.took, polled.failed);
    } catch (error) {
      polled.failed(error);
    }
  }

  #take(polled: Polled, frame: Frame): void {
    const isLine = polled.busy;
    polled.busy = false;
    if (this.#isStopped) return;
    this.#keep(frame);
    if (isLine) this.#time(polled, frame);
    const derived = this.#derived?.take(frame);
    if (derived !== undefined) this.#keep(derived);
    polled.count.frames++;
    if (frame.quality !== polled.fine) this.#judge(polled, frame);
    this.frames$.tell(frame);
    if (derived !== undefined) this.frames$.tell(derived);
  }

  /** A single slow one may have waited for an answer that was asked for again, or for a write: the quicker of two counts. */
  #time(polled: Polled, frame: Frame): void {
    const took_s = this.#clock.now_s() - polled.asked_s;
    const isSlow = took_s > this.#poll_s(polled.device.id) && hasUsable(frame);
    if (isSlow && polled.slow_s > 0)
      this.slow$.tell({ device: polled.device.id, took_s: Math.min(took_s, polled.slow_s) });
    polled.slow_s = isSlow ? took_s : 0;
  }

  /** Frames are immutable: a quality that is shared by many of them is looked at once. */
  #judge(polled: Polled, frame: Frame): void {
    if (isImpaired(frame)) polled.count.badFrames++;
    else polled.fine = frame.quality;
  }

  #keep(frame: Frame): void {
    this.#interlocks.check(frame);
    this.#image.take(frame);
    this.#sink.frame(frame);
  }
}

function hasUsable(frame: Frame): boolean {
  for (let i = 0; i < frame.quality.length; i++) if (frame.quality[i] < QUALITY.stale) return true;
  return false;
}

function isImpaired(frame: Frame): boolean {
  for (let i = 0; i < frame.quality.length; i++) if (frame.quality[i] >= QUALITY.stale) return true;
  return false;
}
