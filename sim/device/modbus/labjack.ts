import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** FIO0..7, EIO0..7, CIO0..3, MIO0..2. */
const DIO_LINES = 23;
const DIO_MASK = 2 ** DIO_LINES - 1;
/** What a unit might say (default). */
const FIRMWARE = 1.0292;
const ROOM_K = 298.15;

/**
 * LabJack T7 (registers of the maker's list): AIN0.. at 0, DAC0 and DAC1 at 1000, digital lines at 2000 on, whose read makes the
 * line an input, FIO_STATE at 2500 (8 lines in one register, recalled), DIO_STATE at 2800 and the directions at 2850 (1: output),
 * which do not; product, firmware, temperature (K) and serial number, the test values at 55100 and 55124, and the watchdog at
 * 61600: its settings are refused while it is on, and when nothing has come for its time the DACs go where it says. Senses `ain0`
 * and on, `dio`; drives `dac0`, `dac1`, `dio0` and on (a line that is an output).
 */
export function labjackT7(ground: Ground, plate: { readonly serial: number }): Make {
  const memory = new Memory();
  const dac = [0, 0];
  const watchdog = { on: 0, timeout_s: 0, dacOn: [0, 0], dac_V: [0, 0] };
  let last_s = ground.clock.now_s();
  const out = (n: number, value: number): void => {
    dac[n] = value;
    ground.drive(`dac${n}`, value);
  };
  const whileOff = (take: () => void): number | undefined => {
    if (watchdog.on === 1) return EXCEPTION.deviceFailure;
    take();
    return undefined;
  };
  const both = ['holding', 'input'] as const;
  for (let n = 0; n < 14; n++) {
    memory.float(both, 2 * n, () => {
      const value = ground.sense(`ain${n}`);
      return Number.isNaN(value) ? -9999 : value;
    });
  }
  for (const n of [0, 1]) {
    memory.float(
      both,
      1000 + 2 * n,
      () => dac[n],
      value => {
        if (!(value >= 0 && value <= 5)) return EXCEPTION.illegalValue;
        out(n, value);
        return undefined;
      },
    );
    memory.long(
      both,
      61640 + 10 * n,
      () => watchdog.dacOn[n],
      value => whileOff(() => (watchdog.dacOn[n] = value)),
    );
    memory.float(
      both,
      61642 + 10 * n,
      () => watchdog.dac_V[n],
      value => whileOff(() => (watchdog.dac_V[n] = value)),
    );
  }
  let direction = 0;
  let level = 0;
  /** The real level of all lines: what is driven, and what is felt elsewhere. */
  const lines = (): number => ((level & direction) | (ground.sense('dio') & ~direction)) & DIO_MASK;
  const driveAll = (): void => {
    for (let n = 0; n < DIO_LINES; n++) if (direction & (1 << n)) ground.drive(`dio${n}`, (level >> n) & 1);
  };
  for (let n = 0; n < DIO_LINES; n++) {
    const bit = 1 << n;
    memory.word(
      both,
      2000 + n,
      () => {
        direction &= ~bit;
        return (lines() >> n) & 1;
      },
      value => {
        if (value > 1) return EXCEPTION.illegalValue;
        level = value === 1 ? level | bit : level & ~bit;
        direction |= bit;
        ground.drive(`dio${n}`, value);
        return undefined;
      },
    );
  }
  memory
    .word(both, 2500, () => lines() & 0xff)
    .long(both, 2800, lines)
    .long(
      both,
      2850,
      () => direction,
      value => {
        direction = value & DIO_MASK;
        driveAll();
        return undefined;
      },
    )
    .long(both, 55100, () => 0x00112233)
    .float(both, 55124, () => -9999)
    .float(both, 60000, () => 7)
    .float(both, 60004, () => FIRMWARE)
    .float(both, 60052, () => ROOM_K)
    .long(both, 60028, () => plate.serial)
    .long(
      both,
      61600,
      () => watchdog.on,
      value => {
        watchdog.on = value;
        return undefined;
      },
    )
    .long(
      both,
      61604,
      () => watchdog.timeout_s,
      value => whileOff(() => (watchdog.timeout_s = value)),
    );
  return {
    memory,
    heard() {
      last_s = ground.clock.now_s();
    },
    service(now_s) {
      if (watchdog.on !== 1 || now_s - last_s < watchdog.timeout_s) return;
      for (const n of [0, 1])
        if (watchdog.dacOn[n] === 1 && dac[n] !== watchdog.dac_V[n]) out(n, watchdog.dac_V[n]);
    },
  };
}
