import type { z } from 'zod';
import type { Emulator, EmulatorEnv } from '../device/faults.ts';
import type { PlantRig } from '../plant/parts/model.ts';
import type { PlantRandom } from '../plant/parts/sensors.ts';

/** One device of a bench, as far as its emulator must know it. */
export interface Emulated<Options> {
  /** Name in the bench file. */
  readonly id: string;
  /** What its bench entry says to the driver. */
  readonly options: Options;
  /** Channel or settable of the device -> rig signal, array to array (`cell[].voltage_V` -> `cell.voltage_V[]`). */
  readonly roles: Readonly<Record<string, string>>;
  /** Folder of the bench file, for data files. */
  readonly baseDir: string;
}

/** Where an emulator is put up, and on which plant. */
export interface EmulatorSite extends EmulatorEnv {
  /** The plant itself, for what is no sensor of it. */
  readonly plant: Pick<PlantRig, 'impedance' | 'advanceTo'>;
  /** Chance of the instrument's own: what it errs by must not change what the plant does. */
  readonly random: PlantRandom;
  /** How many seconds of the plant pass in one second of the clock. */
  readonly timeFactor: number;
  /** The instrument's end of a serial line. Absent: it stands on TCP. */
  readonly path?: string;
  /** Port on 127.0.0.1 to listen on; 0: any free one. */
  readonly port: number;
  /** To be called as soon as an order to switch an output off has arrived. */
  readonly onOutputOff?: () => void;
}

/** Options of a device that lead to an instrument: `{ host, port }`, `{ path }`, `{ endpoint }`. */
export type WireAddress = Readonly<Record<string, string | number>>;

/** An instrument on its line. */
export interface EmulatedInstrument extends Emulator {
  /** After the first start. On a serial line it is the caller who knows the bench's end. */
  readonly address: WireAddress;
}

/** The emulator of one driver: a line of `registry.ts`. */
export interface EmulatorEntry<Options = unknown> {
  /** What it must know of the driver's options; the rest is the driver's business. */
  readonly options: z.ZodType<Options>;
  /** It stands on a serial line, never on TCP. */
  readonly isSerial?: true;
  /** What it is wired to; absent: whatever there is, or nothing. */
  readonly standsOn?: 'cell';
  /** A server that takes many clients: each device of the bench has one of its own here, at an address of its own. */
  readonly isServer?: true;
  /** What option `family` may be, where one driver has many. Absent: it has none. */
  readonly families?: readonly string[];
  /** What a bench file would say of a usual one, with what is given of it; addresses left out. */
  sample(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /**
   * Makes the instrument, not on its line yet, with every device of the bench that stands at its address (outputs of one
   * supply, units on one line). Throws where there cannot be so many.
   */
  open(devices: readonly Emulated<Options>[], site: EmulatorSite): EmulatedInstrument;
}

/** The one device of an instrument that is one device. Throws with the name of a second one. */
export function onlyOne<Options>(devices: readonly Emulated<Options>[]): Emulated<Options> {
  const [one, second] = devices;
  if (second === undefined) return one;
  throw new Error(`${second.id}: has the address of ${one.id}, expected one of its own`);
}

/** The emulator with its address; getters of the emulator stay what they are. */
export function withAddress(emulator: Emulator, address: () => WireAddress): EmulatedInstrument {
  return {
    faults: emulator.faults,
    ...(emulator.upsets === undefined ? {} : { upsets: emulator.upsets }),
    start: () => emulator.start(),
    stop: () => emulator.stop(),
    end: () => emulator.end(),
    get address() {
      return address();
    },
  };
}

/** On the network of this machine. */
export const HOST = '127.0.0.1';
