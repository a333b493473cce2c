import type { Clock } from '../../drivers/contract/clock.ts';
import type { ChannelSpec, Device, SettableSpec } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { badFrame, type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Quantity } from '../../drivers/contract/units.ts';

/** A time span in which something goes wrong with a device, s. */
export interface Trouble {
  readonly device: DeviceName;
  readonly from_s: number;
  readonly for_s: number;
  /** Frames are bad, writes fail, or readings stand still. */
  readonly what: 'bad' | 'refuses' | 'still';
}

const CHANNELS = {
  supply: ['current_A', 'voltage_V', 'power_W'],
  plc: ['pressure_barg', 'h2InO2_vol_pct', 'temperature_degC', 'vent_on'],
  rack: ['cell[1].voltage_V', 'cell[2].voltage_V', 'cell[3].voltage_V', 'anodePressure_barg'],
} as const satisfies Record<string, readonly Quantity[]>;

const SETTABLES = {
  supply: ['outputSet_on', 'currentSet_A'],
  plc: ['pressureSet_barg', 'ventSet_on'],
  rack: ['valveSet_on'],
} as const satisfies Record<string, readonly Quantity[]>;

const SAFE_LIST: Record<DeviceName, readonly (readonly [Quantity, number])[]> = {
  supply: [
    ['outputSet_on', 0],
    ['currentSet_A', 0],
  ],
  plc: [],
  rack: [],
};

/** The devices of the bench. */
export type DeviceName = keyof typeof CHANNELS;

/** Time in which the pressure follows its set point, s. */
const TAU_S = 1.5;

/**
 * Instruments and plant behind them, which go on whatever becomes of the program: every reading follows from the time,
 * the seed and what has been set until then, so that who asks, and how often, changes nothing.
 */
export class ResumablePlant {
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #troubles: readonly Trouble[];
  readonly #sets = new Map<string, number>([['ventSet_on', 1]]);
  #pressure = { from: 0, at_s: 0 };
  /** Every write that was carried out. */
  readonly written: { readonly t_s: number; readonly key: string; readonly value: number }[] = [];

  constructor(seed: number, clock: Clock, troubles: readonly Trouble[]) {
    this.#seed = seed;
    this.#clock = clock;
    this.#troubles = troubles;
  }

  /** What is set in an instrument; somebody at its panel calls the same. */
  set(key: string, value: number): void {
    const t_s = this.#clock.now_s();
    this.#pressure = { from: this.#pressure_barg(t_s), at_s: t_s };
    this.#sets.set(key, value);
    this.written.push({ t_s, key, value });
  }

  /** What an instrument holds. */
  held(key: string): number {
    return this.#sets.get(key) ?? 0;
  }

  /** The trouble of this kind that a device has now. */
  trouble(device: DeviceName, what: Trouble['what']): Trouble | undefined {
    const t_s = this.#clock.now_s();
    return this.#troubles.find(
      t => t.device === device && t.what === what && t_s >= t.from_s && t_s < t.from_s + t.for_s,
    );
  }

  /** What a channel shows now. */
  measure(device: DeviceName, channel: string): number {
    const t_s = this.trouble(device, 'still')?.from_s ?? this.#clock.now_s();
    const noise = Math.sin(t_s * 127.1 + this.#seed * 3.7 + channel.length * 11.3) * 0.02;
    const current_A = this.held('outputSet_on') > 0 ? this.held('currentSet_A') : 0;
    const wave = (period_s: number): number => Math.sin((t_s / period_s + this.#seed) * 2 * Math.PI);
    switch (channel) {
      case 'current_A':
        return current_A + noise;
      case 'voltage_V':
        return current_A > 0 ? 6 + 0.02 * current_A + noise : 1;
      case 'power_W':
        return current_A * (6 + 0.02 * current_A);
      case 'pressure_barg':
        return this.#pressure_barg(t_s) + noise / 10;
      case 'anodePressure_barg':
        return 0.5 * this.#pressure_barg(t_s) + 0.3 * wave(9);
      case 'h2InO2_vol_pct':
        return 1 + 0.6 * wave(13) + noise;
      case 'temperature_degC':
        return 50 + 8 * wave(31) + noise;
      case 'vent_on':
        return this.held('ventSet_on');
      default:
        return 2 + 0.1 * wave(7) * Number(channel[5]) + noise;
    }
  }

  #pressure_barg(t_s: number): number {
    const set = this.held('pressureSet_barg');
    return set + (this.#pressure.from - set) * Math.exp(-(t_s - this.#pressure.at_s) / TAU_S);
  }
}

/**
 * The instruments as one program sees them. When `isOver()`, that program is dead: it hears nothing more, and what it
 * writes reaches nobody.
 */
export function devicesOf(
  plant: ResumablePlant,
  clock: Clock,
  isOver: () => boolean,
): ReadonlyMap<string, Device> {
  const names = Object.keys(CHANNELS) as DeviceName[];
  return new Map(names.map(id => [id, deviceOf(id, plant, clock, isOver)]));
}

function deviceOf(id: DeviceName, plant: ResumablePlant, clock: Clock, isOver: () => boolean): Device {
  const channels = CHANNELS[id].map(
    (name): ChannelSpec => ({
      name,
      range: [-1e9, 1e9],
      accuracy: { reading_pct: 0, abs: 0.1, basis: 'default' },
    }),
  );
  const settables = SETTABLES[id].map((name): SettableSpec => ({ name, range: [-1e6, 1e6], tolerance: 0 }));
  const never = new Promise<never>(() => {});
  const write = (key: string, value: number): void => {
    if (plant.trouble(id, 'refuses') !== undefined)
      throw new DeviceError('refused', id, `${key} = ${value}: says no`);
    plant.set(key, value);
  };
  return {
    id,
    driver: 'test/resumable',
    channels,
    settables,
    onLoss: 'hold',
    safeList: SAFE_LIST[id],
    state: 'ready',
    connect: async () => {},
    read(): Promise<Frame> {
      if (isOver()) return never;
      const t_s = clock.now_s();
      if (plant.trouble(id, 'bad') !== undefined)
        return Promise.resolve(badFrame(id, t_s, channels.length, 'no answer'));
      const values = Float64Array.from(channels, ({ name }) => plant.measure(id, name));
      return Promise.resolve({
        device: id,
        t_s,
        values,
        quality: new Uint8Array(channels.length).fill(QUALITY.good),
      });
    },
    async write(key, value) {
      if (isOver()) return never;
      write(key, value);
    },
    readBack: async key => plant.held(key),
    cancelWrites: () => {},
    async safe() {
      if (isOver()) return never;
      const done: string[] = [];
      const failed: { key: string; reason: string }[] = [];
      for (const [key, value] of SAFE_LIST[id]) {
        try {
          write(key, value);
          done.push(key);
        } catch (error) {
          failed.push({ key, reason: String(error) });
        }
      }
      return { device: id, done, failed };
    },
    leaveAlone: () => {},
    armWatchdog: async timeout_s => timeout_s,
    onState: () => () => {},
    close: async () => {},
  };
}
