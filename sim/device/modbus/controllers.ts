import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** A loop without dynamics of its own: the plant behind it has them. */
interface Loop {
  setpoint: number;
  output: number;
}

/** Output of a proportional controller, pct. */
const proportional = (loop: Loop, temperature: number): number =>
  Number.isNaN(temperature) ? 0 : Math.min(100, Math.max(0, 5 * (loop.setpoint - temperature)));

/**
 * Eurotherm 2000 series: whole numbers with the decimals of the display at 1 PV, 2 target set point, 3 and 4 output (x10), 5
 * working set point, 24 and 25 the two set points that it keeps, of which it goes by the first, so that the target is that one;
 * 273 manual; floats at 0x8000 + 2 * address; 122 ident, 516 unit, 525 decimals (from memory). A broken sensor shows the top of its range. Senses `temperature`; drives `heater` (pct).
 */
export function eurotherm(
  ground: Ground,
  plate: { readonly decimals: number; readonly ident: number; readonly sensorMax: number },
): Make {
  const memory = new Memory();
  const loop: Loop = { setpoint: 20, output: 0 };
  let isManual = false;
  const counts = 10 ** plate.decimals;
  const felt = (): number => {
    const t = ground.sense('temperature');
    return Number.isNaN(t) ? plate.sensorMax : t;
  };
  const act = (): void => {
    if (!isManual) loop.output = proportional(loop, ground.sense('temperature'));
    ground.drive('heater', loop.output);
  };
  const signed = (value: number): number => (value << 16) >> 16;
  let second = 20;
  for (const address of [2, 24]) {
    memory.word(
      'holding',
      address,
      () => Math.round(counts * loop.setpoint),
      value => {
        loop.setpoint = signed(value) / counts;
        return undefined;
      },
    );
  }
  memory
    .word('holding', 1, () => Math.round(counts * felt()))
    .word(
      'holding',
      25,
      () => Math.round(counts * second),
      value => {
        second = signed(value) / counts;
        return undefined;
      },
    )
    .word(
      'holding',
      3,
      () => Math.round(10 * loop.output),
      value => {
        if (!isManual) return EXCEPTION.illegalValue;
        loop.output = signed(value) / 10;
        return undefined;
      },
    )
    .word('holding', 4, () => Math.round(10 * loop.output))
    .word('holding', 5, () => Math.round(counts * loop.setpoint))
    .word('holding', 122, () => plate.ident)
    .word(
      'holding',
      273,
      () => Number(isManual),
      value => {
        if (value > 1) return EXCEPTION.illegalValue;
        isManual = value === 1;
        return undefined;
      },
    )
    .word('holding', 516, () => 0)
    .word('holding', 525, () => plate.decimals)
    .float('holding', 0x8000 + 2, felt);
  return { memory, service: act, heard: act };
}

/**
 * Watlow EZ-ZONE: floats, low word first, PV at 360, output at 1904, set point at 2160, each zone 5000 further. Senses `temperature0`
 * and on; drives `heater0` and on (pct).
 */
export function watlow(
  ground: Ground,
  plate: { readonly zones: number; readonly isLowFirst?: boolean },
): Make {
  const memory = new Memory();
  const loops = Array.from({ length: plate.zones }, (): Loop => ({ setpoint: 20, output: 0 }));
  const isLowFirst = plate.isLowFirst ?? true;
  const act = (): void => {
    loops.forEach((loop, n) => {
      loop.output = proportional(loop, ground.sense(`temperature${n}`));
      ground.drive(`heater${n}`, loop.output);
    });
  };
  loops.forEach((loop, n) => {
    const at = 5000 * n;
    memory.float('holding', 360 + at, () => ground.sense(`temperature${n}`), undefined, isLowFirst);
    memory.float('holding', 1904 + at, () => loop.output, undefined, isLowFirst);
    memory.float(
      'holding',
      2160 + at,
      () => loop.setpoint,
      value => {
        if (!Number.isFinite(value)) return EXCEPTION.illegalValue;
        loop.setpoint = value;
        return undefined;
      },
      isLowFirst,
    );
  });
  return { memory, service: act, heard: act };
}

/** Given to the RAM set point it gives control back to the one of the EEPROM. */
const JUMO_GIVE_BACK = 200_001;

/**
 * Jumo dTRON: floats, low word first, PV at 0x0031, set point of the EEPROM at 0x0035, output at 0x0037, set point of the RAM at
 * 0x3200. Senses `temperature`; drives `heater` (pct).
 */
export function jumo(ground: Ground): Make {
  const memory = new Memory();
  let stored = 20;
  let ram: number | undefined;
  const loop: Loop = { setpoint: stored, output: 0 };
  const act = (): void => {
    loop.setpoint = ram ?? stored;
    loop.output = proportional(loop, ground.sense('temperature'));
    ground.drive('heater', loop.output);
  };
  memory
    .float('holding', 0x0031, () => ground.sense('temperature'), undefined, true)
    .float(
      'holding',
      0x0035,
      () => stored,
      value => {
        stored = value;
        return undefined;
      },
      true,
    )
    .float('holding', 0x0037, () => loop.output, undefined, true)
    .float(
      'holding',
      0x3200,
      () => ram ?? stored,
      value => {
        if (!Number.isFinite(value)) return EXCEPTION.illegalValue;
        ram = value === JUMO_GIVE_BACK ? undefined : value;
        return undefined;
      },
      true,
    );
  return { memory, service: act, heard: act };
}
