import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Messages of MKS G-series instruments on RS-485 (source: PyExpLabSys `mks_g_series.py`): `@@@`, three digits of the address,
 * the command, `;`, and the low byte of the sum of the last `@` and all behind it up to `;` as two hexadecimal digits. Answers go
 * to address 000 with `ACK` and a value, or `NAK` and a number; which instrument answers they do not say.
 */

/** A question or an order to one instrument. */
export interface MksAsk {
  /** 1..254; 254: whoever is alone on the line. */
  readonly address: number;
  /** `FX?`, `SX!25.0`. */
  readonly command: string;
  /** How its value looks: that is all that tells its answer from another's. */
  readonly answer: RegExp;
}

/** An answer. */
export interface MksAnswer {
  readonly to: string;
  readonly isTaken: boolean;
  readonly value: string;
}

const MASTER = '000';
/** No message is longer, characters. */
export const MKS_LONGEST = 64;
/** The checksum of a NAK is too high by this on real units, as the source has met it. */
const NAK_OFF = 9;
const MEANINGS: Readonly<Record<string, string>> = {
  '01': 'wrong checksum',
  '10': 'syntax',
  '11': 'length',
  '12': 'data',
  '13': 'mode',
  '14': 'mode or action',
  '15': 'gas',
  '16': 'control mode',
  '17': 'unknown command',
};

/** Low byte of the sum of the characters. */
export function mksSum(text: string): number {
  let sum = 0;
  for (const char of text) sum += char.charCodeAt(0);
  return sum & 0xff;
}
const hex = (byte: number): string => (byte & 0xff).toString(16).toUpperCase().padStart(2, '0');
const garbled = (text: string): DeviceError => new DeviceError('garbled', 'MKS', text);

/** @throws DeviceError `range` for what is no message */
export function encodeMks({ address, command }: Pick<MksAsk, 'address' | 'command'>): string {
  if (
    !(Number.isInteger(address) && address >= 1 && address <= 254) ||
    !/^[A-Z]{1,3}(\?|![A-Z0-9.]+)$/.test(command)
  )
    throw new DeviceError('range', 'MKS', `no message "${command}" to address ${address}`);
  const body = `@${String(address).padStart(3, '0')}${command};`;
  return `@@${body}${hex(mksSum(body))}`;
}

/** @throws DeviceError `garbled` for a wrong shape or checksum */
export function decodeMks(text: string): MksAnswer {
  const [, body, to, rest, sum = ''] =
    /^@*(@(\d{3})([\x20-\x3a\x3c-\x7e]*);)([0-9A-Fa-f]{2})$/.exec(text) ?? [];
  if (body === undefined) throw garbled(`no message: "${text.slice(0, 40)}"`);
  const isTaken = !rest.startsWith('NAK');
  const found = Number.parseInt(sum, 16);
  const right = mksSum(body);
  if (found !== right && (isTaken || found !== ((right + NAK_OFF) & 0xff))) throw garbled('wrong checksum');
  return { to, isTaken, value: rest.replace(/^(ACK|NAK)/, '').trim() };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const mksCodec: MessageCodec<MksAsk, MksAnswer> = {
  encode: asked => Buffer.from(encodeMks(asked), 'latin1'),
  noiseIn(received) {
    const at = received.indexOf(0x40);
    return at < 0 ? received.length : at;
  },
  lengthOf(received) {
    const end = received.indexOf(0x3b);
    return end < 0 || received.length < end + 3 ? 0 : end + 3;
  },
  decode: message => decodeMks(textOf(message)),
  // Our own question that a two-wire line returns.
  isAside: ({ to }) => to !== MASTER,
  fits: ({ answer }, { isTaken, value }) => !isTaken || answer.test(value),
  refusal: ({ command }, { isTaken, value }) =>
    isTaken ? undefined : `${command}: refused with ${value}, ${MEANINGS[value] ?? 'which is not explained'}`,
};
