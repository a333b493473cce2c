import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArbinOne,
  arbinCodec,
  encode,
  metaCode,
  sumOf,
  textAt,
} from '../../../drivers/arbin/messages.ts';
import { infoOf } from '../../../drivers/arbin/status.ts';
import { ctiAnswer, takeRequest } from '../../../sim/device/arbin/frames.ts';

/** Frames of Arbin CTI: those recorded in pyctiarbin `tests/example_messages`, for codec and emulator; and any others. */

const zeros = (bytes: number): string => '00'.repeat(bytes);
const packed = (text: string): Buffer => gunzipSync(Buffer.from(text, 'base64'));
/** Channel 13 in each. */
const SET = `dddddddddddddd113e000000010015bb000000000d0000000100000034000000${zeros(16)}01000000cdcc4c3e${zeros(16)}9109`;
const START = `dddddddddddddd11a0000000040032bb00000000730061006d0070006c0065005f0074006500730074005f006e0061006d006500${zeros(144 - 32)}010000000d005c0e`;
const STARTED = `dddddddddddddd1180000000040023bb000000000d000000${zeros(102)}8b07`;
const STOP = `dddddddddddddd1174000000010031bb000000000d000000${zeros(102)}8a07`;
const LOGIN = `dddddddddddddd114a0000000100abee0000000066616b6520757365726e616d65${zeros(19)}66616b652070617373776f7264${zeros(19)}4112`;
const INFO = `dddddddddddddd11320000000300abee000000000d000100${zeros(36)}f807`;
const SAID_INFO = packed(
  'H4sIAAAAAAACA7t7FwwEP7MxMDAz7HrHAASMQMwLxCwMDEEMqQzFDCUM2gxGDAYM5gwWDKZAqAcUS2GoYBgF9AYGg8w9fvqONLcj2jBWwdBKIbgktSDeUUchKLW4ZDQhjIJRMEwBL0Ny/U3byggWBxi9wyzWgVqmr5UGAOixKj/zBgAA',
);
const SAID_LOGIN = packed(
  'H4sIAAAAAAACA+3aQYrCMBQG4CfuCgU9gc+9xViMFne1K0HBwUz3BYMualtqC/Vqc4zZu3UpHsGkiDhHGPg/kvdCHn9OkOu11b8NiTr0cyeynajbHXz5Yh5ISW/rpfInIpgyT2YcHZMs0+nZdVwnqstSZ9WCZyIcSbOEOIUj3xTXifO0TA56wSLmKmcZs020D3BYN6y8KK+LVLO6FKb8HZpwZcLsyVfYjlW0Ha+29vRdHMpkr+1os1K7gAAAAAAAAAAAAAAAAAAAAAD+t8dv0/7dsLv3cd+bPwG4UTT35iEAAA==',
);

