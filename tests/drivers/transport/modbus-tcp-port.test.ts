import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { modbusTcpLink } from '../../../drivers/transport/modbus-tcp.ts';
import { ModbusTcpPort } from '../../../drivers/transport/modbus-tcp-port.ts';
import { psbModulePeer, psbOptions } from '../ea/psb-peer.ts';
import { type ModbusPeer, tcpPeer } from '../modbus-peer.ts';

/** A trip's first frame must be with the operating system before anything else of the reaction runs. */

const clock = realClock();
let peer: ModbusPeer;

afterEach(async () => {
  vi.restoreAllMocks();
  await peer?.close();
});

/** The frames that have been handed to a socket since, hex. */
function handedOver(): string[] {
  const frames: string[] = [];
  const write = Socket.prototype.write;
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, bytes: unknown) {
    frames.push(Buffer.from(bytes as Uint8Array).toString('hex'));
    return write.call(this, bytes as Uint8Array);
  });
  return frames;
}

describe('frames of Modbus TCP leave in the call that sends them', () => {
  it('one request on a link', async () => {
    peer = await tcpPeer();
    const link = modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock });
    await link.open();
    const frames = handedOver();
    const sent = link.send({ fn: 5, unit: 0, address: 405, on: false }, 'urgent');
    // Transaction 1, protocol 0, 6 bytes: unit 0, function 5, coil 405, off.
    expect(frames).toEqual(['000100000006000501950000']);
    await sent;
    expect(peer.log).toEqual(['W5 405=0']);
    await link.close();
  });

  it('the safe list of a supply: output off, and not one turn later', async () => {
    peer = await psbModulePeer();
    const options = { ...psbOptions(peer), modbusTcpPort: peer.port };
    const device = eaPsb10000.open('supply', options, { clock, baseDir: '.' });
    await device.connect();
    const frames = handedOver();
    const safe = device.safe();
    expect(frames.map(frame => frame.slice(12))).toEqual(['000501950000']);
    await safe;
    await device.close();
  });
});

describe('frames of Modbus TCP as they come in', () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 2, maxLength: 254 }), { minLength: 1, maxLength: 6 });

  it.each([
    ['another protocol', '0001000100020183'],
    ['a length of nothing', '00010000000101'],
    ['a length of 0', '000100000000'],
    ['longer than any', '000100000100'],
    ['longer by one', '0001000000ff'],
  ])('of %s end the stream: bytes were lost', (_, hex) => {
    const { socket, port } = asked(1);
    const told: string[] = [];
    port.on('data', (frame: Buffer) => told.push(frame.toString('hex')));
    socket.emit('data', Buffer.from(hex, 'hex'));
    // The answer itself, after it, is not looked at any more.
    socket.emit('data', Buffer.from('0001000000050103021234', 'hex'));
    expect(told).toEqual([]);
    expect(socket.ended).toHaveLength(1);
  });

  it('to nothing that was asked are passed over', () => {
    const { socket, port } = asked(1);
    const told: string[] = [];
    port.on('data', (frame: Buffer) => told.push(frame.subarray(0, -2).toString('hex')));
    for (const transaction of [0, 2, 1, 1])
      socket.emit('data', Buffer.from([0, transaction, 0, 0, 0, 3, 1, 0x83, transaction]));
    expect(told).toEqual(['018301']);
    expect(socket.ended).toEqual([]);
  });

  it('are told one by one, however the stream is cut up, with their own transaction and a right checksum', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, cuts) => {
        const { socket, port } = asked(sent.length);
        const told: string[] = [];
        port.on('data', (frame: Buffer) => {
          expect(frame.readUInt16LE(frame.length - 2)).toBe(crcBitByBit(frame.subarray(0, -2)));
          told.push(`${port._transactionIdRead}:${frame.subarray(0, -2).toString('hex')}`);
        });
        const stream = Buffer.concat(
          sent.map((body, n) => Buffer.concat([Buffer.from([0, n + 1, 0, 0, 0, body.length]), body])),
        );
        for (let at = 0, n = 0; at < stream.length; n++) {
          const end = at + cuts[n % cuts.length];
          socket.emit('data', stream.subarray(at, end));
          at = end;
        }
        expect(told).toEqual(sent.map((body, n) => `${n + 1}:${Buffer.from(body).toString('hex')}`));
      }),
    );
  });
});

/** A port on which so many reads are out, transactions 1 and on. */
function asked(count: number) {
  const socket = Object.assign(new EventEmitter(), { write: () => true, ended: [] as string[] });
  const port = new ModbusTcpPort(socket as unknown as Socket, why => socket.ended.push(why));
  for (let n = 0; n < count; n++) port.write(Buffer.from('01030007000175cb', 'hex'));
  return { socket, port };
}

/** CRC-16/MODBUS as the serial line specification V1.02, 6.2.2, describes it. */
function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
