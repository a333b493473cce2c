import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { decodePackage, decodeTwice } from '../../drivers/protocol/method-script/package.ts';
import {
  BYTE_ORDERS,
  decodeRegisters,
  encodeRegisters,
  REGISTER_TYPES,
} from '../../drivers/protocol/modbus-registers.ts';
import { decodeReply, encodeRead, PROPAR_PARAMETERS } from '../../drivers/protocol/propar.ts';
import { encodeFrame, ProparParser } from '../../drivers/protocol/propar-frame.ts';
import { errorOf, fieldsOf, numberIn, switchOf } from '../../drivers/protocol/scpi.ts';
import { ModbusTcpPort } from '../../drivers/transport/modbus-tcp-port.ts';
import { numbersOf, numberType, rawOf } from '../../drivers/transport/opcua/values.ts';
import { ModbusRtuPort } from '../../drivers/transport/rtu/port.ts';
import { RtuTcpPort } from '../../drivers/transport/rtu-tcp/port.ts';
import { supplyRegisters } from '../../sim/device/ea/registers.ts';
import { supplyScpi } from '../../sim/device/ea/scpi.ts';
import { supplyState } from '../../sim/device/ea/state.ts';
import {
  crc16,
  encodeMbap,
  encodeRtu,
  parseRequest,
  takeMbap,
  takeRtuRequest,
} from '../../sim/device/modbus-codec.ts';
import { LoadError, ScriptReader } from '../../sim/device/palmsens/parse.ts';
import { parseRequests, parseWrites, takePropar } from '../../sim/device/propar-codec.ts';
import { DIALECTS, type DialectName } from '../../sim/device/scpi/dialects.ts';
import { scpiState } from '../../sim/device/scpi/state.ts';
import { bareRig } from '../drivers/ea/bare-rig.ts';

/**
 * Random and mutated frames through every codec of the drivers and every parser of the emulators:
 * `npm run fuzz:frames -- --n 1000000 --seed 1`. Last line: JSON. A crash is any error but those that the codec declares; a
 * hang more than `HANG_MS` for one frame; wrong is a damaged frame whose value is accepted as good, or a set value out of
 * range that an emulator takes. Exit code 1 where anything was found.
 */

const { values: asked } = parseArgs({
  options: { n: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const n = Number(asked.n);
const seed = Number(asked.seed);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(seed)))
  throw new Error(`--n ${asked.n} --seed ${asked.seed}: expected whole numbers`);

const HANG_MS = 500;
const random = seededRandom(seed);
const below = (most: number): number => Math.floor(random.uniform() * most);
const one = <T>(list: readonly T[]): T => list[below(list.length)];
const bytes = (most: number): Buffer => Buffer.from(Array.from({ length: below(most) }, () => below(256)));

/** As it is, or one to four changes: a bit, a byte, a piece out, in or doubled. */
function mutated(frame: Uint8Array): Buffer {
  let result: Buffer = Buffer.from(frame);
  for (let i = below(5); i > 0; i--) {
    const at = below(result.length + 1);
    const kind = below(6);
    if (kind === 0 && at < result.length) result[at] ^= 1 << below(8);
    else if (kind === 1 && at < result.length) result[at] = below(256);
    else if (kind === 2) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + below(4))]);
    else if (kind === 3) result = Buffer.concat([result.subarray(0, at), bytes(5), result.subarray(at)]);
    else if (kind === 4) result = Buffer.concat([result.subarray(0, at), result]);
    else result = result.subarray(0, at);
  }
  return result;
}
const mutatedText = (text: string): string => mutated(Buffer.from(text, 'latin1')).toString('latin1');
/** In pieces, as a stream brings it. */
function inPieces(frame: Buffer, take: (piece: Buffer) => void): void {
  for (let at = 0; at < frame.length; ) {
    const end = below(3) === 0 ? at + 1 + below(frame.length - at) : frame.length;
    take(frame.subarray(at, end));
    at = end;
  }
}

const seen = { accepted: 0, refused: 0 };
function must(holds: boolean, text: () => string): void {
  if (!holds) throw new WrongError(text());
}
class WrongError extends Error {}

/** A socket that only receives what it is given. */
class Wire extends EventEmitter {
  readyState = 'open';
  write(): boolean {
    return true;
  }
}

