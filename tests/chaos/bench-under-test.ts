import type { Bench } from '../../control/bench/bench.ts';
import { Journal, type JournalMessage } from '../../control/record/journal.ts';
import { Run } from '../../control/run/run.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Instruction } from '../../profiles/procedure.ts';

/** How an ending came out. `refused`: the bench could not be brought to a start. */
export interface Ended {
  readonly state: string;
  readonly reason: string;
  readonly unproven: readonly string[];
}

/** An event that has reached the disk. */
export interface Kept {
  readonly t_s: number;
  readonly kind: string;
  readonly text: string;
}

/** The disk: keeps what it is given while it is not full, and takes its time. */
export class MemoryDisk {
  readonly events: Kept[] = [];
  isFull = false;
  readonly #clock: Clock;
  readonly #takes_s: number;

  constructor(clock: Clock, takes_s: number) {
    this.#clock = clock;
    this.#takes_s = takes_s;
  }

  /** Calls with the reason why the events could not be kept, or with nothing. */
  take(events: readonly Kept[], done: (failure: string | undefined) => void): void {
    this.#clock.schedule(this.#takes_s, () => {
      if (this.isFull) return done('no space left on the disk');
      this.events.push(...events);
      done(undefined);
    });
  }
}

/** What a run is made of here. */
export interface Parts {
  readonly bench: Bench;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly method: readonly Instruction[];
  readonly control_s: number;
  readonly flush_s: number;
  readonly disk: MemoryDisk;
}

/** Moments that the chaos waits for. */
export interface Moments {
  ending(): void;
  shut(): void;
  /** True while a listener of this kind is to throw. */
  throwsIn(which: 'change' | 'event' | 'frame' | 'device'): boolean;
}

/** The run as a person, the program and the chaos see it: the only place that knows its interface. */
export interface BenchUnderTest {
  state(): string;
  /** Runs to the end, as the program does. Rejects where the bench could not be brought to a start. */
  execute(): Promise<Ended>;
  /** Ends the program: record, then devices. */
  close(): Promise<void>;
  hold(): void;
  /** Acknowledges what can be and goes on. */
  resume(): void;
  stop(): void;
  abort(): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** An exception that nobody caught, as the program handles it. */
  selfFailed(error: unknown): void;
}

/** Puts a run together on these parts. */
export function openBenchUnderTest(parts: Parts, moments: Moments): BenchUnderTest {
  const { bench, devices, clock } = parts;
  const journal = memoryJournal(parts);
  const run = new Run({
    bench,
    entryOf: device => `chaos.yaml:${device}`,
    roles: compileRoles(bench, devices),
    procedure: {
      method: 'chaos',
      version: 1,
      instructions: parts.method,
      planned_s: 60,
      sets: [],
      reads: [],
    },
    devices,
    clock,
    journal,
    source: () => s => 0.5 + 0.5 * Math.sin(s),
    timeFactor: 1,
    control_s: parts.control_s,
    flush_s: parts.flush_s,
    trendRoles: ['stack.current_A'],
  });
  const mayThrow = (which: Parameters<Moments['throwsIn']>[0]): void => {
    if (moments.throwsIn(which)) throw new Error(`a listener (${which}) throws`);
  };
  let isEnding = false;
  run.onChange = () => {
    if (!isEnding && ['Stopping', 'Completing', 'Aborting'].includes(run.state)) {
      isEnding = true;
      moments.ending();
    }
    mayThrow('change');
  };
  journal.onEvent = () => mayThrow('event');
  run.sampling.frames$.subscribe(() => mayThrow('frame'));
  for (const device of devices.values()) device.onState(() => mayThrow('device'));
  const shut = run.gate.shut.bind(run.gate);
  run.gate.shut = reason => {
    if (run.gate.latch === '') moments.shut();
    shut(reason);
  };
  return {
    state: () => run.state,
    execute: () => run.execute(),
    async close() {
      await journal.close();
      await run.close();
    },
    hold: () => void run.hold('a person'),
    resume() {
      run.acknowledge(undefined);
      run.resume();
    },
    stop: () => void run.stop('stopped by the operator'),
    abort: () => void run.abort('a person'),
    interrupt() {
      if (!run.stop('stopped by Ctrl-C')) run.abort('aborted by Ctrl-C');
    },
    selfFailed: error => void run.abort(`cellbench itself failed: ${String(error)}`),
  };
}

/** The real journal over a thread that keeps in memory what it is given. */
function memoryJournal({ devices, disk }: Parts): Journal {
  const listeners: ((reply: object) => void)[] = [];
  const thread = {
    on(event: string, listener: (reply: object) => void) {
      if (event === 'message') listeners.push(listener);
    },
    postMessage(message: JournalMessage) {
      const events = message.type === 'batch' ? message.events : [];
      disk.take(events, failure => {
        const reply = failure === undefined ? { type: 'done' } : { type: 'failed', message: failure };
        for (const listener of listeners) listener(reply);
      });
    },
    terminate: () => Promise.resolve(0),
  };
  const tables = [...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => c.name) }));
  const make = Journal as unknown as new (thread: object, tables: object) => Journal;
  return new make(thread, tables);
}
