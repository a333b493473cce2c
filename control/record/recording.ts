import type { Frame } from '../../drivers/contract/frame.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import type { KeptRows } from '../../profiles/language/run/beside/record-rules.ts';
import type { JournalEvent } from './events.ts';
import type { DatasetHead, FrameRows } from './journal-messages.ts';
import type { JournalSetpoint } from './setpoint-buffer.ts';

/** Takes what is recorded. All of it is synchronous: called inside the sampling tick. */
export interface Sink {
  /** Copies what it keeps of the frame. */
  frame(frame: Frame): void;
  event(event: JournalEvent): void;
  setpoint(setpoint: JournalSetpoint): void;
  /** `state`: anything that survives JSON, with its own version inside. */
  checkpoint(t_s: number, state: unknown): void;
  /** Begins a spectrum that is measured now; its times are those of the clock. A sink without it keeps none. */
  spectrum?(head: DatasetHead): OpenSpectrum;
  /** Which rows the step under way asks for, where the sink leaves some out; until the next such call. */
  keepBy?(rule: KeptRows): void;
  /** The newest reading and the next one are kept: something changes between them. */
  keepEdge?(): void;
  /** Every reading between these times is kept, s. */
  keepAll?(from_s: number, to_s: number): void;
  /** So far behind that virtual time should wait for `catchUp`. */
  readonly isBehind?: boolean;
  catchUp?(): Promise<void>;
  /** Hands what has gathered on. A failure is told elsewhere. */
  flush?(): Promise<void>;
}

/** A spectrum that is being measured. */
export interface OpenSpectrum {
  /** Rows as they come: per row its time, s of the clock, then the columns; a quality for each value. */
  add(rows: FrameRows): void;
}

/** A sink that threw for the first time. */
export interface SinkTrouble {
  readonly sink: Sink;
  readonly error: unknown;
}

/**
 * One stream of readings, events, set points and checkpoints for several sinks: the journal of the session, that of the
 * run under way, a page. A sink that throws is counted and noted once; the others and the tick do not feel it.
 */
export class Recording implements Sink {
  #sinks: readonly Sink[] = [];
  /** Events so far. */
  events = 0;
  readonly #failures = new Map<Sink, number>();
  readonly #trouble = new Listeners<SinkTrouble>();

  /** Sends everything from now on to this sink, too; call what comes back to end that. */
  add(sink: Sink): () => void {
    this.#sinks = [...this.#sinks, sink];
    return () => {
      this.#sinks = this.#sinks.filter(other => other !== sink);
      this.#failures.delete(sink);
    };
  }

  /** Tells of a sink that throws, the first time that it does. */
  onTrouble(listener: (trouble: SinkTrouble) => void): () => void {
    return this.#trouble.add(listener);
  }

  /** How often this sink has thrown. */
  failuresOf(sink: Sink): number {
    return this.#failures.get(sink) ?? 0;
  }

  frame(frame: Frame): void {
    const sinks = this.#sinks;
    for (let i = 0; i < sinks.length; i++) {
      try {
        sinks[i].frame(frame);
      } catch (error) {
        this.#threw(sinks[i], error);
      }
    }
  }

  event(event: JournalEvent): void {
    this.events++;
    for (const sink of this.#sinks) this.#guard(sink, () => sink.event(event));
  }

  setpoint(setpoint: JournalSetpoint): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.setpoint(setpoint));
  }

  checkpoint(t_s: number, state: unknown): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.checkpoint(t_s, state));
  }

  /** Begins it in each sink that keeps spectra. */
  spectrum(head: DatasetHead): OpenSpectrum {
    const open: (readonly [Sink, OpenSpectrum])[] = [];
    for (const sink of this.#sinks)
      this.#guard(sink, () => {
        const begun = sink.spectrum?.(head);
        if (begun !== undefined) open.push([sink, begun]);
      });
    return {
      add: rows => {
        for (const [sink, begun] of open)
          if (this.#sinks.includes(sink)) this.#guard(sink, () => begun.add(rows));
      },
    };
  }

  keepBy(rule: KeptRows): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.keepBy?.(rule));
  }

  keepEdge(): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.keepEdge?.());
  }

  keepAll(from_s: number, to_s: number): void {
    for (const sink of this.#sinks) this.#guard(sink, () => sink.keepAll?.(from_s, to_s));
  }

  get isBehind(): boolean {
    const sinks = this.#sinks;
    for (let i = 0; i < sinks.length; i++) if (sinks[i].isBehind === true) return true;
    return false;
  }

  /** Resolves when each sink that is behind has got on. Never rejects. */
  async catchUp(): Promise<void> {
    const late = this.#sinks.filter(sink => sink.isBehind === true);
    await Promise.allSettled(late.map(sink => sink.catchUp?.()));
  }

  /** Hands what has gathered on, in each sink that gathers. A failure reaches whoever the sink tells of it. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.#sinks.map(sink => sink.flush?.()));
  }

  #guard(sink: Sink, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#threw(sink, error);
    }
  }

  #threw(sink: Sink, error: unknown): void {
    const count = this.failuresOf(sink) + 1;
    this.#failures.set(sink, count);
    if (count === 1) this.#trouble.tell({ sink, error });
  }
}