const ANSWERS = [
  '12.345',
  '+1.23450E+01',
  '-0.5 A',
  '9.91E37',
  '1.2V',
  'ON',
  'OFF',
  '0,"No error"',
  '-222,"Data out of range"',
  'KEYSIGHT,N5767A,0042,A.01',
  '1.234mV',
  '0,None',
  '3.3E-3 KW',
  'INF',
  'NAN',
  '0x1F',
  '1e400',
  '--1',
  '',
  ' ',
];
function scpiAnswer(): void {
  const text = below(4) === 0 ? bytes(30).toString('latin1') : mutatedText(one(ANSWERS));
  const unit = one(['V', 'A', 'W', 's']);
  const value = numberIn(text, unit);
  fieldsOf(text);
  errorOf(text);
  const on = switchOf(text);
  must(
    on === undefined || /^\s*(ON|OFF|\+?[01])\s*$/i.test(text),
    () => `switch ${on} of ${JSON.stringify(text)}`,
  );
  if (value === undefined || Number.isNaN(value)) {
    seen.refused++;
    return;
  }
  seen.accepted++;
  // Another reading of the same text: the digits before the unit, and the unit's prefix.
  const [, head, tail] = /^\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text) ?? [];
  const factor =
    { '': 1, [unit]: 1, [`M${unit}`]: 1e-3, [`K${unit}`]: 1e3, [`U${unit}`]: 1e-6 }[
      tail?.toUpperCase() ?? '?'
    ] ?? (tail?.toUpperCase() === unit.toUpperCase() ? 1 : Number.NaN);
  must(
    Number.isFinite(value) && Math.abs(value - Number(head) * factor) <= 1e-12 * Math.abs(value),
    () => `${value} of ${JSON.stringify(text)} as ${unit}`,
  );
}

const VARIABLES = ['da8030D40 ,14,20B', 'ba7FA4A6Cn,10,20E', 'ab8000000 ', 'ba     nan,11', 'cc80186A0m'];
function methodScriptPackage(): void {
  const own = [one(VARIABLES), one(VARIABLES)].slice(0, 1 + below(2));
  const line = `P${['ja8000007 ', ...own, ...own].join(';')}`;
  const before = decodeTwice(line);
  must(before !== undefined, () => `refused: ${line}`);
  const text = below(5) === 0 ? bytes(60).toString('latin1') : mutatedText(line);
  decodePackage(text);
  const after = decodeTwice(text);
  if (after === undefined) {
    seen.refused++;
    return;
  }
  seen.accepted++;
  // One that was damaged in one place cannot still say the same thing twice, and something else.
  if (after.values.length !== own.length || text.length !== line.length) return;
  const places = [...text].filter((c, i) => c !== line[i]).length;
  const isOther = after.values.some(({ text: said }, i) => said !== own[i]);
  must(!isOther || places > 1, () => `${JSON.stringify(text)} for ${JSON.stringify(line)}`);
}

function modbusReply(): void {
  const unit = 1 + below(5);
  const count = 1 + below(8);
  const request = encodeRtu(unit, Uint8Array.from([3, 0, below(200), 0, count]));
  const reply = encodeRtu(
    unit,
    Uint8Array.from([
      3,
      2 * count,
      ...bytes(2 * count + 1).subarray(0, 0),
      ...Array.from({ length: 2 * count }, () => below(256)),
    ]),
  );
  const came = below(6) === 0 ? bytes(40) : mutated(reply);
  const told: Buffer[] = [];
  const kind = below(3);
  if (kind === 0) {
    const port = new ModbusRtuPort(() => {}, false);
    port.on('data', (frame: Buffer) => told.push(frame));
    port.open(() => {});
    port.write(Buffer.from(request));
    inPieces(came, piece => port.take(piece));
  } else if (kind === 1) {
    const wire = new Wire();
    const ears = { garbled() {}, stray() {}, overdue() {} };
    const port = new RtuTcpPort(wire as unknown as Socket, {
      trailing: below(3),
      hasLines: below(2) === 0,
      ears,
    });
    port.on('data', (frame: Buffer) => told.push(frame));
    port.write(Buffer.from(request));
    inPieces(came, piece => wire.emit('data', piece));
  } else {
    const wire = new Wire();
    const port = new ModbusTcpPort(wire as unknown as Socket);
    port.on('data', () => seen.accepted++);
    const adu = encodeMbap({ transaction: below(256), unit, pdu: reply.subarray(1, -2) });
    inPieces(below(6) === 0 ? came : mutated(adu), piece => wire.emit('data', piece));
    return;
  }
  for (const frame of told) {
    const isWhole =
      frame.length >= 5 && crc16(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2);
    // A serial port hands damaged ones on, for the client to refuse at once.
    if (!isWhole && kind === 0) continue;
    must(
      isWhole && frame[0] === unit && (frame[1] & 0x7f) === 3,
      () => `${frame.toString('hex')} for ${Buffer.from(request).toString('hex')}`,
    );
    seen.accepted++;
  }
  if (told.length === 0) seen.refused++;
}

