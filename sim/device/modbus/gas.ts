import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** Texts fill their registers with NUL, two characters each. */
function text(memory: Memory, address: number, registers: number, value: string): void {
  for (let n = 0; n < registers; n++) {
    const at = (i: number): number => value.charCodeAt(2 * n + i) || 0;
    memory.word('holding', address + n, () => (at(0) << 8) | at(1));
  }
}

/** What stands on the plate of a flow controller. */
export interface FlowPlate {
  readonly unit: string;
  readonly fluid: string;
  /** Value of 100 % in its unit. */
  readonly capacity: number;
}

/** A set value that is kept, and refused beyond the range. */
function setPoint(ground: Ground, capacity: number): [() => number, (value: number) => number | undefined] {
  let kept = 0;
  const take = (value: number): number | undefined => {
    if (!(value >= 0 && value <= Math.fround(1.0001 * capacity))) return EXCEPTION.illegalValue;
    kept = value;
    ground.drive('flow', value);
    return undefined;
  };
  return [() => kept, take];
}

/**
 * Bronkhorst over Modbus RTU (9.17.035): floats and texts at 0x8000 + 256 * process + 8 * parameter: fMeasure 33/0, fSetpoint 33/3,
 * capacity 1/13, fluid 1/17, unit 1/31, reference state 33/10 and 33/11. Senses and drives `flow`.
 */
export function bronkhorstModbus(
  ground: Ground,
  plate: FlowPlate & { readonly reference: readonly [temperature_degC: number, pressure_mbar: number] },
): Make {
  const memory = new Memory();
  const at = (process: number, parameter: number): number => 0x8000 + 256 * process + 8 * parameter;
  memory
    .float('holding', at(33, 0), () => ground.sense('flow'))
    .float('holding', at(33, 3), ...setPoint(ground, plate.capacity))
    .float('holding', at(1, 13), () => plate.capacity)
    .float('holding', at(33, 10), () => plate.reference[0])
    .float('holding', at(33, 11), () => plate.reference[1])
    // Control mode 1/4 at 32 * process + parameter: the bus.
    .word('holding', 0x24, () => 0);
  text(memory, at(1, 17), 5, plate.fluid);
  text(memory, at(1, 31), 4, plate.unit);
  return { memory };
}

/** Voegtlin red-y smart: flow 0, gas temperature 2, set point 6, range 0x6020, fluid 0x6042, unit 0x6046. */
export function redY(ground: Ground, plate: FlowPlate): Make {
  const memory = new Memory();
  memory
    .float('holding', 0x0000, () => ground.sense('flow'))
    .float('holding', 0x0002, () => ground.sense('temperature'))
    .float('holding', 0x0006, ...setPoint(ground, plate.capacity))
    .float('holding', 0x6020, () => plate.capacity);
  text(memory, 0x6042, 4, plate.fluid);
  text(memory, 0x6046, 4, plate.unit);
  return { memory };
}

/**
 * Crowcon XgardIQ: 99 state of the sensor (3 is ready), 301 content, 303 status (3 is a fault), 304 and 305 alarms. A broken
 * sensor is a fault and shows no number. Senses `content` (its own unit), `sensorState` and `sensorFault` (that number at 99 and 303).
 */
export function xgardIq(ground: Ground, plate: { readonly alarmAt: number }): Make {
  const memory = new Memory();
  const content = (): number => ground.sense('content');
  const isBroken = (): boolean => Number.isNaN(content());
  memory
    .word('holding', 99, () => ground.sense('sensorState') || (isBroken() ? 1 : 3))
    .float('holding', 301, content)
    .word('holding', 303, () => ground.sense('sensorFault') || (isBroken() ? 3 : 0))
    .word('holding', 304, () => Number(content() >= plate.alarmAt))
    .word('holding', 305, () => Number(content() >= 2 * plate.alarmAt));
  return { memory };
}

/** Transmitters of single floats: the register of each sense. */
export function floats(ground: Ground, senses: Readonly<Record<number, string>>): Make {
  const memory = new Memory();
  for (const [address, sense] of Object.entries(senses))
    memory.float('holding', Number(address), () => ground.sense(sense));
  return { memory };
}

/** Crowcon Xgard Bright: content at 1000. */
export const xgardBright = (ground: Ground): Make => floats(ground, { 1000: 'content' });
/** Michell Easidew: dew point at 101, moisture at 103. */
export const easidew = (ground: Ground): Make => floats(ground, { 101: 'dewPoint', 103: 'moisture' });
/** CS FA 510: temperature at 1000, dew point at 1006, the same at atmospheric pressure at 1022. */
export const fa510 = (ground: Ground): Make =>
  floats(ground, { 1000: 'temperature', 1006: 'dewPoint', 1022: 'atmospheric' });
