import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellChamber } from '../../../sim/plant/cell/chamber.ts';
import { cellHeat } from '../../../sim/plant/cell/heat.ts';
import { risingRoot, rootBetween } from '../../../sim/plant/cell/root.ts';
import { cellTable } from '../../../sim/plant/cell/table.ts';

describe('roots', () => {
  it('of rising functions, straight, steep and flat, wherever the search begins', () => {
    const shapes = [
      (x: number) => x,
      (x: number) => x ** 3,
      (x: number) => Math.sinh(20 * x),
      (x: number) => Math.atan(50 * x),
      (x: number) => (x < 0 ? 1e-3 * x : 1e3 * x),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (shape, zero, guess) => {
          let calls = 0;
          const f = (x: number): number => {
            calls++;
            return shape(x - zero);
          };
          expect(Math.abs(shape(risingRoot(f, guess, 1e-3, -2, 2, 1e-9) - zero))).toBeLessThanOrEqual(1e-9);
          expect(calls).toBeLessThan(120);
        },
      ),
    );
  });

  it('beyond the bounds: the nearer bound; without a change of sign: the smaller end', () => {
    expect(risingRoot(x => x + 5, 0, 0.1, -2, 2, 1e-9)).toBe(-2);
    expect(risingRoot(x => x - 5, 0, 0.1, -2, 2, 1e-9)).toBe(2);
    expect(rootBetween(x => x * x + 1, -1, 3, 1e-9)).toBe(-1);
  });
});

describe('tables', () => {
  const x = [0, 0.05, 0.1, 0.4, 0.5, 1];
  const y = [2.5, 3.1, 3.3, 3.66, 3.75, 4.2];
  const table = cellTable(x, y);

  it('meet their points, never overshoot, and hold their ends', () => {
    x.forEach((at, i) => {
      expect(table.at(at)).toBeCloseTo(y[i], 12);
    });
    expect([table.at(-1), table.at(2), table.at(Number.NaN)]).toEqual([2.5, 4.2, 2.5]);
    let last = table.at(0);
    for (let at = 0.001; at <= 1; at += 0.001) {
      const now = table.at(at);
      expect(now).toBeGreaterThan(last);
      last = now;
    }
  });

  it('know their own slope, and have no kink in it', () => {
    for (let at = 0.003; at < 1; at += 0.0071)
      expect(table.slope(at)).toBeCloseTo((table.at(at + 1e-6) - table.at(at - 1e-6)) / 2e-6, 4);
    for (const at of x.slice(1, -1)) expect(table.slope(at - 1e-9)).toBeCloseTo(table.slope(at + 1e-9), 4);
  });

  it('refuse what is no table', () => {
    expect(() => cellTable([0, 0], [1, 2])).toThrow(RangeError);
    expect(() => cellTable([0], [1])).toThrow('table of 1 x');
  });
});

describe('heat of cell and holder', () => {
  const p = { cell_J_per_K: 40, cellToHolder_W_per_K: 0.5, holder_J_per_K: 20, holderToAir_W_per_K: 0.1 };

  it('is exact for any step: one of 1000 s equals a thousand of 1 s', () => {
    const coarse = cellHeat(p, 25);
    const fine = cellHeat(p, 25);
    coarse.step(2, 20, 1000);
    for (let t = 0; t < 1000; t++) fine.step(2, 20, 1);
    expect(fine.cell_degC).toBeCloseTo(coarse.cell_degC, 9);
    expect(fine.holder_degC).toBeCloseTo(coarse.holder_degC, 9);
  });

  it('loses nothing: what was made is in the lumps or has gone to the air', () => {
    const heat = cellHeat(p, 25);
    let gone_J = 0;
    for (let t = 0; t < 100_000; t++) {
      const before = heat.holder_degC;
      heat.step(2, 25, 0.01);
      gone_J += 0.1 * ((before + heat.holder_degC) / 2 - 25) * 0.01;
    }
    const stored_J = 40 * (heat.cell_degC - 25) + 20 * (heat.holder_degC - 25);
    expect((stored_J + gone_J) / 2000).toBeCloseTo(1, 5);
  });

  it('ends at 1000 degC, where no cell is left', () => {
    const heat = cellHeat(p, 25);
    heat.step(1e12, 25, 10);
    expect(heat.cell_degC).toBe(1000);
  });
});

it('the chamber ramps at 3 K/min at most and settles on its setpoint', () => {
  const chamber = cellChamber(25);
  chamber.step(60, 0, 60);
  expect(chamber.air_degC).toBeCloseTo(28, 9);
  for (let t = 0; t < 7200; t++) chamber.step(60, 0, 1);
  expect(chamber.air_degC).toBeCloseTo(60, 3);
  chamber.step(60, -20, 1);
  expect(chamber.air_degC).toBeCloseTo(40, 3);
});
