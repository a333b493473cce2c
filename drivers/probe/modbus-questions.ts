import { crc16 } from '../transport/modbus-crc.ts';

/**
 * Modbus questions about identity as bytes: read device identification (function 43, MEI type 14) and read holding
 * registers (function 3), on TCP and RTU. MODBUS Application Protocol V1.1b3, 6.3 and 6.21; Serial Line V1.02.
 */

/** How a PDU is put on the wire, and taken off again. */
export interface ModbusFraming {
  wrap(unit: number, pdu: readonly number[]): string;
  /** The PDU of a reply of that unit; undefined where it is none. */
  unwrap(unit: number, text: string): Uint8Array | undefined;
}

const latin1 = (bytes: readonly number[]): string => Buffer.from(bytes).toString('latin1');
const TRANSACTION = 0x4342;

/** Modbus TCP. */
export const MBAP: ModbusFraming = {
  wrap: (unit, pdu) => latin1([TRANSACTION >> 8, TRANSACTION & 0xff, 0, 0, 0, pdu.length + 1, unit, ...pdu]),
  unwrap(unit, text) {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length < 9 || bytes.readUInt16BE(0) !== TRANSACTION || bytes.readUInt16BE(2) !== 0)
      return undefined;
    const length = bytes.readUInt16BE(4);
    return bytes.length === 6 + length && bytes[6] === unit ? bytes.subarray(7) : undefined;
  },
};

/** Modbus RTU, on a serial line or through a gateway that passes it on. */
export const RTU: ModbusFraming = {
  wrap(unit, pdu) {
    const frame = [unit, ...pdu];
    const crc = crc16(Uint8Array.from(frame));
    return latin1([...frame, crc & 0xff, crc >> 8]);
  },
  unwrap(unit, text) {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length < 5 || bytes[0] !== unit) return undefined;
    const end = bytes.length - 2;
    return crc16(bytes.subarray(0, end)) === bytes.readUInt16LE(end) ? bytes.subarray(1, end) : undefined;
  },
};

const OBJECTS = ['maker', 'product', 'version', 'url', 'name', 'model', 'application'] as const;

/** Basic identification, as a stream from the first object on. */
export const READ_IDENTIFICATION = [0x2b, 0x0e, 0x01, 0x00] as const;

/** What the objects of a reply to `READ_IDENTIFICATION` say; undefined where it is none. */
export function identificationOf(pdu: Uint8Array): Readonly<Record<string, string>> | undefined {
  if (pdu[0] !== 0x2b || pdu[1] !== 0x0e || pdu.length < 7) return undefined;
  const found: Record<string, string> = {};
  let at = 7;
  for (let n = 0; n < pdu[6] && at + 2 <= pdu.length; n++) {
    const length = pdu[at + 1];
    const text = Buffer.from(pdu.subarray(at + 2, at + 2 + length)).toString('latin1');
    found[OBJECTS[pdu[at]] ?? `object ${pdu[at]}`] = text;
    at += 2 + length;
  }
  return found;
}

/** Read holding registers. */
export const readHolding = (address: number, count: number): readonly number[] =>
  readRegisters('holding', address, count);

const READ = { holding: 3, input: 4 } as const;

/** Read holding or input registers (functions 3 and 4). */
export const readRegisters = (
  table: 'input' | 'holding',
  address: number,
  count: number,
): readonly number[] => [READ[table], address >> 8, address & 0xff, count >> 8, count & 0xff];

/** Register bytes of a reply to `readHolding`; undefined for an exception or anything else. */
export function registersOf(pdu: Uint8Array, count: number): Buffer | undefined {
  if (pdu[0] !== 3 || pdu[1] !== 2 * count || pdu.length !== 2 + 2 * count) return undefined;
  return Buffer.from(pdu.subarray(2));
}

/** Words of a reply to `readRegisters`; undefined for an exception or anything else. */
export function wordsOf(pdu: Uint8Array, table: 'input' | 'holding', count: number): number[] | undefined {
  if (pdu[0] !== READ[table] || pdu[1] !== 2 * count || pdu.length !== 2 + 2 * count) return undefined;
  return Array.from({ length: count }, (_, i) => (pdu[2 + 2 * i] << 8) | pdu[3 + 2 * i]);
}

/** A reply of any kind, an exception too: there is a Modbus unit. */
export const isReplyTo = (pdu: Uint8Array, fn: number): boolean => pdu[0] === fn || pdu[0] === (fn | 0x80);
