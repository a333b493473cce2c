/**
 * Registers <-> numbers and texts. A register is 16 bit, big-endian on the wire (Modbus V1.1b3, 4.2); the order of the
 * registers of a longer value, and of the bytes in them, is the maker's choice.
 */

export const REGISTER_TYPES = [
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
] as const;
export type RegisterType = (typeof REGISTER_TYPES)[number];

/**
 * Bytes of a value in the order of the wire, A the highest: `ABCD` high word first (most makers), `CDAB` low word first,
 * `BADC` and `DCBA` the same with the bytes of each word swapped. A value of 64 bit likewise, word by word.
 */
export const BYTE_ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof BYTE_ORDERS)[number];

/** Registers that a value of this type takes. */
export function widthOf(type: RegisterType): 1 | 2 | 4 {
  return type.endsWith('16') ? 1 : type.endsWith('32') ? 2 : 4;
}

/** Least and greatest raw value of a type. */
export function rawRangeOf(type: RegisterType): readonly [low: number, high: number] {
  switch (type) {
    case 'float32':
      return [-3.4028234663852886e38, 3.4028234663852886e38];
    case 'float64':
      return [-Number.MAX_VALUE, Number.MAX_VALUE];
    case 'bcd16':
      return [0, 9999];
    case 'bcd32':
      return [0, 99_999_999];
    default: {
      const span = 2 ** (16 * widthOf(type));
      return type.startsWith('u') ? [0, span - 1] : [-span / 2, span / 2 - 1];
    }
  }
}

const view = new DataView(new ArrayBuffer(8));

const isLowFirst = (order: ByteOrder): boolean => order === 'CDAB' || order === 'DCBA';
const isSwapped = (order: ByteOrder): boolean => order === 'BADC' || order === 'DCBA';
const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8);

/** Raw value that starts at `at`; NaN where the registers end too early or hold no decimal digits (BCD). */
export function decodeRegisters(
  registers: readonly number[],
  at: number,
  type: RegisterType,
  order: ByteOrder = 'ABCD',
): number {
  const width = widthOf(type);
  if (at + width > registers.length) return Number.NaN;
  for (let i = 0; i < width; i++) {
    const word = registers[isLowFirst(order) ? at + width - 1 - i : at + i];
    view.setUint16(2 * i, isSwapped(order) ? swapped(word) : word);
  }
  switch (type) {
    case 'int16':
      return view.getInt16(0);
    case 'uint16':
      return view.getUint16(0);
    case 'int32':
      return view.getInt32(0);
    case 'uint32':
      return view.getUint32(0);
    case 'int64':
      return Number(view.getBigInt64(0));
    case 'uint64':
      return Number(view.getBigUint64(0));
    case 'float32':
      return view.getFloat32(0);
    case 'float64':
      return view.getFloat64(0);
    case 'bcd16':
    case 'bcd32': {
      const digits = view
        .getUint32(0)
        .toString(16)
        .padStart(8, '0')
        .slice(0, 4 * width);
      return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
    }
  }
}

/** Registers of a raw value, which must fit the type; integers are rounded. */
export function encodeRegisters(value: number, type: RegisterType, order: ByteOrder = 'ABCD'): number[] {
  const width = widthOf(type);
  if (type === 'float32') view.setFloat32(0, value);
  else if (type === 'float64') view.setFloat64(0, value);
  else if (width === 4) view.setBigUint64(0, BigInt.asUintN(64, BigInt(Math.round(value))));
  else if (type.startsWith('bcd')) {
    view.setUint32(
      0,
      Number.parseInt(
        String(Math.round(value))
          .padStart(4 * width, '0')
          .padEnd(8, '0'),
        16,
      ),
    );
  } else if (width === 1) view.setUint16(0, Math.round(value) & 0xffff);
  else view.setUint32(0, Math.round(value) >>> 0);
  const words = Array.from({ length: width }, (_, i) => view.getUint16(2 * i));
  if (isLowFirst(order)) words.reverse();
  return isSwapped(order) ? words.map(swapped) : words;
}

/** Text of two characters a register, up to the first NUL, without blanks at its ends. */
export function textOf(registers: readonly number[]): string {
  const bytes = registers.flatMap(word => [word >> 8, word & 0xff]);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end))).trim();
}

/** A straight line through two points: raw low -> eng low, raw high -> eng high. */
export interface Scaling {
  readonly raw: readonly [low: number, high: number];
  readonly eng: readonly [low: number, high: number];
}

/** Raw value -> value in the channel's unit. Not limited: what lies outside is for the channel's range to judge. */
export function toEng(raw: number, { raw: [r0, r1], eng: [e0, e1] }: Scaling): number {
  return e0 + ((raw - r0) * (e1 - e0)) / (r1 - r0);
}

/** Value in the channel's unit -> nearest raw value. */
export function toRaw(value: number, { raw: [r0, r1], eng: [e0, e1] }: Scaling): number {
  // + 0 turns a -0 into 0.
  return Math.round(r0 + ((value - e0) * (r1 - r0)) / (e1 - e0)) + 0;
}
