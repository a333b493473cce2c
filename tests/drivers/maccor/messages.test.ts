import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeJson,
  encodeJson,
  objectLength,
  restWords,
  resultOf,
  statusWords,
  wordsCodec,
} from '../../../drivers/maccor/messages.ts';
import { currentOf, faultOf, statOf } from '../../../drivers/maccor/status.ts';
import { objectIn, wordsIn } from '../../../sim/device/maccor/server.ts';

/** Messages of MacNet: those that the maker's help and pymacnet show, for codec and emulator; and any others there and back. */

const ANSWER = `{
    "jsonrpc": "2.0",
    "result": {
        "FClass": 4, "FNum": 7, "Chan": 92, "RF1": 0, "RF2": 192, "Stat": 0, "LastRecNum": 4225, "Cycle": 0, "Step": 5,
        "TestTime": 212.199996948242, "StepTime": 209.889999389648, "Capacity": 0, "Energy": 0, "Current": 0,
        "Voltage": 3.85938811302185, "TesterTime": "2022-10-13T12:32:56"
    },
    "id": 1987
}\r\n`;

describe('messages as they are shown', () => {
  it('asks for the state of channel 4 in the words of the help', () => {
    const shown = [4, 0, 7, 0, 3, 0, 0, 0];
    expect([...statusWords(3)]).toEqual(shown);
    expect(wordsIn(Buffer.from(shown))).toHaveLength(8);
  });

  it('rest: 6,8 in words with four numbers, the range and R', () => {
    const words = Buffer.from(restWords(3, 4));
    expect(words.toString('hex')).toBe('060008000300120000000000000000000000804700000000' + '0452');
    expect(wordsIn(Buffer.concat([words, words]))).toHaveLength(26);
  });

  it('an answer over several lines is one object, and says which question it is for', () => {
    expect(objectLength(ANSWER)).toBe(ANSWER.length - 2);
    expect(objectIn(ANSWER)).toBe(ANSWER.length - 2);
    const { id, result } = decodeJson(ANSWER);
    expect(id).toBe(1987);
    const asked = { fClass: 4, fNum: 7, chan: 92 };
    expect(resultOf(asked, result)).toMatchObject({ LastRecNum: 4225, Voltage: 3.85938811302185 });
    expect(() => resultOf({ ...asked, chan: 93 }, result)).toThrow(/another question/);
    expect(() => resultOf({ ...asked, fNum: 4 }, result)).toThrow(/another question/);
  });

  it('what is no JSON is told on one line', () => {
    const said = ANSWER.replace(/"Voltage": [\d.]+/, '"Voltage": NaN');
    expect(said).not.toBe(ANSWER);
    for (const read of [() => decodeJson(said), () => objectLength(`[\r\n${said}`)])
      expect(read).toThrow(/^maccor\/macnet: no JSON: [\x20-\x7e]{10,60}$/);
  });

  it.each([
    ['OK', undefined],
    [0, undefined],
    [14, /no such procedure \(14\)/],
    [99, /99/],
    [undefined, /no result/],
  ])('a result %s of a start', (Result, refusal) => {
    const look = (): unknown =>
      resultOf({ fClass: 6, fNum: 2, chan: 3 }, { FClass: 6, FNum: 2, Chan: 3, Result });
    if (refusal === undefined) expect(look()).toMatchObject({ Result });
    else expect(look).toThrow(refusal);
  });
});

describe('states', () => {
  it.each([...Array(18).keys(), -1, 2.5, 'Active'])(
    'Stat %s has its meaning; what is not known is never good',
    Stat => {
      const { state, on, word } = statOf({ Stat });
      expect(word).not.toBe('');
      if (![0, 1, 2, 3, 4, 5, 8, 12, 14, 15].includes(Stat as number)) {
        expect(state).toBe('unknown');
        expect(on).toBeNaN();
      }
      const isGood = [0, 1, 2, 4, 7, 8, 12, 14, 15].includes(Stat as number);
      expect(faultOf({ Stat }) === undefined).toBe(isGood);
    },
  );

  it('the way of a current is that of RF1; where it says none, it is not known', () => {
    expect([1, 2].map(RF1 => currentOf({ RF1, Current: 2 }))).toEqual([2, -2]);
    expect(currentOf({ RF1: 20, Current: 2 })).toBeNaN();
    expect(currentOf({ RF1: 1 })).toBeNaN();
    expect(faultOf({ Stat: 2, RF2: 190 })).toMatch(/a safety limit \(RF2 190\)/);
  });
});

describe('any message', () => {
  it('comes back as it went, in pieces, behind another one', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.stringMatching(/^[ -~]{0,20}$/),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), value, { maxKeys: 5 }),
        fc.nat(),
        (params, id) => {
          const text = encodeJson({ fClass: 6, fNum: 9, chan: 3 }, params, id);
          expect(objectLength(text)).toBe(text.length);
          expect(objectIn(`${text}${text}`)).toBe(text.length);
          expect(objectLength(text.slice(0, -1))).toBe(0);
          const message = JSON.parse(text) as { params: unknown; id: unknown };
          expect(message.id).toBe(id);
          expect(message.params).toEqual(
            JSON.parse(JSON.stringify({ FClass: 6, FNum: 9, Chan: 3, ...params })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([Number.NaN, Infinity, 'ä', '\n'])('%s never reaches the wire', Value => {
    expect(() => encodeJson({ fClass: 6, fNum: 9, chan: 3 }, { Value }, 1)).toThrow(/nothing was sent/);
  });

  it('an answer in words is one by its length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), data => {
        const frame = Buffer.concat([Buffer.from([6, 0, 8, 0, 3, 0, data.length, 0]), data]);
        expect(wordsCodec.lengthOf(frame)).toBe(frame.length);
        const reply = wordsCodec.decode(frame);
        expect([...reply.data]).toEqual([...data]);
        expect(wordsCodec.fits({ bytes: restWords(3, 4) }, reply)).toBe(true);
        expect(wordsCodec.fits({ bytes: restWords(4, 4) }, reply)).toBe(false);
        const isOk = (data.length === 1 || data.length === 2) && data.every(byte => byte === 0);
        expect(wordsCodec.refusal?.({ bytes: restWords(3, 4) }, reply) === undefined).toBe(isOk);
      }),
      { numRuns: 60 },
    );
  });
});
