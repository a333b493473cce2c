import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** A word as a number with sign. */
export const signed = (value: number): number => (value << 16) >> 16;

/** Words and bits of the terminals that stand in a coupler. */
export interface Terminals {
  readonly ai: number;
  readonly ao: number;
  readonly di: number;
  readonly do: number;
}

/** The outputs of a coupler, each driven as it is set. */
export function outputsOf(ground: Ground, terminals: Terminals) {
  const ao = Array.from({ length: terminals.ao }, () => 0);
  const bits = Array.from({ length: terminals.do }, () => false);
  return {
    ao,
    bits,
    setAo(n: number, value: number): void {
      ao[n] = value;
      ground.drive(`ao${n}`, signed(value));
    },
    setBit(n: number, on: boolean): void {
      bits[n] = on;
      ground.drive(`do${n}`, Number(on));
    },
    allOff(): void {
      for (const n of ao.keys()) this.setAo(n, 0);
      for (const n of bits.keys()) this.setBit(n, false);
    },
  };
}

/**
 * WAGO 750 coupler (from memory): inputs from 0x0000, outputs written at 0x0000 and read at 0x0200, coils alike, series 750 at 0x2011 and item
 * at 0x2012, watchdog 0x1000 (x 100 ms, not while it runs), 0x1003 starts, 0x1006 status (0 off, 1 running, 2 expired), 0x1008
 * with 0x55AA stops it. Senses `ai0`.., `di0`..; drives `ao0`.., `do0`...
 */
export function wago(ground: Ground, plate: Terminals & { readonly item: number }): Make {
  const memory = new Memory();
  const outputs = outputsOf(ground, plate);
  const watchdog = { time: 100, masks: [0xffff, 0xffff], status: 0 };
  let last_s = ground.clock.now_s();
  const running = (): boolean => watchdog.status === 1;
  const take = (work: () => void): number | undefined => {
    if (watchdog.status === 2) return EXCEPTION.deviceFailure;
    work();
    return undefined;
  };
  for (let n = 0; n < plate.ai; n++) memory.word('input', n, () => Math.round(ground.sense(`ai${n}`)));
  for (let n = 0; n < plate.di; n++) memory.bit('discrete', n, () => ground.sense(`di${n}`) > 0.5);
  for (let n = 0; n < plate.ao; n++) {
    // Read at 0x0000 the same register shows an input.
    memory.word(
      'holding',
      n,
      () => (n < plate.ai ? Math.round(ground.sense(`ai${n}`)) : 0),
      value => take(() => outputs.setAo(n, value)),
    );
    memory.word('holding', 0x0200 + n, () => outputs.ao[n]);
  }
  for (let n = 0; n < plate.do; n++) {
    memory.bit(
      'coil',
      n,
      () => ground.sense(`di${n}`) > 0.5,
      on => take(() => outputs.setBit(n, on)),
    );
    memory.bit('coil', 0x0200 + n, () => outputs.bits[n]);
  }
  memory
    .word(
      'holding',
      0x1000,
      () => watchdog.time,
      value => {
        if (running()) return EXCEPTION.illegalValue;
        watchdog.time = value;
        return undefined;
      },
    )
    .word(
      'holding',
      0x1001,
      () => watchdog.masks[0],
      value => {
        watchdog.masks[0] = value;
        return undefined;
      },
    )
    .word(
      'holding',
      0x1002,
      () => watchdog.masks[1],
      value => {
        watchdog.masks[1] = value;
        return undefined;
      },
    )
    .word(
      'holding',
      0x1003,
      () => 0,
      value => {
        if (value !== 0 && watchdog.status !== 2) watchdog.status = 1;
        return undefined;
      },
    )
    .word('holding', 0x1006, () => watchdog.status)
    .word(
      'holding',
      0x1008,
      () => 0,
      value => {
        if (value === 0x55aa) watchdog.status = 0;
        return undefined;
      },
    )
    .word('holding', 0x2011, () => 750)
    .word('holding', 0x2012, () => plate.item);
  return {
    memory,
    heard() {
      last_s = ground.clock.now_s();
    },
    service(now_s) {
      if (!running() || now_s - last_s < watchdog.time / 10) return;
      watchdog.status = 2;
      outputs.allOff();
    },
  };
}
