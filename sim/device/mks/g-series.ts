import type { ByteSpeaker } from '../byte-instrument.ts';

/** A flow controller of the MKS G series on RS-485, written from the commands of a public program and its worked examples. */
export interface MksController {
  readonly address: number;
  serial: string;
  unit: string;
  /** 100 % in its unit. */
  fullScale: number;
  gas: string;
  /** In its unit. */
  flow(): number;
  setpoint(): number;
  set(value: number): void;
}

const ANYBODY = 254;
const sumOf = (text: string): number =>
  Buffer.from(text, 'latin1').reduce((sum, byte) => sum + byte, 0) % 256;
const hex = (byte: number): string => (byte % 256).toString(16).toUpperCase().padStart(2, '0');

/** The controllers as they answer on their line. */
export function mksLine(controllers: readonly MksController[]): ByteSpeaker {
  return {
    take(received) {
      const text = received.toString('latin1');
      const start = text.indexOf('@');
      if (start < 0) return { used: text.length };
      const end = text.indexOf(';');
      if (end < 0 || text.length < end + 3) return { used: start };
      const used = end + 3;
      const body = text.slice(text.lastIndexOf('@', end), end + 1);
      const [, address = '', command = '', argument] = /^@(\d{3})([A-Z]+)(\?|!.*);$/.exec(body) ?? [];
      const one = controllers.find(c => Number(address) === c.address || Number(address) === ANYBODY);
      if (one === undefined) return { used };
      const isRight = text.slice(end + 1, used).toUpperCase() === hex(sumOf(body));
      const answer = isRight ? answerOf(one, command, argument) : 'NAK01';
      const reply = `@000${answer};`;
      // As units in the field: the checksum of a NAK is 9 too high.
      const sum = sumOf(reply) + (answer.startsWith('NAK') ? 9 : 0);
      return { used, reply: Buffer.from(`@@${reply}${hex(sum)}`, 'latin1') };
    },
    damage: frame => frame.map((byte, i) => (i === frame.length - 1 ? (byte === 0x30 ? 0x31 : 0x30) : byte)),
  };
}

function answerOf(one: MksController, command: string, argument: string): string {
  const shown: Readonly<Record<string, () => string>> = {
    FX: () => one.flow().toFixed(4),
    SX: () => one.setpoint().toFixed(4),
    FS: () => one.fullScale.toFixed(3),
    U: () => one.unit,
    PG: () => one.gas,
    SN: () => one.serial,
    CA: () => String(one.address).padStart(3, '0'),
  };
  if (argument === '?') return Object.hasOwn(shown, command) ? `ACK${shown[command]()}` : 'NAK17';
  if (command !== 'SX') return 'NAK17';
  const value = argument.slice(1);
  if (!/^\d+(\.\d+)?$/.test(value) || Number(value) > one.fullScale * 1.0001) return 'NAK12';
  one.set(Number(value));
  return `ACK${value}`;
}
