import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeReply,
  encodeRead,
  encodeStatus,
  encodeValues,
  encodeWrite,
  measurePct,
  PROPAR_PARAMETERS,
  type ProparParameter,
  type ProparType,
} from '../../../drivers/protocol/propar.ts';
import {
  encodeFrame,
  type ProparFrame,
  type ProparItem,
  ProparParser,
} from '../../../drivers/protocol/propar-frame.ts';

const P = PROPAR_PARAMETERS;
const hex = (bytes: Uint8Array): string =>
  [...bytes].map(b => b.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text.split(' ').map(b => Number.parseInt(b, 16)));

describe('vectors of the maker (produced by bronkhorst-propar 1.3.0)', () => {
  test.each([
    [
      'read measure',
      { sequence: 1, node: 0x80, data: encodeRead([P.measure]) },
      '10 02 01 80 05 04 01 20 01 20 10 03',
    ],
    [
      'write set-point 50 %',
      { sequence: 2, node: 0x80, data: encodeWrite(P.setpoint, 16000) },
      '10 02 02 80 05 01 01 21 3E 80 10 03',
    ],
  ])('%s', (_name, frame, wire) => {
    expect(hex(encodeFrame(frame))).toBe(wire);
    expect(new ProparParser().push(bytesOf(wire))).toEqual([{ kind: 'frame', frame }]);
  });

  test.each([
    ['fMeasure', encodeRead([P.fMeasure]), '04 21 40 21 40'],
    ['fSetpoint 2.5', encodeWrite(P.fSetpoint, 2.5), '01 21 43 40 20 00 00'],
    ['unit text', encodeRead([P.capacityUnit]), '04 01 7F 01 7F 00'],
    ['measure and fMeasure in one', encodeRead([P.measure, P.fMeasure]), '04 81 20 01 20 21 40 21 40'],
  ])('data of %s', (_name, data, wire) => {
    expect(hex(data)).toBe(wire);
  });

  test('reply 50 % and acknowledgement', () => {
    expect(decodeReply(bytesOf('02 01 20 3E 80'), [P.measure])).toEqual({ kind: 'values', values: [16000] });
    expect(measurePct(16000)).toBe(50);
    expect(decodeReply(bytesOf('00 00 05'), [])).toEqual({ kind: 'status', status: 0, position: 5 });
    expect(decodeReply(bytesOf('03'), [P.measure])).toEqual({ kind: 'protocolError', code: 3 });
  });

  test('several parameters of one process share the process byte', () => {
    expect(hex(encodeRead([P.capacity, P.capacityUnit, P.fMeasure]))).toBe(
      '04 81 CD 01 4D 7F 01 7F 00 21 40 21 40',
    );
  });
});

test.each([
  [0, 0],
  [32000, 100],
  [41942, 131.06875],
  [41943, -73.728125],
  [65535, -0.003125],
])('raw %i is %f %% of capacity', (raw, pct) => {
  expect(measurePct(raw)).toBeCloseTo(pct, 9);
});

test.each([
  ['other parameter', '02 01 21 3E 80', [P.measure]],
  ['other process', '02 21 20 3E 80', [P.measure]],
  ['other type', '02 01 00 3E', [P.measure]],
  ['cut short', '02 01 20 3E', [P.measure]],
  ['only the command of two', '02 01 20 3E 80', [P.measure, P.fMeasure]],
  ['more than asked', '02 01 20 3E 80 00', [P.measure]],
  ['text without an end', '02 01 7F 00 62 61', [P.capacityUnit]],
  ['a request in place of a reply', '04 01 20 01 20', [P.measure]],
  ['short status', '00 00', []],
])('a reply with %s is garbled', (_name, wire, expected) => {
  expect(() => decodeReply(bytesOf(wire), expected)).toThrow(expect.objectContaining({ code: 'garbled' }));
});

test.each([
  ['NaN', P.fSetpoint, Number.NaN],
  ['too large for a float', P.fSetpoint, 1e39],
  ['fraction in a u16', P.setpoint, 1.5],
  ['negative u16', P.setpoint, -1],
  ['NUL in a text', P.capacityUnit, 'b\0'],
])('%s is never encoded', (_name, parameter, value) => {
  expect(() => encodeWrite(parameter, value)).toThrow(expect.objectContaining({ code: 'range' }));
});

const byte = fc.integer({ min: 0, max: 255 });
/** Bytes that matter to the framing come often. */
const nastyByte = fc.oneof(byte, fc.constantFrom(0x10, 0x02, 0x03));
const nasty = (minLength: number, maxLength: number) =>
  fc.array(nastyByte, { minLength, maxLength }).map(list => Uint8Array.from(list));
const anyFrame: fc.Arbitrary<ProparFrame> = fc.record({
  sequence: nastyByte,
  node: nastyByte,
  data: nasty(1, 255),
});

