import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Link } from '../../../drivers/contract/transport.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { type LineRequest, modbusRtuTcpLink } from '../../../drivers/transport/rtu-tcp/link.ts';
import { mayAnswer, replyAt } from '../../../drivers/transport/rtu-tcp/reply-frame.ts';
import { crc16 } from '../modbus-peer.ts';
import { type RtuTcpPeer, rtuTcpPeer } from '../rtu-tcp-peer.ts';

let peer: RtuTcpPeer | undefined;
let link: Link<ModbusRequest | LineRequest, ModbusReply> | undefined;

async function opened(): Promise<Link<ModbusRequest | LineRequest, ModbusReply>> {
  peer = await rtuTcpPeer();
  link = modbusRtuTcpLink({ host: '127.0.0.1', port: peer.port, localCodes: { 23: 'local' } });
  await link.open();
  return link;
}

afterEach(async () => {
  await link?.close();
  await peer?.close();
  peer = link = undefined;
});

const holding = (address: number, count: number, unit = 0): ModbusRequest => ({
  fn: 3,
  unit,
  address,
  count,
});

describe('frames of EA at address 0 (Programming ModBus & SCPI 10k 20k, checksums worked out anew)', () => {
  it.each<[ModbusRequest, string]>([
    [{ fn: 5, unit: 0, address: 402, on: true }, '00050192ff002dfa'],
    [{ fn: 5, unit: 0, address: 402, on: false }, '0005019200006c0a'],
    [{ fn: 5, unit: 0, address: 405, on: true }, '00050195ff009c3b'],
    [{ fn: 5, unit: 0, address: 405, on: false }, '000501950000ddcb'],
    [{ fn: 5, unit: 0, address: 425, on: false }, '000501a900001dc7'],
    [{ fn: 5, unit: 0, address: 411, on: true }, '0005019bff00fdf8'],
    [{ fn: 6, unit: 0, address: 499, value: 0 }, '000601f3000079d4'],
    [{ fn: 6, unit: 0, address: 498, value: 0 }, '000601f200002814'],
    [holding(505, 2), '000301f900021417'],
    [holding(507, 3), '000301fb00037417'],
    [holding(511, 2), '000301ff0002f416'],
    [holding(520, 8), '000302080008c5a7'],
    [holding(0, 1), '00030000000185db'],
    [holding(121, 6), '00030079000615c0'],
    [{ fn: 6, unit: 1, address: 501, value: 0x6666 }, '010601f56666338e'],
    [holding(507, 3, 1), '010301fb000375c6'],
  ])('%j is %s', async (request, hex) => {
    const open = await opened();
    const sent = open.send(request);
    await sent;
    expect(peer?.lastRequest_hex).toBe(hex);
  });

  it.each([
    ['Ethernet, remote, DC on, CC, sink', '00030400001c866391', holding(505, 2), [0, 0x1c86]],
    ['source, CV', '000304000008866c91', holding(505, 2), [0, 0x0886]],
    ['after the time-out, DC off', '0003040000001ceb3a', holding(505, 2), [0, 0x1c]],
    ['after the time-out, DC on', '0003040000049ce85a', holding(505, 2), [0, 0x49c]],
    ['OVP latched', '000304000188065d31', holding(505, 2), [1, 0x8806]],
  ] as const)('an answer: %s', async (_, hex, request, values) => {
    const open = await opened();
    expect(replyAt(Buffer.from(hex, 'hex'))).toEqual({ length: hex.length / 2 });
    peer!.misbehave = () => ({ answer: [...Buffer.from(hex, 'hex').subarray(1, -2)] });
    expect(await open.send(request)).toEqual(values);
  });

  it.each([
    ['local', '00851753 5e', 'local'],
    ['denied', '00850752 92', 'refused'],
  ])('an exception: %s', async (_, hex, code) => {
    const bytes = Buffer.from(hex.replace(' ', ''), 'hex');
    const open = await opened();
    peer!.misbehave = () => ({ answer: [...bytes.subarray(1, -2)] });
    await expect(open.send({ fn: 5, unit: 0, address: 405, on: true })).rejects.toMatchObject({ code });
  });
});

describe('a reply on a stream', () => {
  it('cut up by any bytes, however mangled, what is told is what was sent', () => {
    const bodies = fc.uint8Array({ minLength: 1, maxLength: 125 });
    fc.assert(
      fc.property(bodies, fc.nat(), fc.integer({ min: 1, max: 255 }), (data, at, flip) => {
        const body = Buffer.from([7, 3, data.length, ...data]);
        const crc = crc16(body);
        const frame = Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8])]);
        expect(replyAt(frame)).toEqual({ length: frame.length });
        for (const length of [1, 2, frame.length - 1])
          expect(replyAt(frame.subarray(0, length))).toBe('incomplete');
        // One damaged byte is never taken for a whole frame of that length.
        const damaged = Buffer.from(frame);
        damaged[at % frame.length] ^= flip;
        expect(replyAt(damaged)).not.toEqual({ length: frame.length });
      }),
      { numRuns: 200 },
    );
  });

  it('a reply answers only what it can be the answer to', () => {
    const ask = Buffer.from('0103000a00020000', 'hex');
    expect(mayAnswer(ask, Buffer.from('010304000100020000', 'hex'))).toBe(true);
    expect(mayAnswer(ask, Buffer.from('020304000100020000', 'hex'))).toBe(false);
    expect(mayAnswer(ask, Buffer.from('010404000100020000', 'hex'))).toBe(false);
    expect(mayAnswer(ask, Buffer.from('01030200010000', 'hex'))).toBe(false);
    expect(mayAnswer(ask, Buffer.from('0183020000', 'hex'))).toBe(true);
    const write = Buffer.from('010601f500640000', 'hex');
    expect(mayAnswer(write, write)).toBe(true);
    expect(mayAnswer(write, Buffer.from('010601f500650000', 'hex'))).toBe(false);
  });
});
