import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { DeviceError } from '../../drivers/contract/errors.ts';
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
import { crc16, encodeMbap, encodeRtu } from '../../sim/device/modbus-codec.ts';
import { parseRequests, parseWrites, takePropar } from '../../sim/device/propar-codec.ts';
import { below, bytes, inPieces, must, mutated, mutatedText, one, seen } from './chance.ts';

/** Codecs of the drivers: each takes one frame that is right, damaged or nothing at all. */

/** A socket that only receives what it is given. */
class Wire extends EventEmitter {
  readyState = 'open';
  write(): boolean {
    return true;
  }
  destroy(): void {
    this.removeAllListeners();
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
export function scpiAnswer(): void {
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
export function methodScriptPackage(): void {
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

export function modbusReply(): void {
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
    // 1 is the first that is asked.
    port.write(Buffer.from(request));
    const adu = encodeMbap({ transaction: below(3), unit, pdu: reply.subarray(1, -2) });
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

export function registers(): void {
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
export function propar(): void {
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
export function opcua(): void {
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