function registers(): void {
  const type = one(REGISTER_TYPES);
  const order = one(BYTE_ORDERS);
  const words = Array.from({ length: below(6) }, () => below(65536));
  const value = decodeRegisters(words, below(4), type, order);
  must(typeof value === 'number', () => `${type} ${words}`);
  if (!Number.isFinite(value)) return;
  let back: number[];
  try {
    back = encodeRegisters(value, type, order);
  } catch (error) {
    // What a 64-bit register holds beyond 2^53 is no number that we could send.
    if (error instanceof DeviceError || error instanceof RangeError) return;
    throw error;
  }
  must(
    Object.is(decodeRegisters(back, 0, type, order) + 0, value + 0),
    () => `${type} ${order} ${words}: ${value}`,
  );
}

const PARAMETERS = Object.values(PROPAR_PARAMETERS);
function propar(): void {
  const parameters = Array.from({ length: 1 + below(3) }, () => one(PARAMETERS));
  const frame = encodeFrame({ sequence: below(256), node: below(128), data: encodeRead(parameters) });
  const came = below(5) === 0 ? bytes(40) : mutated(frame);
  const parser = new ProparParser();
  inPieces(came, piece => {
    for (const item of parser.push(piece)) {
      if (item.kind !== 'frame') continue;
      try {
        decodeReply(item.frame.data, parameters);
        seen.accepted++;
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        seen.refused++;
      }
    }
  });
  const taken = takePropar(came);
  if (taken.kind === 'garbled') must(taken.skip > 0, () => `no way on: ${came.toString('hex')}`);
  if (taken.kind !== 'message') return;
  parseRequests(taken.message.data);
  parseWrites(taken.message.data);
}

const IDENTIFIERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 17, 99];
const odd = (): unknown =>
  one([
    0,
    -0,
    1,
    true,
    false,
    null,
    undefined,
    '1',
    'x',
    Number.NaN,
    1e300,
    -1,
    2 ** 53,
    [1, 2],
    [0xffffffff, 0xffffffff],
    [],
    {},
    1.5,
    below(65536),
  ]);
