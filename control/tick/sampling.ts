import { Subject } from 'rxjs';
import type { Cancel, Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { badFrame, type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Journal } from '../record/journal.ts';
import type { Interlocks } from '../watch/interlocks.ts';
import type { DerivedSource } from './derived/source.ts';
import type { ProcessImage } from './image.ts';

/** What sampling counts per device; read by the page and the report. */
export interface SamplingCount {
  frames: number;
  /** Frames in which some channel is bad or stale. */
  badFrames: number;
  /** Ticks that found the last poll still under way, or that came too late: skipped, never queued. */
  missedTicks: number;
}

interface Polled {
  readonly device: Device;
  readonly count: SamplingCount;
  /** What follows a read: made once, not for every poll. */
  readonly took: (frame: Frame) => void;
  readonly failed: (error: unknown) => void;
  busy: boolean;
}

/**
 * Polls every device at its own period. A frame goes, in one synchronous piece: interlocks (a trip's first
 * frame is on its way before anything else), process image, journal, then RxJS; the derived roles that follow from it
 * go the same way right behind it. Nothing queues: a poll that
 * is still under way when its next tick comes makes that tick a counted miss.
 */
export class Sampling {
  /** Every frame after interlocks and journal. Never errors, completes when sampling stops. */
  readonly frames$ = new Subject<Frame>();
  readonly counts: ReadonlyMap<string, SamplingCount>;
  readonly #polled: Polled[];
  readonly #clock: Clock;
  readonly #interlocks: Interlocks;
  readonly #image: ProcessImage;
  readonly #journal: Journal;
  readonly #poll_s: (device: string) => number;
  readonly #derived: DerivedSource | undefined;
  #timers: Cancel[] = [];

  constructor(parts: {
    devices: Iterable<Device>;
    poll_s: (device: string) => number;
    clock: Clock;
    interlocks: Interlocks;
    image: ProcessImage;
    journal: Journal;
    /** What follows from the frames of the instruments. */
    derived?: DerivedSource;
  }) {
    this.#derived = parts.derived;
    this.#clock = parts.clock;
    this.#interlocks = parts.interlocks;
    this.#image = parts.image;
    this.#journal = parts.journal;
    this.#poll_s = parts.poll_s;
    this.#polled = [...parts.devices].map(device => {
      const polled: Polled = {
        device,
        count: { frames: 0, badFrames: 0, missedTicks: 0 },
        took: frame => this.#take(polled, frame),
        // A driver that rejects breaks its contract; the bench must not go blind because of it.
        failed: error => {
          const now_s = this.#clock.now_s();
          this.#take(polled, badFrame(device.id, now_s, device.channels.length, messageOf(error)));
        },
        busy: false,
      };
      return polled;
    });
    this.counts = new Map(this.#polled.map(p => [p.device.id, p.count]));
  }

  start(): void {
    this.#interlocks.begin(this.#clock.now_s());
    const periods = new Map<number, Polled[]>();
    for (const polled of this.#polled) {
      const period_s = this.#poll_s(polled.device.id);
      const group = periods.get(period_s) ?? [];
      group.push(polled);
      periods.set(period_s, group);
    }
    // Slower groups poll in the middle between two polls of the fastest: their replies (an OPC UA answer costs
    // milliseconds to decode) must not stand before the fast device's reply, which may be the one that trips.
    const fastest_s = Math.min(...periods.keys());
    for (const [period_s, group] of periods) {
      const begin = (): void => {
        this.#timers.push(
          this.#clock.every(period_s, missed => {
            for (let i = 0; i < group.length; i++) this.#poll(group[i], missed);
          }),
        );
      };
      if (period_s === fastest_s) begin();
      else this.#timers.push(this.#clock.schedule(fastest_s / 2, begin));
    }
  }

  stop(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
    this.frames$.complete();
  }

  #poll(polled: Polled, missed: number): void {
    polled.count.missedTicks += missed;
    if (polled.busy) {
      polled.count.missedTicks++;
      return;
    }
    polled.busy = true;
    this.#clock.track(polled.device.read()).then(polled.took, polled.failed);
  }

  #take(polled: Polled, frame: Frame): void {
    polled.busy = false;
    this.#keep(frame);
    const derived = this.#derived?.take(frame);
    if (derived !== undefined) this.#keep(derived);
    polled.count.frames++;
    if (isImpaired(frame)) polled.count.badFrames++;
    this.frames$.next(frame);
    if (derived !== undefined) this.frames$.next(derived);
  }

  #keep(frame: Frame): void {
    this.#interlocks.check(frame);
    this.#image.take(frame);
    this.#journal.frame(frame);
  }
}

function isImpaired(frame: Frame): boolean {
  for (let i = 0; i < frame.quality.length; i++) if (frame.quality[i] >= QUALITY.stale) return true;
  return false;
}
