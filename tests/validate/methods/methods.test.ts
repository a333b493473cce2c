import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInNames } from '../../../profiles/language/methods/built-in.ts';
import { EVALUATIONS } from '../../../profiles/language/methods/index.ts';
import { rowsOf } from '../covered/covered.ts';
import { type CoveredFigure, coveredRun, loadCovered } from '../covered/covered-run.ts';
import { METHOD_NIGHTS } from './method-nights.ts';
import { type MethodRow, rowsOfMethods, verdictOf } from './method-rows.ts';

/** Two seeds of what `npm run validate:methods` does two hundred times: every method runs, every figure is near its truth. */

const SEEDS = 2;
const FROM = 7000;
/** So few seeds tell a figure that is wrong from one that is right only by far more than its uncertainty. */
const FAR = 2.5;

const scratch = mkdtempSync(join(tmpdir(), 'cellbench-methods-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(METHOD_NIGHTS)('$name', { timeout: 240_000 }, night => {
  it('gives the figures of its methods, each near what is true of the twin', async () => {
    const files = loadCovered(night);
    const figures: CoveredFigure[] = [];
    for (let seed = FROM; seed < FROM + SEEDS; seed++)
      figures.push(...(await coveredRun(files, seed, scratch)));
    const rows = rowsOfMethods(night, rowsOf(night, figures));
    expect([...new Set(rows.map(({ method }) => method))].toSorted()).toEqual(night.methods.toSorted());
    const far = rows.filter(({ value, truth, u95 }) => !(Math.abs(value - truth) <= FAR * u95));
    expect(
      far.map(({ method, figure, value, truth, u95 }) => ({ method, figure, value, truth, u95 })),
    ).toEqual([]);
    expect(rows.filter(({ n }) => n !== SEEDS)).toEqual([]);
  });
});

/**
 * Methods that no night tries: inerting gives no figures; those of impedance are held against the plants' own impedance in
 * tests/profiles/language/methods/spectrum-figures.test.ts.
 */
const WITHOUT: readonly string[] = ['conductivity', 'eis-at-loads', 'eis-at-soc', 'inerting'];

it('tries every built-in method that has figures', () => {
  const tried = METHOD_NIGHTS.flatMap(({ methods }) => methods);
  expect(tried.every(method => Object.hasOwn(EVALUATIONS, method))).toBe(true);
  expect(builtInNames().filter(name => !tried.includes(name))).toEqual(WITHOUT);
});

it('takes a share for 93 to 97 % as far as the number of seeds tells', () => {
  const of = (held: number, n: number): MethodRow['within'] => verdictOf(held, n);
  // 200 seeds: 2 standard deviations of 93 % are 3.6 %, of 97 % 2.4 %.
  expect([178, 179, 186, 194, 195, 198, 199].map(held => of(held, 200))).toEqual([
    'narrow',
    'noise',
    'yes',
    'yes',
    'noise',
    'noise',
    'wide',
  ]);
});
