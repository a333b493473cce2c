import { DeviceError } from '../contract/errors.ts';

/**
 * What the data of a ProPar frame (propar-frame.ts) means: reads, writes and replies of Bronkhorst flow and pressure
 * instruments. Bytes <-> meaning, no line and no time.
 * Source: Bronkhorst document 9.17.027 (RS-232 interface) and Bronkhorst's open `bronkhorst-propar` 1.3.0.
 */

const COMMAND = { status: 0, write: 1, values: 2, request: 4 } as const;
const TYPE_MASK = 0x60;
const CHAINED = 0x80;

/** Type of a parameter. `u16` is the maker's "int16", which counts 0..65535; `float` is IEEE 754, high byte first. */
export type ProparType = 'u8' | 'u16' | 'float' | 'text';
const TYPE_BITS: Record<ProparType, number> = { u8: 0x00, u16: 0x20, float: 0x40, text: 0x60 };

/** One parameter of an instrument: process and number as in the maker's parameter list. */
export interface ProparParameter {
  readonly process: number;
  readonly number: number;
  readonly type: ProparType;
}

/** The parameters this project uses, by the maker's names (document 9.17.027, parameter list). */
export const PROPAR_PARAMETERS = {
  /** Measured value, 32000 = 100 % of capacity; see `measurePct`. */
  measure: { process: 1, number: 0, type: 'u16' },
  /** Setpoint, 32000 = 100 % of capacity. */
  setpoint: { process: 1, number: 1, type: 'u16' },
  /** What a controller follows (DDE 12); see `modeSlip` of the driver. */
  controlMode: { process: 1, number: 4, type: 'u8' },
  /** Value of 100 % in the instrument's own unit. */
  capacity: { process: 1, number: 13, type: 'float' },
  /** Name of the fluid that it is set to, e.g. "H2"; 10 characters, filled with blanks. */
  fluidName: { process: 1, number: 17, type: 'text' },
  /** Name of the instrument's own unit, e.g. "bar". */
  capacityUnit: { process: 1, number: 31, type: 'text' },
  /** Measured value in the instrument's own unit. */
  fMeasure: { process: 33, number: 0, type: 'float' },
  /** Setpoint in the instrument's own unit. */
  fSetpoint: { process: 33, number: 3, type: 'float' },
  /** Temperature of the normal state that the unit refers to, degC (DDE 245). */
  referenceTemperature: { process: 33, number: 10, type: 'float' },
  /** Absolute pressure of that state, mbar (DDE 246; the unit is recalled). */
  referencePressure: { process: 33, number: 11, type: 'float' },
  deviceType: { process: 113, number: 1, type: 'text' },
  serialNumber: { process: 113, number: 3, type: 'text' },
} as const satisfies Record<string, ProparParameter>;

/** What a reply says. `position` counts the data byte that the instrument objects to. */
export type ProparReply =
  | { readonly kind: 'values'; readonly values: readonly (number | string)[] }
  | { readonly kind: 'status'; readonly status: number; readonly position: number }
  | { readonly kind: 'protocolError'; readonly code: number };

const STATUS_TEXT: Record<number, string> = {
  0: 'ok',
  1: 'process claimed',
  2: 'command error',
  3: 'process error',
  4: 'parameter error',
  5: 'parameter type error',
  6: 'parameter value error',
  13: 'read only',
  17: 'write only',
  25: 'timeout on the bus',
};

/** The maker's status code in words. */
export function statusText(status: number): string {
  return STATUS_TEXT[status] ?? `status ${status}`;
}

/** Data of a request for one or several parameters of one node, in one frame. */
export function encodeRead(parameters: readonly ProparParameter[]): Uint8Array {
  const out: number[] = [COMMAND.request];
  eachChained(parameters, (parameter, processByte, numberByte) => {
    // The instrument repeats this first process and number in its reply; ours are the parameter's own.
    if (processByte !== undefined) out.push(processByte);
    out.push(numberByte, parameter.process, typed(parameter));
    // Length asked for; 0 = as long as it is, ended by NUL.
    if (parameter.type === 'text') out.push(0);
  });
  return Uint8Array.from(out);
}

/** Data of the answer to `encodeRead`: the same parameters with their values. */
export function encodeValues(
  parameters: readonly ProparParameter[],
  values: readonly (number | string)[],
): Uint8Array {
  return encodeWithValues(COMMAND.values, parameters, values);
}

/** Data of a write that the instrument acknowledges with a status. */
export function encodeWrite(parameter: ProparParameter, value: number | string): Uint8Array {
  return encodeWithValues(COMMAND.write, [parameter], [value]);
}

/** Data of a status answer. */
export function encodeStatus(status: number, position: number): Uint8Array {
  return Uint8Array.of(COMMAND.status, status, position);
}

/**
 * Meaning of a reply's data. `expected`: the parameters asked for (empty after a write).
 * Throws `garbled` if the reply is cut short, carries other parameters or other types than asked for.
 */
