import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/**
 * Keller series 30 pressure transmitter, class 5 group 20 (registers as KellerModbus reads them): process values P1 at 0x0100 and
 * TOB1 at 0x0102, P1 and TOB1 again at 0x0002 and 0x0008, serial number at 0x0202, class, group, year and week at 0x020E.
 * Senses `pressure` (bar) and `temperature`.
 */
export function keller(ground: Ground, plate: { readonly serial: number }): Make {
  const memory = new Memory();
  const pressure = (): number => ground.sense('pressure');
  const temperature = (): number => ground.sense('temperature');
  memory
    .float('holding', 0x0002, pressure)
    .float('holding', 0x0008, temperature)
    .float('holding', 0x0100, pressure)
    .float('holding', 0x0102, temperature)
    .long('holding', 0x0202, () => plate.serial)
    .word('holding', 0x020e, () => (5 << 8) | 20)
    .word('holding', 0x020f, () => (12 << 8) | 28);
  return { memory };
}

/** Range codes of ADAM-6015 and 6017 with the ends of their scale. */
/** Ends of what an input is set to, by its code, in the unit of the code. */
export const RANGES: Readonly<Record<number, readonly [number, number]>> = {
  [0x0103]: [-150, 150],
  [0x0104]: [-500, 500],
  [0x0140]: [-1, 1],
  [0x0142]: [-5, 5],
  [0x0143]: [-10, 10],
  [0x0147]: [0, 5],
  [0x0148]: [0, 10],
  [0x0180]: [4, 20],
  [0x0181]: [-20, 20],
  [0x0182]: [0, 20],
  [0x03a2]: [-200, 200],
  [0x03a4]: [-50, 150],
  [0x03a5]: [0, 100],
  [0x03a6]: [0, 200],
  [0x03a7]: [0, 400],
  [0x03e2]: [-40, 160],
};

/**
 * Advantech ADAM-6017: inputs at 0 and on, 0..65535 over the range of the code at 200 and on, module id at 210. Senses `ai0` and
 * on, in the unit of the code; what is beyond the range shows its end.
 */
export function adam6017(ground: Ground, plate: { readonly codes: readonly number[] }): Make {
  const memory = new Memory();
  const codes = [...plate.codes];
  codes.forEach((_, n) => {
    memory.word(['holding', 'input'], n, () => {
      const [low, high] = RANGES[codes[n]];
      const part = (ground.sense(`ai${n}`) - low) / (high - low);
      return Number.isNaN(part) ? 65535 : Math.round(65535 * Math.min(1, Math.max(0, part)));
    });
    memory.word(
      'holding',
      200 + n,
      () => codes[n],
      value => {
        if (RANGES[value] === undefined) return 3;
        codes[n] = value;
        return undefined;
      },
    );
  });
  memory.word('holding', 210, () => 0x6017);
  return { memory };
}

/** Advantech ADAM-6050 (from memory): inputs are coils 0 to 11, outputs 16 to 21. Senses `di0` and on; drives `do0` and on. */
export function adam6050(ground: Ground): Make {
  const memory = new Memory();
  const outputs = Array.from({ length: 6 }, () => false);
  for (let n = 0; n < 12; n++) memory.bit('coil', n, () => ground.sense(`di${n}`) > 0.5);
  outputs.forEach((_, n) => {
    memory.bit(
      'coil',
      16 + n,
      () => outputs[n],
      on => {
        outputs[n] = on;
        ground.drive(`do${n}`, Number(on));
        return undefined;
      },
    );
  });
  memory.word('holding', 210, () => 0x6050);
  return { memory };
}