const typeOf = fc.constantFrom<ProparType>('u8', 'u16', 'float', 'text');
const anyParameter: fc.Arbitrary<ProparParameter> = fc.record({
  process: fc.integer({ min: 0, max: 127 }),
  number: fc.integer({ min: 0, max: 31 }),
  type: typeOf,
});
function anyValue(type: ProparType): fc.Arbitrary<number | string> {
  switch (type) {
    case 'u8':
      return byte;
    case 'u16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'float':
      return fc.float({ noNaN: true, noDefaultInfinity: true });
    case 'text':
      return fc
        .array(fc.integer({ min: 1, max: 255 }), { maxLength: 20 })
        .map(c => String.fromCharCode(...c));
  }
}
const anyParametersWithValues = fc
  .array(
    anyParameter.chain(parameter => anyValue(parameter.type).map(value => ({ parameter, value }))),
    { minLength: 1, maxLength: 8 },
  )
  .map(list => ({ parameters: list.map(p => p.parameter), values: list.map(p => p.value) }));

function pushAll(parser: ProparParser, stream: Uint8Array, cuts: readonly number[]): ProparItem[] {
  const items: ProparItem[] = [];
  const at = [0, ...cuts.map(c => c % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  for (let i = 1; i < at.length; i++) items.push(...parser.push(stream.subarray(at[i - 1], at[i])));
  return items;
}

const framesOf = (items: readonly ProparItem[]) => items.flatMap(i => (i.kind === 'frame' ? [i.frame] : []));

describe('properties', () => {
  test('frames come back whole and in order however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (frames, cuts) => {
          const stream = Buffer.concat(frames.map(encodeFrame));
          expect(pushAll(new ProparParser(), stream, cuts)).toEqual(
            frames.map(frame => ({ kind: 'frame', frame })),
          );
        },
      ),
    );
  });

  test('rubbish without a start mark costs no frame, and every byte of it is accounted for', () => {
    const isQuiet = (b: Uint8Array) => !b.some((v, i) => v === 0x10 && b[i + 1] === 0x02);
    fc.assert(
      fc.property(
        nasty(1, 200).filter(isQuiet),
        anyFrame,
        fc.array(fc.nat(), { maxLength: 12 }),
        (rubbish, frame, cuts) => {
          const items = pushAll(new ProparParser(), Buffer.concat([rubbish, encodeFrame(frame)]), cuts);
          expect(framesOf(items)).toEqual([frame]);
          const discarded = items.flatMap(i => (i.kind === 'discarded' ? [...i.bytes] : []));
          expect(discarded).toEqual([...rubbish]);
        },
      ),
    );
  });

  test('whatever came before, the frame is found after a reset', () => {
    fc.assert(
      fc.property(nasty(0, 300), anyFrame, (rubbish, frame) => {
        const parser = new ProparParser();
        const before = parser.push(rubbish);
        const left = parser.reset();
        const seen = [...before, ...left].reduce(
          (n, i) => n + (i.kind === 'frame' ? encodeFrame(i.frame).length : i.bytes.length),
          0,
        );
        expect(seen).toBe(rubbish.length);
        expect(parser.push(encodeFrame(frame))).toEqual([{ kind: 'frame', frame }]);
      }),
    );
  });

  test('the items do not depend on how any stream is cut', () => {
    fc.assert(
      fc.property(nasty(0, 400), fc.array(fc.nat(), { maxLength: 20 }), (stream, cuts) => {
        expect(pushAll(new ProparParser(), stream, cuts)).toEqual(new ProparParser().push(stream));
      }),
    );
  });

  test('a frame cut off in the middle does not take the next one with it', () => {
    fc.assert(
      fc.property(anyFrame, anyFrame, fc.nat(), (lost, frame, cut) => {
        const wire = encodeFrame(lost);
        const kept = wire.subarray(0, 2 + (cut % Math.max(1, wire.length - 3)));
        fc.pre(kept[kept.length - 1] !== 0x10);
        const found = framesOf(new ProparParser().push(Buffer.concat([kept, encodeFrame(frame)])));
        expect(found.at(-1)).toEqual(frame);
      }),
    );
  });

  test('values come back as written, whatever parameters are chained', () => {
    fc.assert(
      fc.property(anyParametersWithValues, ({ parameters, values }) => {
        const reply = decodeReply(encodeValues(parameters, values), parameters);
        expect(reply).toEqual({ kind: 'values', values });
      }),
    );
  });

  test('any data is decoded or refused as garbled, never anything else', () => {
    fc.assert(
      fc.property(nasty(1, 60), fc.array(anyParameter, { maxLength: 4 }), (data, expected) => {
        let code = 'decoded';
        try {
          decodeReply(data, expected);
        } catch (error) {
          code = (error as { code?: string }).code ?? String(error);
        }
        expect(['decoded', 'garbled']).toContain(code);
      }),
    );
  });

  test('a status is read back as sent', () => {
    expect(decodeReply(encodeStatus(6, 5), [P.fMeasure])).toEqual({ kind: 'status', status: 6, position: 5 });
  });
});
