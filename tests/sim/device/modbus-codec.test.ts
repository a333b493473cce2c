import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitsReply,
  crc16,
  encodeMbap,
  encodeRtu,
  parseRequest,
  takeMbap,
  takeRtuRequest,
} from '../../../sim/device/modbus-codec.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const pdu = fc.uint8Array({ minLength: 1, maxLength: 253 });
const word = fc.integer({ min: 0, max: 0xffff });
const byte = fc.integer({ min: 0, max: 255 });

describe('RTU frames of the EA programming guide', () => {
  it.each([
    ['remote on', '01 05 01 92 FF 00 2C 2B', { fn: 5, address: 402, value: 0xff00 }],
    ['remote off', '01 05 01 92 00 00 6D DB', { fn: 5, address: 402, value: 0 }],
    ['DC on', '01 05 01 95 FF 00 9D EA', { fn: 5, address: 405, value: 0xff00 }],
    ['acknowledge', '01 05 01 9B FF 00 FC 29', { fn: 5, address: 411, value: 0xff00 }],
    ['set I = 50 %', '01 06 01 F5 66 66 33 8E', { fn: 6, address: 501, value: 0x6666 }],
    ['read actual values', '01 03 01 FB 00 03 75 C6', { fn: 3, address: 507, count: 3 }],
    ['the same at address 0', '00 03 01 FB 00 03 74 17', { fn: 3, address: 507, count: 3 }],
    ['read nominal U', '01 03 00 79 00 02 15 D2', { fn: 3, address: 121, count: 2 }],
  ])('%s', (_, text, request) => {
    const frame = hex(text);
    const taken = takeRtuRequest(frame);
    if (taken.kind !== 'frame') throw new Error(`not taken: ${taken.kind}`);
    expect(taken.length).toBe(8);
    expect(parseRequest(taken.adu.pdu)).toEqual(request);
    expect(encodeRtu(frame[0], taken.adu.pdu)).toEqual(frame);
  });

  it('knows the exception frame', () => expect(encodeRtu(1, hex('85 17'))).toEqual(hex('01 85 17 02 9E')));
});

describe('framing', () => {
  it('takes MBAP frames back out of any split of the stream', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, byte, pdu), { maxLength: 5 }),
        fc.infiniteStream(byte),
        (sent, cuts) => {
          const stream = Buffer.concat(
            sent.map(([transaction, unit, p]) => encodeMbap({ transaction, unit, pdu: p })),
          );
          const got: [number, number, Uint8Array][] = [];
          let buffer: Uint8Array = new Uint8Array(0);
          for (let at = 0; at < stream.length; ) {
            const size = 1 + (cuts.next().value ?? 0);
            buffer = Buffer.concat([buffer, stream.subarray(at, at + size)]);
            at += size;
            for (let t = takeMbap(buffer); t.kind !== 'incomplete'; t = takeMbap(buffer)) {
              if (t.kind === 'garbled') throw new Error('garbled');
              got.push([t.adu.transaction, t.adu.unit, t.adu.pdu]);
              buffer = buffer.subarray(t.length);
            }
          }
          expect(got).toEqual(sent);
          expect(buffer.length).toBe(0);
        },
      ),
    );
  });

  it('finds an RTU request behind any noise that does not look like one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0x00, 0x40, 0xff), { maxLength: 20 }),
        byte,
        word,
        word,
        (noise, unit, a, n) => {
          const request = encodeRtu(unit, Uint8Array.of(3, a >> 8, a & 0xff, n >> 8, n & 0xff));
          let buffer: Uint8Array = Buffer.concat([Buffer.from(noise), request, Buffer.alloc(300)]);
          for (let t = takeRtuRequest(buffer); ; t = takeRtuRequest(buffer)) {
            if (t.kind === 'incomplete') throw new Error('lost');
            if (t.kind === 'frame') {
              expect(t.adu.unit).toBe(unit);
              return;
            }
            buffer = buffer.subarray(t.skip);
          }
        },
      ),
    );
  });

  it('never takes an RTU request with one wrong bit', () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 0, max: 63 }), (address, bit) => {
        const frame = encodeRtu(7, Uint8Array.of(4, address >> 8, address & 0xff, 0, 9));
        frame[bit >> 3] ^= 1 << (bit & 7);
        expect(takeRtuRequest(frame).kind).not.toBe('frame');
      }),
    );
  });

  it('closes on a foreign protocol', () =>
    expect(takeMbap(hex('0001 0007 0006 00 03 0000 0001'))).toEqual({ kind: 'garbled', skip: 12 }));
});

describe('requests', () => {
  it.each([
    ['no registers', '03 0000 0000', 3],
    ['126 registers', '03 0000 007E', 3],
    ['cut short', '06 0000', 3],
    ['byte count wrong', '10 0000 0002 02 0001', 3],
    ['unknown function', '2B 0E 01 00', 1],
  ])('%s', (_, text, exception) => expect(parseRequest(hex(text))).toEqual({ exception }));

  it('packs coils from the lowest bit up', () =>
    expect(bitsReply(1, [true, false, true, true, false, false, true, true, true, false])).toEqual(
      hex('01 02 CD 01'),
    ));

  it('has the check value of CRC-16/MODBUS', () => expect(crc16(Buffer.from('123456789'))).toBe(0x4b37));
});
