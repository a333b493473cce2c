import type { Clock } from '../../drivers/contract/clock.ts';
import type { Rig } from '../plant/parts/rig.ts';

/**
 * What can go wrong between an instrument and its line. All may be switched while the emulator runs; an emulator
 * that is cut off altogether is stopped and started instead.
 */
export interface Faults {
  /** Hangs: requests are neither carried out nor answered; the line itself stays up. */
  silence: boolean;
  /** Carries out at once, answers this much later. */
  delay_ms: number;
  /** Replies arrive with a damaged checksum, or, where the protocol has none, a damaged header. */
  corrupt: boolean;
  /** Alive and answering, but every measured value stands still. */
  freeze: boolean;
}

/** A healthy line. */
export function noFaults(): Faults {
  return { silence: false, delay_ms: 0, corrupt: false, freeze: false };
}

/** What every emulator is built on. */
export interface EmulatorEnv {
  readonly rig: Rig;
  readonly clock: Clock;
  /** Called when a request has arrived and before it is answered: lets the plant run to now. */
  readonly beforeReply?: () => void;
  /** Called right before a reply is handed to the line: the moment a latency is measured from. */
  readonly onReply?: () => void;
}

/** What can happen to an instrument itself, by the switch that brings it about and takes it away. */
export interface Upsets {
  /** Somebody takes it to local control at its panel. */
  local?(on: boolean): void;
  /** The cause of an alarm that latches: a hot heat sink. */
  trip?(on: boolean): void;
}

/** An instrument on a line of its own. */
export interface Emulator {
  readonly faults: Faults;
  /** Absent: nothing but its line can fail. */
  readonly upsets?: Upsets;
  /** Puts the instrument on its line; after `stop` at the same address. */
  start(): Promise<void>;
  /** Pulls the wire. The instrument itself goes on, and so do its own timers. */
  stop(): Promise<void>;
  /** Switches the instrument off for good. */
  end(): Promise<void>;
}

/** Replies that wait for their time, oldest first, for each instrument. */
const waiting = new WeakMap<Faults, { readonly due_s: number; readonly send: () => void }[]>();

/**
 * Sends one reply the way the faults say: now, late, damaged or not at all. One that is late holds up those behind it:
 * bytes on a line do not overtake each other.
 */
export function deliver(
  reply: Uint8Array,
  line: {
    readonly env: EmulatorEnv;
    readonly faults: Faults;
    /** Damages the frame so that a careful reader notices. */
    readonly corrupt: (frame: Uint8Array) => Uint8Array;
    readonly send: (frame: Uint8Array) => void;
  },
): void {
  const { env, faults } = line;
  if (faults.silence) return;
  const frame = faults.corrupt ? line.corrupt(reply) : reply;
  const send = (): void => {
    env.onReply?.();
    line.send(frame);
  };
  const now_s = env.clock.now_s();
  const queue = waiting.get(faults) ?? [];
  waiting.set(faults, queue);
  const due_s = Math.max(now_s + faults.delay_ms / 1000, queue.at(-1)?.due_s ?? now_s);
  if (queue.length === 0 && due_s <= now_s) {
    send();
    return;
  }
  queue.push({ due_s, send });
  env.clock.schedule(due_s - now_s, () => queue.shift()?.send());
}

/** The rig with `sensor` in front of what its sensors show; all else is the rig's own. */
export function withSensors(rig: Rig, sensor: (index: number) => number): Rig {
  return {
    sensors: rig.sensors,
    actuators: rig.actuators,
    sensorIndex: name => rig.sensorIndex(name),
    sensorRange: name => rig.sensorRange(name),
    sensor,
    actuatorIndex: name => rig.actuatorIndex(name),
    set: (index, value) => rig.set(index, value),
    setting: index => rig.setting(index),
    advanceTo: time_s => rig.advanceTo(time_s),
    get time_s() {
      return rig.time_s;
    },
  };
}

/** The rig as a frozen instrument sees it: while `freeze` is set each sensor shows what it showed last. */
export function freezable(rig: Rig, faults: Faults): Rig {
  const shown = new Float64Array(rig.sensors.length).fill(Number.NaN);
  const known = new Uint8Array(rig.sensors.length);
  return withSensors(rig, index => {
    if (faults.freeze && known[index] === 1) return shown[index];
    known[index] = 1;
    shown[index] = rig.sensor(index);
    return shown[index];
  });
}

/** Index of a sensor the emulator cannot do without; throws with the emulator's name otherwise. */
export function requireSensor(rig: Rig, emulator: string, name: string): number {
  const index = rig.sensorIndex(name);
  if (index < 0)
    throw new Error(`${emulator}: the rig has no sensor "${name}"; it has: ${listed(rig.sensors)}`);
  return index;
}

/** Place of a sensor that nothing of the plant stands behind: an input where nothing is connected. */
export const NO_SENSOR = -1;

/** Place of the sensor behind a channel, NO_SENSOR where no role gives it one; throws for one that the rig lacks. */
export function sensorBehind(rig: Rig, emulator: string, signal: string | undefined): number {
  return signal === undefined ? NO_SENSOR : requireSensor(rig, emulator, signal);
}

/** What a sensor shows, NaN where there is none. */
export function readingOf(rig: Rig, sensor: number): number {
  return sensor === NO_SENSOR ? Number.NaN : rig.sensor(sensor);
}

/** An output register: drives an actuator of the rig, or, where no role gives it one, only keeps what it was set to. */
export function outputBehind(
  rig: Rig,
  emulator: string,
  signal: string | undefined,
): { get(): number; set(value: number): void } {
  if (signal === undefined) {
    let kept = 0;
    return {
      get: () => kept,
      set(value) {
        kept = value;
      },
    };
  }
  const actuator = requireActuator(rig, emulator, signal);
  return { get: () => rig.setting(actuator), set: value => rig.set(actuator, value) };
}

/** Index of an actuator the emulator cannot do without. */
export function requireActuator(rig: Rig, emulator: string, name: string): number {
  const index = rig.actuatorIndex(name);
  if (index < 0) {
    throw new Error(`${emulator}: the rig has no actuator "${name}"; it has: ${listed(rig.actuators)}`);
  }
  return index;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).join(', ');
  return names.length > 40 ? `${shown}, ... (${names.length})` : shown;
}
