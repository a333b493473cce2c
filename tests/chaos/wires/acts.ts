import type { EmulatedDevice } from '../../../sim/wire-client.ts';
import type { BenchFiles } from './bench.ts';
import { type Done, type Expectation, type Kind, type Stage, shown } from './kind.ts';
import { AT_LOAD, type Moment, RUNNING } from './moments.ts';

/** What can be done to a run, as makers of kinds. */

/** An orderly stop: load off, safe state, vent, report; on a busy machine. */
export const STOP_S = 40;
/** A trip: safe state, vent, waiting for what was lost, and recording that goes on for a bounded time. */
export const TRIP_S = 75;
/** The run goes on to its own end. */
export const GOES_ON_S = 90;

/** Nothing to undo, nothing to say. */
export const nothing: Done = {};

/** Signals to the program, one after the other: close together if there are many. */
export function signals(
  name: string,
  moments: readonly Moment[],
  expect: Expectation,
  send: readonly NodeJS.Signals[],
): Kind {
  return {
    name,
    moments,
    expect,
    async act({ controller, clock, chance }) {
      for (const [i, signal] of send.entries()) {
        if (i > 0) await clock.sleep(send.length > 2 ? 0.05 + 0.4 * chance() : 0.05 + 1.45 * chance());
        if (controller.exit() === undefined) process.kill(controller.pid, signal);
      }
      return nothing;
    },
  };
}

/** The whole program stands still for a while (SIGSTOP, SIGCONT): a laptop lid, a machine without breath. */
export function frozen(name: string, for_s: number, expect: Expectation): Kind {
  return {
    name,
    moments: for_s > 5 ? [...RUNNING, 'vent'] : RUNNING,
    expect,
    async act({ controller, clock }) {
      process.kill(controller.pid, 'SIGSTOP');
      await clock.sleep(for_s);
      // Its guard may have ended it meanwhile.
      if (controller.exit() === undefined) process.kill(controller.pid, 'SIGCONT');
      return nothing;
    },
  };
}

/** The line of a device is pulled, and put back after this time or never (infinity). */
export function cut(device: EmulatedDevice, for_s: number): Kind {
  const isForGood = for_s === Number.POSITIVE_INFINITY;
  const words = new RegExp(`${device}|${ROLES_OF[device]}`, 'i');
  return {
    name: `cut-${device}-${isForGood ? 'for-good' : `${for_s}s`}`,
    moments: for_s < 2 ? AT_LOAD : [...AT_LOAD, 'vent', 'concluding'],
    expect: {
      codes: for_s < 2 ? [0, 4] : [4],
      within_s: GOES_ON_S,
      says: words,
      ...(isForGood ? { lost: device } : {}),
    },
    async act({ instruments, clock }) {
      await instruments.cut(device);
      if (isForGood) return nothing;
      await clock.sleep(for_s);
      await instruments.restore(device);
      return nothing;
    },
  };
}

/** A reason may name the device or a reading of it. */
const ROLES_OF: Readonly<Record<EmulatedDevice, string>> = {
  supply: 'stack[.-](voltage|current|power|output)',
  rack: 'cell|temperature|anode',
  gas: 'cathode|h2[.-]flow|membrane',
  plc: 'temperatureSet|water|ventilation|h2-in-o2|o2-in-h2|room|separator|conductivity|n2',
};

/** The line stays open, and nobody answers any more. */
export function silent(device: EmulatedDevice): Kind {
  return {
    name: `silent-${device}`,
    moments: AT_LOAD,
    expect: {
      codes: [4],
      within_s: TRIP_S,
      lost: device,
      says: new RegExp(`${device}|${ROLES_OF[device]}`, 'i'),
    },
    async act({ instruments }) {
      await instruments.fault(device, { silence: true });
      return nothing;
    },
  };
}

/** A reply this late is beyond the driver's patience, ms. */
const LATE_MS: Readonly<Record<EmulatedDevice, number>> = { supply: 250, rack: 350, gas: 350, plc: 600 };
/** Replies this late are beyond it also when they are asked for again, ms. */
const TOO_LATE_MS: Readonly<Record<EmulatedDevice, number>> = { supply: 500, rack: 700, gas: 700, plc: 1300 };

/** Replies come too late: those of a moment, or all from now on (infinity). */
export function late(device: EmulatedDevice, for_s: number): Kind {
  const isForGood = for_s === Number.POSITIVE_INFINITY;
  return {
    name: isForGood ? `late-${device}` : `one-late-reply-${device}`,
    moments: AT_LOAD,
    expect: {
      codes: isForGood ? [4] : [0],
      within_s: GOES_ON_S,
      ...(isForGood ? { lost: device, says: new RegExp(`${device}|${ROLES_OF[device]}`, 'i') } : {}),
    },
    async act({ instruments, clock }) {
      await instruments.fault(device, { delay_ms: (isForGood ? TOO_LATE_MS : LATE_MS)[device] });
      if (isForGood) return nothing;
      await clock.sleep(for_s);
      await instruments.fault(device, { delay_ms: 0 });
      return nothing;
    },
  };
}

/** What the lock says to whoever comes second. */
const HELD = /held by another cellbench|Cannot lock port/;

/** A second controller is started beside the run: refused, and the run does not notice. */
export function second(name: string, benchOf: (files: BenchFiles) => string): Kind {
  return {
    name,
    moments: ['load'],
    expect: { codes: [0], within_s: GOES_ON_S },
    async act({ second: start, files, clock }) {
      const other = start(benchOf(files));
      const exit = await other.gone(60);
      const wrong: string[] = [];
      if (exit === undefined) {
        wrong.push('second-hangs: the second controller has not ended within 60 s');
        other.child.kill('SIGKILL');
        await other.gone(5);
      } else if (exit.code !== 2) {
        wrong.push(`second-not-refused: exit ${shown(exit)}, expected 2: ${other.said().trim().slice(-300)}`);
      } else if (!HELD.test(other.said())) {
        wrong.push(`second-elsewhere: refused, but not for the lock: ${other.said().trim().slice(-300)}`);
      }
      await clock.sleep(0.1);
      return { wrong };
    },
  };
}

/** Refused before anything is started, because of what `before` has taken away: `says` names it. */
export function missing(name: string, says: RegExp, before: NonNullable<Kind['before']>): Kind {
  return {
    name,
    moments: ['starting'],
    expect: { codes: [2], within_s: 60, says },
    before,
    act: async () => nothing,
  };
}

/** Shows `value` on a sensor long enough for two polls. */
export async function force({ instruments, clock }: Stage, signal: string, value: number): Promise<void> {
  await instruments.force(signal, value);
  await clock.sleep(0.8);
  await instruments.force(signal, null);
}

/** Above the trip limit of the stack voltage. */
export const TOO_HIGH_V = 320;
