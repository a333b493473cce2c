import { z } from 'zod';
import type { Clock } from '../../drivers/contract/clock.ts';
import { type Faults, freezable, NO_SENSOR, noFaults } from '../device/faults.ts';
import { type Make, modbusInstrument } from '../device/modbus/instrument.ts';
import { type TextSpeaker, textInstrument } from '../device/text-instrument.ts';
import { type Emulated, type EmulatorEntry, type EmulatorSite, HOST, onlyOne, withAddress } from './entry.ts';

export type { Make } from '../device/modbus/instrument.ts';
export { Memory } from '../device/modbus/memory.ts';
export type { TextSpeaker } from '../device/text-instrument.ts';

/** What an emulated instrument stands on: the plant behind its terminals. */
export interface Stand {
  readonly clock: Clock;
  /** What the plant shows at a channel of the driver; `alone` where no role puts one there. */
  sense(channel: string, alone: number): number;
  /** What a settable of the driver does to the plant; nothing where no role puts one there. */
  drive(settable: string, value: number): void;
}

/** Options that every instrument may have; the rest is as the bench file says it. */
const toldSchema = z.looseObject({
  baud: z.number().int().positive().optional(),
  unit: z.number().int().min(0).max(255).optional(),
});
/** What the bench file says to the driver. */
export type Told = z.output<typeof toldSchema>;

/** An emulator as its maker declares it: what it is like in a usual bench file, and how it behaves on its wire. */
export type EmulatorTable = {
  /** Options that the driver must be given, without the address. */
  readonly sample: Readonly<Record<string, unknown>>;
} & (
  | {
      /** Ends its answers; default LF. */
      readonly terminator?: string;
      /** An instrument that speaks lines; what it answers, and what it does by itself. */
      lines(stand: Stand, told: Told): Omit<TextSpeaker, 'terminator'>;
    }
  | {
      /** An instrument that speaks Modbus: its registers, and what it does by itself. */
      registers(stand: Stand, told: Told): Make;
    }
);

/**
 * Makes the emulator of a declared driver, so that `emulate`, `rehearse --wire` and the tests take it. Write it from the
 * maker's paper, not from the driver: what both have wrong nobody finds.
 */
export function defineEmulator(table: EmulatorTable): EmulatorEntry<Told> {
  return {
    options: toldSchema,
    sample: given => ({ ...table.sample, ...given }),
    open(devices, site) {
      const device = onlyOne(devices);
      const { options } = device;
      const wire = site.path === undefined ? { port: site.port } : { path: site.path };
      const at = { ...wire, ...(options.baud === undefined ? {} : { baud: options.baud }) };
      const faults = noFaults();
      const stand = standOf(device, site, faults);
      if ('lines' in table) {
        const { terminator = '\n' } = table;
        const speaker = { terminator, ...table.lines(stand, options) };
        const text = textInstrument(site, speaker, { ...at, faults });
        return withAddress(text, () => ({ host: HOST, port: text.port }));
      }
      const ground = {
        clock: stand.clock,
        sense: (name: string) => stand.sense(name, Number.NaN),
        drive: stand.drive,
      };
      const make = table.registers(stand, options);
      const { unit = 1 } = options;
      const modbus = modbusInstrument(make, ground, { unit, beforeReply: site.beforeReply, ...at });
      return withAddress(modbus, () => ({ host: HOST, port: modbus.port }));
    },
  };
}

function standOf({ roles }: Emulated<Told>, site: EmulatorSite, faults: Faults): Stand {
  const rig = freezable(site.rig, faults);
  return {
    clock: site.clock,
    sense(channel, alone) {
      const sensor = channel in roles ? rig.sensorIndex(roles[channel]) : NO_SENSOR;
      return sensor < 0 ? alone : rig.sensor(sensor);
    },
    drive(settable, value) {
      const actuator = settable in roles ? rig.actuatorIndex(roles[settable]) : NO_SENSOR;
      if (actuator >= 0) rig.set(actuator, value);
      if (settable === 'outputSet_on' && value === 0) site.onOutputOff?.();
    },
  };
}
