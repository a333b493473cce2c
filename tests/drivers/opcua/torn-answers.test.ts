import { beforeAll, describe, expect, it } from 'vitest';
import { refuseTornAnswers } from '../../../drivers/transport/opcua/reading.ts';

/** Answers over an open channel that lost bytes and were made whole with those of the next one. */

let opcua: typeof import('node-opcua');
beforeAll(async () => {
  opcua = await import('node-opcua');
}, 60_000);

const SHOWN = [12.5, 100, 32.25, 7.125, 63.9];
const TYPES = ['Double', 'Float', 'UInt16', 'Boolean'] as const;

/** The bytes of an answer to a read, behind the id of its type. */
function answer(type: (typeof TYPES)[number], hasTimes: boolean): Buffer {
  const at = new Date('2026-11-30T12:00:00.123Z');
  const response = new opcua.ReadResponse({
    responseHeader: { timestamp: at, requestHandle: 17 },
    results: SHOWN.map(shown => ({
      value: {
        dataType: type,
        value: type === 'Boolean' ? shown > 50 : type === 'UInt16' ? Math.round(100 * shown) : shown,
      },
      ...(hasTimes ? { sourceTimestamp: at, serverTimestamp: at } : {}),
    })),
  });
  const stream = new opcua.BinaryStream(response.binaryStoreSize());
  response.encode(stream);
  return Buffer.from(stream.buffer);
}

/** What is read of it; undefined where it is refused. */
function read(bytes: Buffer): (number | boolean | undefined)[] | undefined {
  const response = new opcua.ReadResponse();
  response.decode(new opcua.BinaryStream(bytes));
  const { responseHeader, results } = response;
  if (responseHeader.serviceResult.value !== 0 || results?.length !== SHOWN.length) return undefined;
  return results.map(({ statusCode, value }) =>
    statusCode.value >>> 30 === 0 ? (value?.value as number) : undefined,
  );
}

describe.each(TYPES)('an answer with values of type %s', type => {
  it.each([
    ['with time stamps', true],
    ['without', false],
  ])('%s is read whole, or not at all: every place, 1 to 24 bytes lost', (_, hasTimes) => {
    refuseTornAnswers(opcua);
    const whole = answer(type, hasTimes);
    const right = read(whole);
    expect(right).toHaveLength(5);
    const next = Buffer.concat([
      Buffer.from('4d5347464e0000000100000001000000', 'hex'),
      Buffer.from('3400000012000000', 'hex'),
      whole,
    ]);
    const wrong: string[] = [];
    let tried = 0;
    for (let at = 0; at < whole.length; at++) {
      for (let lost = 1; lost <= 24; lost++) {
        const left = Buffer.concat([whole.subarray(0, at), whole.subarray(at + lost)]);
        const torn = Buffer.concat([left, next]).subarray(0, whole.length);
        tried++;
        const shown = read(torn);
        if (shown?.some((value, i) => value !== undefined && value !== right?.[i]))
          wrong.push(`${at}-${lost}: ${shown}`);
      }
    }
    expect(tried).toBeGreaterThan(1000);
    expect(wrong).toEqual([]);
  });
});