function opcua(): void {
  const dataType = one(IDENTIFIERS);
  const arrayType = below(3);
  const value = arrayType === 0 ? odd() : Array.from({ length: below(4) }, odd);
  const { value: number, values = new Float64Array() } = numbersOf({ dataType, arrayType, value });
  must(typeof number === 'number', () => `${dataType} ${JSON.stringify(value)}`);
  if (arrayType === 0 && typeof value === 'string')
    must(Number.isNaN(number), () => `${value} became ${number}`);
  for (const entry of values) must(typeof entry === 'number', () => JSON.stringify(value));
  const type = numberType(dataType);
  if (type === undefined) return;
  const wanted = one([
    0,
    1,
    -1,
    255,
    256,
    65535,
    65536,
    -32768,
    2 ** 31,
    2 ** 53,
    2 ** 53 + 2,
    0.5,
    1e39,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
  try {
    const raw = rawOf('n', wanted, type);
    const back = numbersOf({ dataType, arrayType: 0, value: raw }).value;
    must(back === wanted, () => `${type} ${wanted} became ${back}`);
    seen.accepted++;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    seen.refused++;
  }
}

function serverFrames(): void {
  const pdu = Uint8Array.from([one([1, 2, 3, 4, 5, 6, 16, 99]), 0, below(256), 0, below(256)]);
  const frames = [encodeMbap({ transaction: below(65536), unit: 1, pdu }), encodeRtu(1, pdu)];
  let rest = below(5) === 0 ? bytes(60) : mutated(Buffer.concat([one(frames), one(frames)]));
  const take = below(2) === 0 ? takeMbap : takeRtuRequest;
  for (let steps = 0; rest.length > 0; steps++) {
    must(steps < 1000, () => `no end: ${rest.toString('hex')}`);
    const taken = take(rest);
    if (taken.kind === 'incomplete') return;
    const length = taken.kind === 'frame' ? taken.length : taken.skip;
    must(length > 0, () => `no way on: ${rest.toString('hex')}`);
    if (taken.kind === 'frame' && taken.adu.pdu.length > 0) {
      parseRequest(taken.adu.pdu);
      seen.accepted++;
      const answer = eaAnswer(taken.adu.unit, taken.adu.pdu);
      must(answer === undefined || answer.length >= 2, () => `answer to ${rest.toString('hex')}`);
    } else seen.refused++;
    rest = rest.subarray(length);
  }
}

const clock = new VirtualClock({ utcStart_ms: 0 });
const rig = bareRig();
const env = { rig, clock };
const plate = { voltageNominal_V: 400, currentNominal_A: 60, powerNominal_W: 15000, model: 'M', serial: '1' };
const interpreters = (Object.keys(DIALECTS) as DialectName[]).map(name => {
  const dialect = DIALECTS[name];
  const state = scpiState(env, rig, {
    plate,
    subject: 'stack',
    errorDepth: dialect.errorDepth,
    setMax: dialect.setMax,
  });
  return { name, state, most: dialect.setMax, interpret: dialect.interpreter(state) };
});
const ea = supplyState(env, rig, {
  voltageNominal_V: 400,
  currentNominal_A: 60,
  powerNominal_W: 15000,
  type: 'PSB 10400-60',
  serial: '1',
});
const eaAnswer = supplyRegisters(ea, { framing: 'rtu' });
const eaInterpret = supplyScpi(ea);
const LINES = [
  'VOLT 12.5',
  'CURR 3;CURR?',
  'OUTP ON',
  'OUTP?',
  '*IDN?',
  'MEAS:VOLT?',
  'SYST:LOCK ON',
  'SYST:ERR?',
  'SOUR1:VOLT 5',
  'ADR 6',
  'PV 10',
  'STT?',
  'SOUR:CURR 1e9',
  'VOLT -1',
  'VOLT NAN',
  'VOLT 1E400',
  'POW 100',
  'SYST:COMM:MON:TIM 5',
  'OUTP:PROT:CLE',
  ':MEAS:ALL? CH1',
];
function scpiLine(): void {
  const line = below(6) === 0 ? bytes(40).toString('latin1') : mutatedText(one(LINES));
  const { name, state, most, interpret } = one(interpreters);
  const answer = interpret(line);
  must(answer === undefined || typeof answer === 'string', () => `${name}: ${line}`);
  for (const quantity of ['voltage', 'current', 'power'] as const) {
    const set = state.set(quantity);
    must(
      set >= 0 && set <= most * state.nominal(quantity),
      () => `${name} ${quantity} ${set} after ${JSON.stringify(line)}`,
    );
  }
  eaInterpret(line);
  if (answer === undefined) seen.refused++;
  else seen.accepted++;
}

const SCRIPT = [
  'e',
  'var c',
  'set_pgstat_mode 2',
  'cell_on',
  'meas_loop_cv p c -500m 500m 20m 1 1',
  'pck_start',
  'pck_add p',
  'pck_end',
  'endloop',
  'on_finished:',
  'cell_off',
  'loop i < 10i',
  'if c > 3m',
  'endif',
  'meas_loop_eis f r j 10m 200k 100 11i 0',
  'store_var c 7i ja',
];
function script(): void {
  const reader = new ScriptReader();
  try {
    for (let i = below(12); i >= 0; i--) reader.take(below(3) === 0 ? mutatedText(one(SCRIPT)) : one(SCRIPT));
    seen.accepted++;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    seen.refused++;
  }
}

const CODECS = {
  scpiAnswer,
  methodScriptPackage,
  modbusReply,
  registers,
  propar,
  opcua,
  serverFrames,
  scpiLine,
  script,
};
const NAMES = Object.keys(CODECS) as (keyof typeof CODECS)[];
const frames: Record<string, number> = Object.fromEntries(NAMES.map(name => [name, 0]));
const found = { crashes: [] as string[], wrong: [] as string[], hangs: [] as string[] };
for (let i = 0; i < n; i++) {
  const name = NAMES[i % NAMES.length];
  frames[name]++;
  const begin_ms = performance.now();
  try {
    CODECS[name]();
  } catch (error) {
    if (error instanceof WrongError) found.wrong.push(`${name}: ${error.message}`);
    else found.crashes.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const took_ms = performance.now() - begin_ms;
  if (took_ms > HANG_MS) found.hangs.push(`${name}: ${took_ms.toFixed(0)} ms`);
  if ((i + 1) % 100_000 === 0) console.error(`${i + 1} of ${n}`);
}
for (const text of Object.values(found).flatMap(list => list.slice(0, 8))) console.error(text.slice(0, 600));
const counts = { crashes: found.crashes.length, wrong: found.wrong.length, hangs: found.hangs.length };
console.log(JSON.stringify({ n, seed, ...seen, ...counts, frames }));
process.exitCode = counts.crashes + counts.wrong + counts.hangs === 0 ? 0 : 1;
