import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeError } from '../../../drivers/protocol/method-script/errors.ts';
import { decodeNumber, literal } from '../../../drivers/protocol/method-script/number.ts';
import { decodePackage, decodeTwice } from '../../../drivers/protocol/method-script/package.ts';
import { packageNumber, packageVariable, scriptNumber } from '../../../sim/device/palmsens/words.ts';

/** The text of a MethodSCRIPT instrument. A large run: `FUZZ_RUNS=1000000 npx vitest run tests/drivers/protocol/method-script`. */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2000);

/** Packages as published by the maker (the first two), and worked by hand: line, then type, value, status, range of each. */
const PACKAGES: readonly (readonly [
  line: string,
  values: readonly (readonly [type: string, value: number, status?: number, range?: number])[],
])[] = [
  [
    'Pda7F85F3Fu;ba48D503Dp,10,288',
    [
      ['da', -0.499905],
      ['ba', -57.847747e-6, 0, 0x88],
    ],
  ],
  [
    'PdcDF5DFF4u;cc896D904m,10,287;cd82DB1A8u,10,287',
    [
      ['dc', 99.999732],
      ['cc', 9885.956, 0, 0x87],
      ['cd', 2.9946, 0, 0x87],
    ],
  ],
  [
    'Pda81C3A90u;ba8BEBC20n,10,218',
    [
      ['da', 1.85],
      ['ba', 12.5e-3, 0, 0x18],
    ],
  ],
  [
    'Pda81C3A90u;ba74143E0n,11,218',
    [
      ['da', 1.85],
      ['ba', -12.5e-3, 1, 0x18],
    ],
  ],
  [
    'Peb8BEBC20u;ab81C438Cu',
    [
      ['eb', 12.5],
      ['ab', 1.8523],
    ],
  ],
  [
    'Pdc80F4240m;cc9EFE920n,10,21B;cd7C17060n,10,206',
    [
      ['dc', 1000],
      ['cc', 32.5e-3, 0, 0x1b],
      ['cd', -4.1e-3, 0, 0x06],
    ],
  ],
];

describe('a package', () => {
  it.each(PACKAGES)('%s', (line, values) => {
    const decoded = decodePackage(line);
    expect(decoded).toHaveLength(values.length);
    for (const [i, [type, value, status, range]] of values.entries()) {
      expect(decoded?.[i]).toMatchObject({ type, status, range });
      expect(decoded?.[i].value).toBeCloseTo(value, 12);
    }
  });

  it.each(PACKAGES.slice(2))('%s is what the emulator writes', (line, values) => {
    const written = values.map(([type, value, status, range]) =>
      packageVariable({ type, value, isWhole: false, status, range }),
    );
    expect(`P${written.join(';')}`).toBe(line);
  });

  it('nan is no number; a kind that nobody knows is skipped', () => {
    expect(decodePackage('Pba     nan,14,203')?.[0]).toMatchObject({
      value: Number.NaN,
      status: 4,
      range: 3,
    });
    expect(decodePackage('Pba8000000 ,10,40A,203,7FF')?.[0]).toMatchObject({ value: 0, status: 0, range: 3 });
  });

  it.each([
    'P',
    'Pba',
    'Pba8000000',
    'Pba8000000x',
    'Pba800000G ',
    'Pba8000000 ,1',
    'Pba8000000 ,10,12',
    'Pba8000000 ,110',
    'Pba8000000 ,2188',
    'Pba8000000 ;',
    'Pba8000000 ,10 ',
    'PBA8000000 ',
    'Xba8000000 ',
    'Pba 8000000',
  ])('"%s" is none', line => expect(decodePackage(line)).toBeUndefined());
});

describe('numbers', () => {
  it('a package gives back what was written, to the last of 27 bits', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), value => {
        const read = decodeNumber(packageNumber({ value, isWhole: false }));
        expect(Math.abs((read ?? Number.NaN) - value)).toBeLessThanOrEqual(
          Math.max(0.5e-18, Math.abs(value) / 130_000),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('a literal means to the instrument what was meant, and has no decimal point', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), value => {
        const text = literal(value);
        expect(text).toMatch(/^-?\d+[pnumkM]?$/);
        const read = scriptNumber(text)?.value ?? Number.NaN;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.5e-12, Math.abs(value) / 130_000));
      }),
      { numRuns: RUNS },
    );
    expect([1.85, 200e3, -0.05, 0, 0.0125, 1].map(literal)).toEqual([
      '1850m',
      '200k',
      '-50m',
      '0',
      '12500u',
      '1',
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e15])('%s never becomes a literal', value =>
    expect(() => literal(value)).toThrow(RangeError),
  );
});

describe('what is said twice', () => {
  const variable = fc.record({
    type: fc.constantFrom('ab', 'ba', 'da', 'db', 'cc', 'cd', 'dc'),
    value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    isWhole: fc.constant(false),
    status: fc.constantFrom(undefined, 0, 1, 2, 4, 8),
    range: fc.constantFrom(undefined, 3, 0x1b, 0x88),
  });
  const sent = fc.tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.array(variable, { maxLength: 3 }));
  const lineOf = ([number, values]: [
    number,
    { type: string; value: number; isWhole: boolean }[],
  ]): string => {
    const all = values.map(packageVariable);
    return `P${[packageVariable({ type: 'ja', value: number, isWhole: true }), ...all, ...all].join(';')}`;
  };

  it('a line of which one character was damaged, lost or added is not believed, or says the same', () => {
    fc.assert(
      fc.property(
        sent,
        fc.nat(),
        fc.constantFrom(0, 1, 2),
        fc.string({ minLength: 1, maxLength: 1 }),
        (what, at, how, c) => {
          const line = lineOf(what);
          const i = at % line.length;
          const damaged = line.slice(0, i) + (how === 1 ? '' : c) + line.slice(how === 2 ? i : i + 1);
          const read = decodeTwice(damaged);
          // The number of a script is one of its own: another one is dropped by whoever waits for it.
          if (read === undefined || read.number !== what[0]) return;
          expect(read.values.map(({ text }) => text)).toEqual(what[1].map(packageVariable));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('random and mutated lines: no crash, and what is read has a value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(text => `P${text}`),
          sent.map(lineOf),
        ),
        fc.string(),
        (a, b) => {
          const line = a.slice(0, a.length / 2) + b + a.slice(a.length / 2);
          for (const text of [a, line]) {
            for (const { value, text: own } of decodePackage(text) ?? [])
              expect(Number.isFinite(value) || own.includes('nan')).toBe(true);
            decodeTwice(text);
            decodeError(text);
            decodeNumber(text);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});

it.each([
  ['e!4001: Line 1, Col 27', { command: 'e', code: '4001' }],
  ['!0032: Line 14', { command: '', code: '0032' }],
  ['Z!0006', { command: 'Z', code: '0006' }],
  ['x!7FFE', { command: 'x', code: '7FFE' }],
])('error %s', (line, error) => {
  expect(decodeError(line)).toMatchObject(error);
  expect(decodeError(line)?.text).toContain(`error ${error.code}`);
});
