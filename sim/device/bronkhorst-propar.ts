import {
  deliver,
  type Emulator,
  type EmulatorEnv,
  freezable,
  noFaults,
  outputBehind,
  readingOf,
  sensorBehind,
} from './faults.ts';
import {
  answerData,
  encodePropar,
  type ParameterType,
  type ProparMessage,
  parseRequests,
  parseWrites,
  TYPE,
  takePropar,
} from './propar-codec.ts';
import { serialLine } from './serial-line.ts';

/** One instrument on the bus: a meter, or with `set` a controller. */
export interface ProparInstrument {
  /** Node address, 1..128. */
  readonly node: number;
  /** Rig signal that it measures, in its unit; absent: nothing stands behind its sensor. */
  readonly signal?: string | undefined;
  /** It has a set-point, and which rig actuator that drives, if any. */
  readonly set?: {
    readonly signal: string | undefined;
    /** Control mode at switching on (1/4). Absent: 0, it follows the bus. */
    readonly mode?: number;
  };
  /** Value of 100 %, in its unit. */
  readonly capacity: number;
  /** At most 7 characters, as shown at 1/31. */
  readonly unit: string;
  /** At most 10 characters, as shown at 1/17. Absent: it knows none, and has no such parameter. */
  readonly fluid?: string;
  /** State that its litres refer to, as told at 33/10 (degC) and 33/11 (mbar). Absent: an older one without these. */
  readonly reference?: { readonly temperature_degC: number; readonly pressure_mbar: number } | undefined;
  readonly type: string;
  readonly serial: string;
}

/** Status codes (Bronkhorst 9.17.027). */
const STATUS = { ok: 0, command: 2, process: 3, parameter: 4, type: 5, value: 6, readOnly: 13 } as const;
/** One-byte reply to a message that cannot be taken apart. */
const PROTOCOL_ERROR = 4;
/** 100 % as an integer; measures run from -73.7 % (above 41942) to 131 %. */
const FULL_SCALE = 32000;
const MEASURE_MAX = 41942;
const MEASURE_MIN = -23593;
/** Any instrument that the line is plugged into answers to this node. */
const NODE_ANY = 0x80;

/** Control modes (1/4) that do something of their own here; in all others the valve stays where it is. */
const MODE = { bus: 0, close: 3, full: 7, purge: 8, zero: 12, serial: 18 } as const;
const MODE_MAX = 255;

interface Parameter {
  readonly type: ParameterType;
  readonly read: () => Uint8Array;
  /** Absent: read only. Answers a status code. */
  readonly write?: (value: Uint8Array) => number;
}

/**
 * Bronkhorst instruments on one serial line (ProPar, binary and ASCII). Nodes that are not there do not answer.
 * Set-points hold when the line falls silent: these instruments have no watchdog.
 */
export function bronkhorstPropar(
  env: EmulatorEnv,
  options: {
    readonly path: string;
    readonly baud?: number | undefined;
    readonly instruments: readonly ProparInstrument[];
  },
): Emulator {
  const faults = noFaults();
  const shown = { ...env, rig: freezable(env.rig, faults) };
  const nodes = new Map(options.instruments.map(i => [i.node, parameterTable(shown, i)]));
  const first = options.instruments[0]?.node;
  let buffer: Buffer = Buffer.alloc(0);

  const onData = (chunk: Buffer): void => {
    if (faults.silence) {
      buffer = Buffer.alloc(0);
      return;
    }
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const taken = takePropar(buffer);
      if (taken.kind === 'incomplete') return;
      if (taken.kind === 'garbled') {
        buffer = buffer.subarray(taken.skip);
        continue;
      }
      buffer = buffer.subarray(taken.length);
      const { message } = taken;
      const table = nodes.get(message.node === NODE_ANY ? first : message.node);
      if (table === undefined) continue;
      env.beforeReply?.();
      const data = answerMessage(table, message.data);
      if (data === undefined) continue;
      deliver(encodePropar({ ...message, data }), {
        env,
        faults,
        corrupt: frame => damageLength(frame, { ...message, data }),
        send: frame => line.send(frame),
      });
    }
  };

  const line = serialLine({ path: options.path, baud: options.baud ?? 38400, onData });
  return { faults, start: () => line.open(), stop: () => line.close(), end: () => line.close() };
}

type ParameterTable = ReadonlyMap<string, Parameter>;

/** Data of the reply, or undefined where the protocol asks for none. */
function answerMessage(table: ParameterTable, data: Uint8Array): Uint8Array | undefined {
  switch (data[0]) {
    case 1:
    case 2:
    case 3: {
      const result = carryOut(table, data);
      return data[0] === 1 ? result : undefined;
    }
    case 4:
      return answerRequests(table, data);
    default:
      return Uint8Array.of(0, STATUS.command, 0);
  }
}

function carryOut(table: ParameterTable, data: Uint8Array): Uint8Array {
  const writes = parseWrites(data);
  if (writes === undefined) return Uint8Array.of(PROTOCOL_ERROR);
  for (const { process, parameter, type, value, position } of writes) {
    const entry = table.get(`${process}/${parameter}`);
    if (entry === undefined) return Uint8Array.of(0, missing(table, process), position);
    if (entry.type !== type) return Uint8Array.of(0, STATUS.type, position);
    const status = entry.write === undefined ? STATUS.readOnly : entry.write(value);
    if (status !== STATUS.ok) return Uint8Array.of(0, status, position);
  }
  return Uint8Array.of(0, STATUS.ok, data.length);
}

