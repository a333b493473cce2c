import { describe, expect, it } from 'vitest';
import { frequenciesOf } from '../../../drivers/contract/measure/impedance.ts';
import { potentialsOf, type SweepRequest } from '../../../drivers/contract/measure/sweep.ts';
import { PointsCount } from '../../../drivers/contract/measure/whole.ts';

const EIS = {
  control: 'voltage',
  amplitude: 0.01,
  from_Hz: 1e4,
  to_Hz: 1,
  pointsPerDecade: 10,
  cycles: 2,
  dc: 'keep',
} as const;
const CV: SweepRequest = {
  kind: 'cv',
  from_V: 0,
  vertices_V: [0.5, -0.5],
  step_V: 0.01,
  rate_V_per_s: 0.1,
  scans: 2,
};
const LSV: SweepRequest = { kind: 'lsv', from_V: 0, to_V: 1, step_V: 0.01, rate_V_per_s: 0.1 };

type Row = readonly [values: number[], quality?: number[]];
const spectrum = (): Row[] => [...frequenciesOf(EIS)].map(f => [[f, 0.02, -0.001]] as const);
const curve = (of: SweepRequest): Row[] =>
  [...potentialsOf(of)].map(({ scan, set_V }) => [[scan, set_V, set_V, 0.001]] as const);
const without = (rows: Row[], from: number, count: number): Row[] => rows.toSpliced(from, count);

describe('what has come of a measurement', () => {
  it.each([
    ['all', spectrum(), 41, true],
    ['the order turned round', spectrum().reverse(), 41, true],
    [
      'frequencies as the instrument rounds them',
      spectrum().map(([v]): Row => [[1.02 * v[0], v[1], v[2]]]),
      41,
      true,
    ],
    ['the stream broke after 30', spectrum().slice(0, 30), 30, false],
    ['a gap in the middle', without(spectrum(), 10, 2), 39, false],
    [
      'as many rows, some of them twice',
      spectrum().map((row, i, all) => (i < 30 ? row : all[29])),
      30,
      false,
    ],
    [
      'rows without a number',
      spectrum().map(([v], i): Row => [i < 11 ? [v[0], Number.NaN, v[2]] : v]),
      30,
      false,
    ],
    ['bad rows', spectrum().map(([v], i): Row => [v, i < 11 ? [4, 4, 4] : [0, 0, 0]]), 30, false],
    ['rows that are uncertain', spectrum().map(([v]): Row => [v, [2, 2, 2]]), 41, true],
    ['nothing', [], 0, false],
  ] as const)('of a spectrum: %s', (_, rows, points, isWhole) => {
    const count = new PointsCount(EIS);
    for (const [values, quality] of rows) count.add(values, quality);
    expect(count.found).toEqual({ points, asked: 41, isWhole });
  });

  it.each([
    ['all of a cycle', CV, curve(CV), true],
    ['all of a line', LSV, curve(LSV), true],
    [
      'each corner twice',
      CV,
      curve(CV).flatMap(row => (Math.abs(row[0][1]) > 0.4999 ? [row, row] : [row])),
      true,
    ],
    ['no corner', CV, curve(CV).filter(row => Math.abs(row[0][1]) < 0.4999), true],
    ['steps of another height', LSV, curve({ ...LSV, step_V: 0.0102 }), true],
    ['broken off', LSV, curve(LSV).slice(0, 75), false],
    ['begun late', LSV, curve(LSV).slice(10), false],
    ['a gap', LSV, without(curve(LSV), 40, 3), false],
    ['a gap over a corner', CV, without(curve(CV), 45, 10), false],
    ['one scan less', CV, curve({ ...CV, scans: 1 }), false],
    [
      'rows without a current',
      LSV,
      curve(LSV).map(([v], i): Row => [i % 20 < 3 ? [...v.slice(0, 3), Number.NaN] : v]),
      false,
    ],
    ['nothing', LSV, [], false],
  ] as const)('of a curve: %s', (_, request, rows, isWhole) => {
    const count = new PointsCount(request);
    for (const [values, quality] of rows) count.add(values, quality);
    const { found } = count;
    expect(found.isWhole).toBe(isWhole);
    if (!isWhole) expect(found.points).toBeLessThan(found.asked);
  });
});
