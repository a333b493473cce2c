import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { realClock } from '../drivers/contract/clock.ts';
import { siblingUrl } from '../drivers/contract/sibling.ts';
import {
  type EmulatedDevice,
  type FaultPatch,
  fromEmulatorsSchema,
  type TripTimes,
  type WireCommand,
  type WireConfig,
  type WireEndpoints,
} from './wire-protocol.ts';

export type { EmulatedDevice, FaultPatch, TripTimes, WireConfig, WireEndpoints } from './wire-protocol.ts';

/** So long an emulator process may take to end, s. */
const STOP_S = 5;

/** The emulator process, seen from its parent. Commands resolve when they have been carried out there. */
export interface Emulators {
  readonly endpoints: WireEndpoints;
  readonly pid: number;
  /** From the start of the process to all instruments answering, s. */
  readonly startup_s: number;
  fault(device: EmulatedDevice, fault: FaultPatch): Promise<void>;
  /** Pulls the wire of one device: port closed, sockets cut, pty gone. The device itself goes on. */
  stopDevice(device: EmulatedDevice): Promise<void>;
  /** Puts it back: same port, same path. */
  startDevice(device: EmulatedDevice): Promise<void>;
  /** Makes a sensor of the rig show `value`; null lifts it. */
  force(signal: string, value: number | null): Promise<void>;
  /** What a sensor of the rig shows, or an actuator is set to. */
  look(signal: string): Promise<number>;
  /** Forces `signal` to `value` at a random moment and times the controller's output-off. */
  tripWatch(options: {
    readonly signal: string;
    readonly value: number;
    /** The moment lies within this time, s (default 0.2). */
    readonly within_s?: number;
    /** Rejects when no output-off has come this long after the crossing, s (default 10). */
    readonly deadline_s?: number;
  }): Promise<TripTimes>;
  /** Ends the process orderly. */
  stop(): Promise<void>;
  /** SIGKILL: every line, serial ones too, vanishes at once. */
  kill(): Promise<void>;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

interface Waiter {
  readonly resolve: (result: number | TripTimes | undefined) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts the emulators in a process of their own; rejects with their reason if they cannot start. */
export async function startEmulators(config: WireConfig): Promise<Emulators> {
  const child = fork(fileURLToPath(siblingUrl(import.meta.url, './wire')), {
    execArgv: [],
    // A process group of its own: Ctrl-C in the terminal is for the controller, which still needs its instruments.
    detached: true,
  });
  const waiters = new Map<number, Waiter>();
  let nextId = 1;
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));

  const ready = await new Promise<{ endpoints: WireEndpoints; folder: string; startup_s: number }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('exit', code => {
        const gone = new Error(`the emulators have ended (exit code ${code})`);
        reject(gone);
        for (const waiter of waiters.values()) waiter.reject(gone);
        waiters.clear();
      });
      child.on('message', raw => {
        const message = fromEmulatorsSchema.parse(raw);
        switch (message.type) {
          case 'ready':
            resolve(message);
            return;
          case 'failed':
            child.disconnect();
            reject(new Error(`the emulators cannot start: ${message.reason}`));
            return;
          case 'done':
            waiters.get(message.id)?.resolve(message.result);
            waiters.delete(message.id);
            return;
          case 'refused':
            waiters.get(message.id)?.reject(new Error(`emulators: ${message.reason}`));
            waiters.delete(message.id);
        }
      });
      child.send({ type: 'config', config });
    },
  );

  const ask = (command: WireCommand): Promise<number | TripTimes | undefined> =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error('the emulators have ended'));
      const id = nextId++;
      waiters.set(id, { resolve, reject });
      child.send({ type: 'command', id, command });
    });
  // Killed by whomever, it leaves the names of its serial lines behind.
  void ended.then(() => rmSync(ready.folder, { recursive: true, force: true }));
  const tell = async (command: WireCommand): Promise<void> => {
    await ask(command);
  };

  return {
    endpoints: ready.endpoints,
    startup_s: ready.startup_s,
    pid: pidOf(child),
    ended,
    fault: (device, fault) => tell({ do: 'fault', device, fault }),
    stopDevice: device => tell({ do: 'stop', device }),
    startDevice: device => tell({ do: 'start', device }),
    force: (signal, value) => tell({ do: 'force', signal, value }),
    async look(signal) {
      const value = await ask({ do: 'look', signal });
      if (typeof value !== 'number') throw new Error(`emulators: no value for ${signal}`);
      return value;
    },
    async tripWatch({ signal, value, within_s = 0.2, deadline_s = 10 }) {
      const times = await ask({ do: 'trip-watch', signal, value, within_s, deadline_s });
      if (typeof times !== 'object') throw new Error('emulators: no times from the trip watch');
      return times;
    },
    async stop() {
      if (child.connected) child.disconnect();
      // One that stands still does not hear that it is to end.
      const cancel = realClock().schedule(STOP_S, () => child.kill('SIGKILL'));
      await ended;
      cancel();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the emulators did not get a process id');
  return child.pid;
}