export function decodeReply(data: Uint8Array, expected: readonly ProparParameter[]): ProparReply {
  if (data.length === 1) return { kind: 'protocolError', code: data[0] };
  if (data[0] === COMMAND.status) {
    if (data.length !== 3) throw garbled(`status reply of ${data.length} bytes, expected 3`);
    return { kind: 'status', status: data[1], position: data[2] };
  }
  if (data[0] !== COMMAND.values) throw garbled(`unexpected command ${data[0]} in a reply`);
  const values: (number | string)[] = [];
  let at = 1;
  eachChained(expected, (parameter, processByte, numberByte) => {
    if (processByte !== undefined) expectByte(data, at++, processByte, 'process');
    expectByte(data, at++, numberByte, 'parameter');
    const { value, next } = readValue(data, at, parameter.type);
    values.push(value);
    at = next;
  });
  if (at !== data.length) throw garbled(`${data.length - at} bytes more than asked for`);
  return { kind: 'values', values };
}

/** Raw measure or setpoint (1/0, 1/1) in percent of capacity. Above 41942 the raw value is negative (two's complement). */
export function measurePct(raw: number): number {
  return (raw > 41942 ? raw - 65536 : raw) / 320;
}

/**
 * Walks parameters as ProPar chains them: one process byte per run of the same process (0x80: another run follows),
 * one number-and-type byte per parameter (0x80: another parameter of this run follows).
 */
function eachChained(
  parameters: readonly ProparParameter[],
  visit: (parameter: ProparParameter, processByte: number | undefined, numberByte: number, i: number) => void,
): void {
  parameters.forEach((parameter, i) => {
    const startsRun = i === 0 || parameters[i - 1].process !== parameter.process;
    let end = i + 1;
    while (end < parameters.length && parameters[end].process === parameter.process) end++;
    const runFollows = end < parameters.length;
    visit(
      parameter,
      startsRun ? parameter.process | (runFollows ? CHAINED : 0) : undefined,
      typed(parameter) | (end > i + 1 ? CHAINED : 0),
      i,
    );
  });
}

function typed(parameter: ProparParameter): number {
  return parameter.number | TYPE_BITS[parameter.type];
}

function encodeWithValues(
  command: number,
  parameters: readonly ProparParameter[],
  values: readonly (number | string)[],
): Uint8Array {
  const out: number[] = [command];
  eachChained(parameters, (parameter, processByte, numberByte, i) => {
    if (processByte !== undefined) out.push(processByte);
    out.push(numberByte, ...valueBytes(parameter, values[i]));
  });
  return Uint8Array.from(out);
}

function valueBytes(parameter: ProparParameter, value: number | string): number[] {
  const label = `parameter ${parameter.process}/${parameter.number}`;
  if (parameter.type === 'text') {
    const text = String(value);
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.includes(0) || bytes.toString('latin1') !== text)
      throw new DeviceError('range', 'propar', `${label}: text is not Latin-1`);
    return [0, ...bytes, 0];
  }
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new DeviceError('range', 'propar', `${label}: ${value}, expected a finite number`);
  if (parameter.type === 'float') {
    if (Math.abs(value) > 3.4028234663852886e38)
      throw new DeviceError('range', 'propar', `${label}: ${value} does not fit a 32-bit float`);
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    return [...bytes];
  }
  const max = parameter.type === 'u8' ? 0xff : 0xffff;
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new DeviceError('range', 'propar', `${label}: ${value}, expected a whole number 0..${max}`);
  return parameter.type === 'u8' ? [value] : [value >> 8, value & 0xff];
}

function readValue(data: Uint8Array, at: number, type: ProparType): { value: number | string; next: number } {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (type === 'text') {
    if (at >= data.length) throw garbled('reply cut short in a text');
    const length = data[at];
    const start = at + 1;
    // Length 0: the text goes on to its NUL.
    const nul = length === 0 ? bytes.indexOf(0, start) : -1;
    const end = length === 0 ? nul : start + length;
    if (end < start || end > data.length) throw garbled('reply cut short in a text');
    // A text of fixed length is filled up with NUL.
    const value = bytes.toString('latin1', start, end).replace(/\0+$/, '');
    return { value, next: length === 0 ? end + 1 : end };
  }
  const size = type === 'u8' ? 1 : type === 'u16' ? 2 : 4;
  if (at + size > data.length) throw garbled('reply cut short in a value');
  const value = type === 'u8' ? data[at] : type === 'u16' ? bytes.readUInt16BE(at) : bytes.readFloatBE(at);
  return { value, next: at + size };
}

function expectByte(data: Uint8Array, at: number, expected: number, what: string): void {
  if (at >= data.length) throw garbled(`reply cut short before a ${what}`);
  if (data[at] === expected) return;
  const name = (byte: number): string =>
    what === 'process' ? `${byte & ~CHAINED}` : `${byte & ~CHAINED & ~TYPE_MASK} of type ${byte & TYPE_MASK}`;
  throw garbled(`reply carries ${what} ${name(data[at])}, asked for ${name(expected)}`);
}

function garbled(message: string): DeviceError {
  return new DeviceError('garbled', 'propar', message);
}
