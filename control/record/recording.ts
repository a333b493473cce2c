import type { Frame } from '../../drivers/contract/frame.ts';
import type { JournalEvent } from './events.ts';
import type { JournalSetpoint } from './setpoint-buffer.ts';

/** Where readings, events, set points and checkpoints go. */
export interface Sink {
  frame(frame: Frame): void;
  event(event: JournalEvent): void;
  setpoint(setpoint: JournalSetpoint): void;
  checkpoint(t_s: number, state: unknown): void;
}

/** One sampling, several records: hands everything on to each sink that has been added. */
export class Recording implements Sink {
  #sinks: readonly Sink[] = [];

  /** From now on; returns the removal. */
  add(sink: Sink): () => void {
    this.#sinks = [...this.#sinks, sink];
    return () => {
      this.#sinks = this.#sinks.filter(other => other !== sink);
    };
  }

  frame(frame: Frame): void {
    for (let i = 0; i < this.#sinks.length; i++) this.#sinks[i].frame(frame);
  }

  event(event: JournalEvent): void {
    for (let i = 0; i < this.#sinks.length; i++) this.#sinks[i].event(event);
  }

  setpoint(setpoint: JournalSetpoint): void {
    for (let i = 0; i < this.#sinks.length; i++) this.#sinks[i].setpoint(setpoint);
  }

  checkpoint(t_s: number, state: unknown): void {
    for (let i = 0; i < this.#sinks.length; i++) this.#sinks[i].checkpoint(t_s, state);
  }
}
