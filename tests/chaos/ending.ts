import { createHash } from 'node:crypto';
import type { Device } from '../../drivers/contract/device.ts';
import { type BenchUnderTest, type Ended, MemoryDisk, openBenchUnderTest } from './bench-under-test.ts';
import { Chaos, type Happened } from './disturb.ts';
import { makeBench, makeWorld, openFakeDevice, VENT_WITHIN_s, type World } from './fake-bench.ts';
import { DEVICES, type DeviceId, type Scenario } from './scenario.ts';
import { TurnClock } from './turn-clock.ts';

/** A person stops what has not ended by itself by then, s. */
const PATIENCE_s = 100;
/** From the beginning of an ending to its end: two vents, what lost devices may take, and a margin, s. */
export const ENDING_BOUND_s = 2 * VENT_WITHIN_s + 60;
/** Longest time that closing may take: a line that is just being opened, a record that is just being written, s. */
export const CLOSE_BOUND_s = 10;
/** The bench is watched so long after the program has gone, s. */
const AFTERMATH_s = 12;

/** All that the judges look at. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly world: World;
  readonly happened: readonly Happened[];
  /** What the safe state asked for on the urgent lane, `key=value`. */
  readonly urgent: ReadonlySet<string>;
  readonly disk: MemoryDisk;
  /** Undefined: it never ended. */
  readonly ended: Ended | undefined;
  /** Why it could not be started. */
  readonly refused: string | undefined;
  readonly state: string;
  readonly states: readonly { readonly t_s: number; readonly state: string }[];
  readonly ending_s: number;
  readonly shut_s: number;
  readonly shutOrder: number;
  readonly end_s: number;
  /** As the bench stood when the run said that it was over. */
  readonly atEnd: {
    readonly held: Readonly<Record<DeviceId, Readonly<Record<string, number>>>>;
    readonly pressure_barg: number;
    readonly current_A: number;
  };
  readonly lowest_barg: number;
  readonly closed: 'yes' | 'late' | { readonly threw: string };
  readonly timersLeft: readonly { readonly in_s: number; readonly from: string }[];
  /** Requests that instruments heard after everything had been closed. */
  readonly heardAfterClose: number;
  readonly thrown: readonly string[];
  readonly events: number;
}

