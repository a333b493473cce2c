import { type Bench, subjectOf } from '../../control/bench/bench.ts';
import type { JournalEvent } from '../../control/record/events.ts';
import { Recording, type Sink } from '../../control/record/recording.ts';
import { decide } from '../../control/run/operator.ts';
import { startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { CommandName } from '../../control/view.ts';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import { oneColumn } from '../support/one-column.ts';
import { testMethod } from '../support/test-method.ts';

const WIND = 'data: { wind: { file: wind.csv, time_s: t, share_pct: p } }\n';
const wind_pct = (s: number): number => 50 + 50 * Math.sin(s);

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
  /** Entries of a method's list, YAML. */
  readonly method: readonly string[];
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

/** Puts a session together on these parts and runs in it, as the program does. */
export function openBenchUnderTest(parts: Parts, moments: Moments): BenchUnderTest {
  const { bench, devices, clock } = parts;
  const recording = new Recording();
  const record = new MemoryRecord(clock, parts.disk);
  recording.add(record);
  const mayThrow = (which: Parameters<Moments['throwsIn']>[0]): void => {
    if (moments.throwsIn(which)) throw new Error(`a listener (${which}) throws`);
  };
  const nothing = (): void => {};
  recording.add({
    frame: nothing,
    setpoint: nothing,
    checkpoint: nothing,
    event: () => mayThrow('event'),
  });
  let session: BenchSession | undefined;
  const person = (command: CommandName): void => {
    if (session !== undefined) void decide(session, { command }, 'page', undefined);
  };
  return {
    state: () => session?.state ?? 'Idle',
    async execute() {
      session = await BenchSession.open({
        bench,
        entryOf: device => `chaos.yaml:${device}`,
        roles: compileRoles(bench, devices),
        devices,
        clock,
        recording,
        control_s: parts.control_s,
        flush_s: parts.flush_s,
        checkpoint_s: 10,
        checkpointsSteps: true,
      });
      const open = session;
      watch(open, moments, mayThrow);
      record.onFailure.add(text => open.abort({ by: 'record', id: 'journal' }, text));
      const run = startRun(open, {
        procedure: {
          ...testMethod(bench, devices, parts.method, { name: 'chaos', head: WIND }),
          data: oneColumn(wind_pct),
        },
        subject: subjectOf(bench),
        timeFactor: 1,
        trendRoles: ['stack.current_A'],
      });
      const { state, reason, unproven } = await run.finished;
      return { state, reason, unproven: unproven.map(u => `${u.what}: ${u.otherwise}`) };
    },
    async close() {
      await session?.close();
      await record.close();
    },
    hold: () => person('hold'),
    resume() {
      person('acknowledge');
      person('resume');
    },
    stop: () => person('stop'),
    abort: () => person('abort'),
    interrupt() {
      const cause = { by: 'signal', id: 'SIGINT' } as const;
      if (session === undefined || session.stop(cause, 'stopped by Ctrl-C')) return;
      if (session.state !== 'Aborting') session.abort(cause, 'aborted by Ctrl-C');
    },
    selfFailed: error =>
      session?.abort({ by: 'self', id: 'exception' }, `cellbench itself failed: ${String(error)}`),
  };
}

function watch(
  session: BenchSession,
  moments: Moments,
  mayThrow: (which: 'change' | 'frame' | 'device') => void,
): void {
  let isEnding = false;
  session.changed$.add(() => {
    if (!isEnding && ['Stopping', 'Completing', 'Aborting'].includes(session.state)) {
      isEnding = true;
      moments.ending();
    }
    mayThrow('change');
  });
  session.sampling.frames$.add(() => mayThrow('frame'));
  for (const device of session.parts.devices.values()) device.onState(() => mayThrow('device'));
  const shut = session.gate.shut.bind(session.gate);
  session.gate.shut = reason => {
    if (session.gate.latch === '') moments.shut();
    shut(reason);
  };
}

/** The record in memory: gathers events and hands them to the disk, keeps what the disk does not take. */
class MemoryRecord implements Sink {
  readonly onFailure = new Listeners<string>();
  readonly #clock: Clock;
  readonly #disk: MemoryDisk;
  #gathered: JournalEvent[] = [];
  #hasFailed = false;

  constructor(clock: Clock, disk: MemoryDisk) {
    this.#clock = clock;
    this.#disk = disk;
  }

  frame(): void {}

  setpoint(): void {}

  checkpoint(_t_s: number, state: unknown): void {
    JSON.stringify(state);
  }

  event(event: JournalEvent): void {
    this.#gathered.push(event);
  }

  flush(): Promise<void> {
    const events = this.#gathered;
    if (events.length === 0) return Promise.resolve();
    this.#gathered = [];
    return new Promise(resolve => {
      this.#disk.take(events, failure => {
        if (failure !== undefined) {
          this.#gathered = [...events, ...this.#gathered];
          if (!this.#hasFailed) this.onFailure.tell(failure);
          this.#hasFailed = true;
        }
        resolve();
      });
    });
  }

  /** Tries once more, as the journal does. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#gathered.length > 0) await this.#clock.sleep(0.5);
    await this.flush();
  }
}