function answerRequests(table: ParameterTable, data: Uint8Array): Uint8Array {
  const requests = parseRequests(data);
  if (requests === undefined) return Uint8Array.of(PROTOCOL_ERROR);
  const values: Uint8Array[] = [];
  for (const { process, parameter, type, textLength, position } of requests) {
    const entry = table.get(`${process}/${parameter}`);
    if (entry === undefined) return Uint8Array.of(0, missing(table, process), position);
    if (entry.type !== type) return Uint8Array.of(0, STATUS.type, position);
    values.push(type === TYPE.text ? padded(entry.read(), textLength) : entry.read());
  }
  return answerData(requests, values);
}

function missing(table: ParameterTable, process: number): number {
  for (const key of table.keys()) if (key.startsWith(`${process}/`)) return STATUS.parameter;
  return STATUS.process;
}

function parameterTable(env: EmulatorEnv, instrument: ProparInstrument): ParameterTable {
  const { rig } = env;
  const { capacity } = instrument;
  const sensor = sensorBehind(rig, 'bronkhorst-propar', instrument.signal);
  const per = shownPerNormal(instrument.reference);
  const reading = (): number => per * readingOf(rig, sensor);
  const table = new Map<string, Parameter>([
    ['0/1', { type: TYPE.u8, read: () => Uint8Array.of(instrument.node) }],
    ['1/0', { type: TYPE.u16, read: () => measureWord(reading() / capacity) }],
    ['1/13', { type: TYPE.long, read: () => float(capacity) }],
    ['1/31', { type: TYPE.text, read: () => text(instrument.unit) }],
    ['33/0', { type: TYPE.long, read: () => float(reading()) }],
    ['113/1', { type: TYPE.text, read: () => text(instrument.type) }],
    ['113/3', { type: TYPE.text, read: () => text(instrument.serial) }],
  ]);
  const { fluid, reference } = instrument;
  if (reference !== undefined) {
    table.set('33/10', { type: TYPE.long, read: () => float(reference.temperature_degC) });
    table.set('33/11', { type: TYPE.long, read: () => float(reference.pressure_mbar) });
  }
  if (fluid !== undefined) table.set('1/17', { type: TYPE.text, read: () => text(fluid.padEnd(10)) });
  if (instrument.set === undefined) return table;

  const output = outputBehind(rig, 'bronkhorst-propar', instrument.set.signal);
  // The set-point is a register of the instrument, kept as a 4-byte float: what is read back is what was written.
  let setPoint = Math.fround(per * output.get());
  let mode = instrument.set.mode ?? MODE.bus;
  // In any other mode the set-point is kept and read back as ever, and nothing follows it.
  const follow = (): void => {
    if (mode === MODE.bus || mode === MODE.serial) output.set(setPoint / per);
    else if (mode === MODE.close || mode === MODE.zero) output.set(0);
    else if (mode === MODE.purge || mode === MODE.full) output.set(capacity / per);
  };
  const set = (value: number): number => {
    if (!(value >= 0 && value <= capacity)) return STATUS.value;
    setPoint = value;
    follow();
    return STATUS.ok;
  };
  table.set('1/4', {
    type: TYPE.u8,
    read: () => Uint8Array.of(mode),
    write([value]) {
      if (value > MODE_MAX) return STATUS.value;
      mode = value;
      follow();
      return STATUS.ok;
    },
  });
  table.set('1/1', {
    type: TYPE.u16,
    read: () => word(Math.round((setPoint / capacity) * FULL_SCALE)),
    write: value => set(((value[0] * 256 + value[1]) / FULL_SCALE) * capacity),
  });
  table.set('33/3', {
    type: TYPE.long,
    read: () => float(setPoint),
    write: value => set(new DataView(value.buffer, value.byteOffset, 4).getFloat32(0)),
  });
  return table;
}

/** What it shows for a normal litre of the plant (0 degC, 1013.25 mbar): warmer or thinner litres are more of them. */
function shownPerNormal(reference: ProparInstrument['reference']): number {
  if (reference === undefined) return 1;
  const { temperature_degC, pressure_mbar } = reference;
  return ((temperature_degC + 273.15) / 273.15) * (1013.25 / pressure_mbar);
}

function measureWord(share: number): Uint8Array {
  const raw = Math.round(share * FULL_SCALE);
  return word(Number.isNaN(raw) ? MEASURE_MIN : Math.min(MEASURE_MAX, Math.max(MEASURE_MIN, raw)));
}

function word(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value);
  return bytes;
}

function text(value: string): Uint8Array {
  return Uint8Array.from(value, char => char.charCodeAt(0) & 0xff);
}

/** Text in the length that was asked for, filled with blanks; 0 = as long as it is. */
function padded(value: Uint8Array, length: number): Uint8Array {
  if (length === 0) return value;
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set(value.subarray(0, length));
  return bytes;
}

/** ProPar has no checksum: a length that does not fit is what a careful reader can notice. */
function damageLength(frame: Uint8Array, message: ProparMessage): Uint8Array {
  const damaged = Uint8Array.from(frame);
  // Behind the start (2), the sequence and the node; each is doubled where it is 0x10.
  const at = message.sequence < 0 ? 2 : 4 + doubled(message.sequence) + doubled(message.node);
  damaged[at] = damaged[at] === 0x31 ? 0x32 : 0x31;
  return damaged;
}

function doubled(byte: number): number {
  return byte === 0x10 ? 1 : 0;
}