/** Plays one scenario on a fresh bench and gathers the evidence. One at a time in a process. */
export async function playEnding(
  scenario: Scenario,
  options: { withStacks?: boolean } = {},
): Promise<Evidence> {
  const time = new TurnClock(options);
  const clock = time.forWorld;
  let count = 0;
  const order = (): number => count++;
  const world = makeWorld(scenario, clock, order);
  const disk = new MemoryDisk(clock, scenario.disk_s);
  const thrown: string[] = [];
  const states: { t_s: number; state: string }[] = [];
  const seen = { ending_s: Number.NaN, shut_s: Number.NaN, shutOrder: Number.NaN, lowest_barg: Infinity };
  let run: BenchUnderTest | undefined;
  const uncaught = (error: unknown): void => {
    thrown.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    try {
      run?.selfFailed(error);
    } catch (again) {
      // In the program this is the end of the process, whatever the bench does.
      thrown.push(`in the last handler: ${again instanceof Error ? (again.stack ?? again.message) : again}`);
    }
  };
  time.onThrown = uncaught;
  const restore = catchAll(uncaught, (delay_s, call) => time.forCode.schedule(delay_s, call));
  try {
    const chaos = new Chaos(scenario.disturbances, {
      clock,
      world,
      disk,
      run: () => run as BenchUnderTest,
    });
    const devices = new Map<string, Device>(
      DEVICES.map(id => [id, chaos.wrap(openFakeDevice(id, world.instruments[id], time.forCode))]),
    );
    run = openBenchUnderTest(
      {
        bench: makeBench(scenario),
        devices,
        clock: time.forCode,
        method: scenario.method,
        control_s: scenario.control_s,
        flush_s: scenario.flush_s,
        disk,
      },
      {
        ending() {
          seen.ending_s = clock.now_s();
          chaos.at('ending');
        },
        shut() {
          if (!Number.isNaN(seen.shut_s)) return;
          seen.shut_s = clock.now_s();
          seen.shutOrder = order();
          chaos.at('shut');
          watchVent();
        },
        throwsIn: which => chaos.throws(`listener ${which}`),
      },
    );
    const under = run;
    let ended: Ended | undefined;
    let refused: string | undefined;
    const work = under.execute().then(
      outcome => {
        ended = outcome;
      },
      (error: unknown) => {
        refused = String(error);
      },
    );
    chaos.at('start');
    const cancels = [
      clock.every(0.1, () => {
        world.plant.advance(clock.now_s());
        const state = under.state();
        if (states.at(-1)?.state !== state) states.push({ t_s: clock.now_s(), state });
        if (seen.shut_s >= 0) seen.lowest_barg = Math.min(seen.lowest_barg, world.plant.pressure_barg);
      }),
      // Somebody comes by and leads a run on that stands in Held.
      clock.every(15, () => {
        if (under.state() === 'Held') under.resume();
      }),
      clock.schedule(PATIENCE_s, () => under.stop()),
    ];
    await time.runUntil(work, PATIENCE_s + ENDING_BOUND_s);
    const end_s = clock.now_s();
    world.plant.advance(end_s);
    chaos.over();
    const atEnd = {
      held: Object.fromEntries(
        DEVICES.map(id => [id, Object.fromEntries(world.instruments[id].held)]),
      ) as Evidence['atEnd']['held'],
      pressure_barg: world.plant.pressure_barg,
      current_A: world.plant.current_A(),
    };
    const state = under.state();
    for (const cancel of cancels) cancel();
    let closed: Evidence['closed'] = 'late';
    const closing = under.close().then(
      () => {
        closed = 'yes';
      },
      (error: unknown) => {
        closed = { threw: String(error) };
      },
    );
    await time.runUntil(closing, end_s + CLOSE_BOUND_s);
    const timersLeft = time.left();
    const heard = (): number => DEVICES.reduce((sum, id) => sum + world.instruments[id].heard, 0);
    const heardBefore = heard();
    await time.runUntil(new Promise(() => {}), clock.now_s() + AFTERMATH_s);
    return {
      scenario,
      world,
      happened: chaos.happened,
      urgent: chaos.urgent,
      disk,
      ended,
      refused,
      state,
      states,
      ...seen,
      end_s,
      atEnd,
      closed,
      timersLeft,
      heardAfterClose: heard() - heardBefore,
      thrown,
      events: count,
    };

    function watchVent(): void {
      const before = world.instruments.gas.log.length;
      const cancel = clock.every(0.05, () => {
        if (world.instruments.gas.log.length === before) return;
        cancel();
        chaos.at('vent');
      });
      cancels.push(cancel);
    }
  } finally {
    restore();
  }
}

/** A short word for all that reached instruments and disk, and when: two runs of one seed have the same. */
export function traceOf({ world, disk, ended, end_s }: Evidence): string {
  const hash = createHash('sha1').update(JSON.stringify([ended, end_s, disk.events]));
  for (const id of DEVICES)
    hash.update(JSON.stringify([world.instruments[id].heard, world.instruments[id].log]));
  return hash.digest('base64').slice(0, 12);
}

/** What nobody catches comes here; a plain timer (a library's) runs on virtual time. */
function catchAll(
  uncaught: (error: unknown) => void,
  schedule: (delay_s: number, call: () => void) => void,
): () => void {
  const plain = globalThis.setTimeout;
  globalThis.setTimeout = ((call: () => void, delay_ms = 0) =>
    schedule(delay_ms / 1000, call)) as typeof globalThis.setTimeout;
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
  return () => {
    globalThis.setTimeout = plain;
    process.off('uncaughtException', uncaught);
    process.off('unhandledRejection', uncaught);
  };
}