describe('frames as they were recorded', () => {
  it.each<[string, ArbinOne, string, number]>([
    ['set MV_UD1', { cmd: 'set', variable: metaCode(1), value: () => 0.2 }, SET, 74],
    ['start', { cmd: 'start', name: 'sample_test_name' }, START, 172],
    ['stop', { cmd: 'stop' }, STOP, 128],
    ['login', { cmd: 'login', user: 'fake username', password: 'fake password' }, LOGIN, 86],
    ['channel info', { cmd: 'info' }, INFO, 62],
  ])('%s', (_, ask, hex, length) => {
    const bytes = encode(ask, 13);
    expect(bytes.toString('hex')).toBe(hex);
    expect(bytes).toHaveLength(length);
    const taken = takeRequest(Buffer.concat([bytes, bytes]));
    expect(taken?.length).toBe(length);
    expect(taken?.request?.command).toBe(bytes.readUInt32LE(12));
  });

  it('the sum of the set frame is 0x0991, its length field 62', () => {
    const bytes = Buffer.from(SET, 'hex');
    expect(sumOf(bytes.subarray(0, -2))).toBe(0x0991);
    expect(bytes.readUInt32LE(8)).toBe(62);
  });

  it('the answer to a start is 128 bytes, and so does the emulator write it', () => {
    const bytes = Buffer.from(STARTED, 'hex');
    const codec = arbinCodec(13);
    expect(codec.lengthOf(bytes)).toBe(128);
    const answer = codec.decode(bytes);
    expect(codec.fits({ cmd: 'start', name: '' }, answer)).toBe(true);
    expect(codec.fits({ cmd: 'stop' }, answer)).toBe(false);
    expect(arbinCodec(12).fits({ cmd: 'start', name: '' }, answer)).toBe(false);
    const own = ctiAnswer(0xbb230004, 128, into => into.writeInt32LE(13, 20));
    expect(own.toString('hex')).toBe(STARTED);
  });

  it('a channel at rest, and a login, as a real server said them', () => {
    const codec = arbinCodec(13);
    expect(codec.lengthOf(SAID_INFO)).toBe(1779);
    const answer = codec.decode(SAID_INFO);
    expect(codec.fits({ cmd: 'info' }, answer)).toBe(true);
    const info = infoOf(answer);
    expect(info).toMatchObject({
      word: 'Rest',
      on: 1,
      schedule: 'Rest+207855.sdx',
      testName: '0',
      testTime_s: 2.5432,
    });
    expect(info.figures[0]).toBe(Math.fround(3.4564647674560547));
    expect(info.figures.slice(1)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(codec.lengthOf(SAID_LOGIN)).toBe(8678);
    const login = codec.decode(SAID_LOGIN);
    expect(textAt(login, 28, 16, 'latin1')).toBe('207855');
    expect(login.bytes.readUInt32LE(8664)).toBe(16);
    expect(codec.refusal?.({ cmd: 'login', user: '', password: '' }, login)).toBeUndefined();
  });
});

describe('any frame', () => {
  it('a name and a number come back as they went; one byte less is not whole, one that is changed is not taken', () => {
    const names = fc.stringMatching(/^[ -~]{1,71}$/);
    fc.assert(
      fc.property(
        names,
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(63),
        (name, value, channel) => {
          const start = encode({ cmd: 'start', name }, channel);
          const taken = takeRequest(start)?.request;
          expect(taken?.args.toString('utf16le', 0, 144).split('\0')[0]).toBe(name);
          expect(taken?.args.readUInt16LE(148)).toBe(channel);
          expect(takeRequest(start.subarray(0, -1))).toBeUndefined();
          const set = encode({ cmd: 'set', variable: 52, value: () => value }, channel);
          expect(takeRequest(set)?.request?.args.readFloatLE(32)).toBe(value);
          set[30] ^= 1;
          expect(takeRequest(set)?.request).toBeUndefined();
          const said = ctiAnswer(0xbb510001, 128, into => into.writeInt32LE(channel, 20));
          said[40] ^= 1;
          expect(() => arbinCodec(channel).decode(said)).toThrow(/sum/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([Number.NaN, Infinity, 1e39])('%s never reaches the wire', value => {
    expect(() => encode({ cmd: 'set', variable: 52, value: () => value }, 0)).toThrow(/nothing was sent/);
  });

  it.each(['x'.repeat(72), 'ä', '\n'])('name %j never reaches the wire', name => {
    expect(() => encode({ cmd: 'start', name }, 0)).toThrow(/nothing was sent/);
  });

  it.each([...Array(32).keys(), -1])('status %s has its meaning; what is not known is never good', status => {
    const bytes = ctiAnswer(0xeeba0003, 1779, into => into.writeInt16LE(status, 28));
    const { state, on, fault } = infoOf({ code: 0, bytes });
    const wrong = [7, 8, 13, 14, 16, 18, 19, 28, 29, 31, -1];
    expect(fault !== undefined).toBe(wrong.includes(status));
    expect(Number.isNaN(on)).toBe(state === 'unknown');
  });
});
