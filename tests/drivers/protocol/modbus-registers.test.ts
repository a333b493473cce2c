import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BYTE_ORDERS,
  decodeRegisters,
  encodeRegisters,
  REGISTER_TYPES,
  rawRangeOf,
  textOf,
  toEng,
  toRaw,
  widthOf,
} from '../../../drivers/protocol/modbus-registers.ts';

const VALUES = {
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  uint16: fc.integer({ min: 0, max: 0xffff }),
  int32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  uint32: fc.integer({ min: 0, max: 0xffffffff }),
  // Whole numbers that a double holds.
  int64: fc.maxSafeInteger(),
  uint64: fc.maxSafeNat(),
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
  bcd16: fc.integer({ min: 0, max: 9999 }),
  bcd32: fc.integer({ min: 0, max: 99_999_999 }),
} as const;

describe('registers', () => {
  it.each(REGISTER_TYPES)('%s comes back as it went out, in all orders, at any place', type => {
    fc.assert(
      fc.property(
        VALUES[type],
        fc.constantFrom(...BYTE_ORDERS),
        fc.array(fc.nat(0xffff), { maxLength: 4 }),
        (value, order, before) => {
          const registers = encodeRegisters(value, type, order);
          expect(registers).toHaveLength(widthOf(type));
          for (const register of registers) expect(register).toBe(register & 0xffff);
          expect(decodeRegisters([...before, ...registers, 7], before.length, type, order)).toBe(value);
          const [low, high] = rawRangeOf(type);
          expect(value === Infinity || value === -Infinity || (value >= low && value <= high)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    // 80.0 as in the EA programming guide; -2 and 100000 by hand.
    ['float32', 'ABCD', [0x42a0, 0], 80],
    ['int16', 'ABCD', [0xfffe], -2],
    ['int32', 'ABCD', [1, 0x86a0], 100000],
    ['int32', 'CDAB', [0x86a0, 1], 100000],
    ['uint32', 'ABCD', [0xffff, 0xffff], 4294967295],
    // 25.0 = 0x41C80000 in the four orders; the T7's test value; 64 bit and decimal digits by hand.
    ['float32', 'CDAB', [0, 0x41c8], 25],
    ['float32', 'BADC', [0xc841, 0], 25],
    ['float32', 'DCBA', [0, 0xc841], 25],
    ['uint32', 'ABCD', [0x0011, 0x2233], 0x00112233],
    ['int16', 'BADC', [0xfeff], -2],
    ['int64', 'ABCD', [0xffff, 0xffff, 0xffff, 0xfffe], -2],
    ['uint64', 'CDAB', [0x86a0, 1, 0, 0], 100000],
    ['float64', 'ABCD', [0x4054, 0, 0, 0], 80],
    ['bcd16', 'ABCD', [0x1234], 1234],
    ['bcd32', 'ABCD', [0x0012, 0x3456], 123456],
    ['bcd32', 'CDAB', [0x3456, 0x0012], 123456],
  ] as const)('%s %s %j is %d', (type, order, registers, value) => {
    expect(decodeRegisters(registers, 0, type, order)).toBe(value);
  });

  it('a reply that is too short has no value', () => {
    expect(decodeRegisters([], 0, 'uint16')).toBeNaN();
    expect(decodeRegisters([1], 0, 'float32')).toBeNaN();
  });

  it('a broken float stays NaN: it is never 0', () => {
    expect(decodeRegisters([0x7fc0, 0], 0, 'float32')).toBeNaN();
  });

  it('digits above 9 are no number', () => {
    expect(decodeRegisters([0x12a4], 0, 'bcd16')).toBeNaN();
  });

  it('text ends at the first NUL', () => {
    expect(textOf([0x5053, 0x4220, 0x3100, 0x4142])).toBe('PSB 1');
    expect(textOf([0x4142])).toBe('AB');
  });
});

describe('scaling', () => {
  const scalings = fc
    .record({
      r0: fc.integer({ min: -30000, max: 30000 }),
      dr: fc.integer({ min: 1, max: 60000 }),
      e0: fc.integer({ min: -1000, max: 1000 }),
      de: fc.integer({ min: 1, max: 1_000_000 }),
    })
    .map(({ r0, dr, e0, de }) => ({ raw: [r0, r0 + dr] as const, eng: [e0, e0 + de / 100] as const }));

  it('raw -> eng -> raw is the same raw value', () => {
    fc.assert(
      fc.property(scalings, fc.integer({ min: -32768, max: 65535 }), (scaling, raw) => {
        expect(toRaw(toEng(raw, scaling), scaling)).toBe(raw);
      }),
    );
  });

  it('eng -> raw -> eng is off by half a step at most', () => {
    fc.assert(
      fc.property(scalings, fc.double({ min: 0, max: 1, noNaN: true }), (scaling, part) => {
        const value = scaling.eng[0] + part * (scaling.eng[1] - scaling.eng[0]);
        const step = (scaling.eng[1] - scaling.eng[0]) / (scaling.raw[1] - scaling.raw[0]);
        expect(Math.abs(toEng(toRaw(value, scaling), scaling) - value)).toBeLessThanOrEqual(0.5001 * step);
      }),
    );
  });

  it('the ends of the line are exact', () => {
    const scaling = { raw: [0, 0xcccc], eng: [0, 2400] } as const;
    expect([toEng(0, scaling), toEng(0x6666, scaling), toEng(0xcccc, scaling)]).toEqual([0, 1200, 2400]);
  });
});
