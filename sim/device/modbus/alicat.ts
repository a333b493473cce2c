import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** Input and holding registers are the same ones; the manual numbers them from 1. */
const BOTH = ['holding', 'input'] as const;

/**
 * Alicat mass flow controller, written from the manual of February 2023 as transcribed: command 1000/1001, set point 1010, gas
 * 1200, status 1201-1202, gains of the loop at addresses 1119, 1121, 1123, pressure 1203, temperature 1205, volume flow 1207, mass flow 1209. Senses `flow` (part of full
 * scale), `pressure` (its own unit), `temperature`; drives `flow`. It keeps its set point whatever the line does. Newer firmware
 * has the codes of its units at addresses 1673 (pressure) and 1733 (mass flow), as public drivers read them; 7 is SLPM, 37 NLPM.
 */
export function alicat(
  ground: Ground,
  plate: {
    readonly gas: number;
    readonly fullScale: number;
    /** Absent: firmware without them. */
    readonly units?: { readonly flow: number; readonly pressure: number };
  },
): Make {
  const memory = new Memory();
  let setpoint = 0;
  let gas = plate.gas;
  let result = 0;
  let argument = 0;
  const inManual = (number: number): number => number - 1;
  const flow = (): number => ground.sense('flow');
  // Gains of its loop, P, I, D: addresses as a public driver reads them; whole numbers of 32 bit (default), as what they are at first.
  for (const [n, first] of [100, 0, 5000].entries()) {
    let gain = first;
    memory.long(
      'holding',
      1119 + 2 * n,
      () => gain,
      value => {
        if (value > 0xffff) return EXCEPTION.illegalValue;
        gain = value;
        return undefined;
      },
    );
  }
  memory
    .word(
      'holding',
      inManual(1000),
      () => 0,
      command => {
        // 1 chooses a gas; others are not emulated and are refused as the manual says.
        if (command === 1 && argument <= 29) gas = argument;
        result = command === 1 && argument <= 29 ? 0 : 32769;
        return undefined;
      },
    )
    .word(
      'holding',
      inManual(1001),
      () => result,
      value => {
        argument = value;
        return undefined;
      },
    )
    .float(
      'holding',
      inManual(1010),
      () => setpoint,
      value => {
        if (!(value >= 0 && value <= 1.02 * plate.fullScale)) return EXCEPTION.illegalValue;
        setpoint = value;
        ground.drive('flow', value);
        return undefined;
      },
    )
    .word(BOTH, inManual(1200), () => gas)
    // Mass flow over the range is the first of the status bits.
    .long(BOTH, inManual(1201), () => Number(flow() > 1.28 * plate.fullScale))
    .float(BOTH, inManual(1203), () => ground.sense('pressure'))
    .float(BOTH, inManual(1205), () => ground.sense('temperature'))
    .float(BOTH, inManual(1207), flow)
    .float(BOTH, inManual(1209), flow);
  const { units } = plate;
  if (units !== undefined)
    memory.long('holding', 1673, () => units.pressure).long('holding', 1733, () => units.flow);
  return { memory };
}

const FLOW_UNITS: Readonly<Record<string, number>> = { SLPM: 7, SCCM: 12, NLPM: 37, NCCM: 42 };
const PRESSURE_UNITS: Readonly<Record<string, number>> = { kPa: 4, mbar: 6, bar: 7, PSI: 10, atm: 22 };

/** Codes of its units by their words; NLPM and bar where they are not said. */
export function unitCodes(flow: unknown, pressure: unknown): { flow: number; pressure: number } {
  return { flow: FLOW_UNITS[String(flow)] ?? 37, pressure: PRESSURE_UNITS[String(pressure)] ?? 7 };
}
