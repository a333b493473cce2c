import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInNames } from '../../../profiles/language/methods/built-in.ts';
import { EVALUATIONS } from '../../../profiles/language/methods/index.ts';
import { rowsOf } from '../covered/covered.ts';
import { type CoveredFigure, coveredRun, loadCovered } from '../covered/covered-run.ts';
import { METHOD_NIGHTS, type MethodNight } from './method-nights.ts';
import { type MethodRow, rowsOfMethods, verdictOf } from './method-rows.ts';

/** One seed of what `npm run validate:methods` does two hundred times: every method runs, every figure is near its truth. */

const SEEDS = 1;
const FROM = 7000;
/** One seed tells a figure that is wrong from one that is right only by far more than its uncertainty. */
const FAR = 2.5;
/** Rows that are left out around a method may make its figures less certain by so much: rests tell the zero of a meter. */
const WIDER = 1.2;

const scratch = mkdtempSync(join(tmpdir(), 'cellbench-methods-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The method of a night with a rule that keeps next to nothing, beside the files that it reads. */
function thinned(night: MethodNight): MethodNight {
  const folder = join(scratch, 'thinned');
  cpSync(dirname(night.method), folder, { recursive: true });
  const method = join(folder, basename(night.method));
  const text = readFileSync(night.method, 'utf8');
  writeFileSync(method, text.replace('version: 2\n', 'version: 2\nrecord: { every_s: 600 }\n'));
  return { ...night, method, ideal: [] };
}

describe.each(METHOD_NIGHTS)('$name', { timeout: 240_000 }, night => {
  const whole: CoveredFigure[] = [];

  it('gives the figures of its methods, each near what is true of the twin', async () => {
    const files = loadCovered(night);
    const figures: CoveredFigure[] = [];
    for (let seed = FROM; seed < FROM + SEEDS; seed++)
      figures.push(...(await coveredRun(files, seed, scratch)));
    whole.push(...figures.slice(0, figures.length / SEEDS));
    const rows = rowsOfMethods(night, rowsOf(night, figures));
    expect([...new Set(rows.map(({ method }) => method))].toSorted()).toEqual(night.methods.toSorted());
    const far = rows.filter(({ value, truth, u95 }) => !(Math.abs(value - truth) <= FAR * u95));
    expect(
      far.map(({ method, figure, value, truth, u95 }) => ({ method, figure, value, truth, u95 })),
    ).toEqual([]);
    expect(rows.filter(({ n }) => n !== SEEDS)).toEqual([]);
  });

  it('gives the same figures, each within its uncertainty, where the method keeps a row in ten minutes', async () => {
    const found = await coveredRun(loadCovered(thinned(night)), FROM, scratch);
    expect(found.map(({ figure }) => figure)).toEqual(whole.map(({ figure }) => figure));
    const other = found.filter(({ value, u95 }, i) => {
      return !(Math.abs(value - whole[i].value) <= whole[i].u95 && u95 <= WIDER * whole[i].u95);
    });
    expect(other.map(one => [one, whole.find(({ figure }) => figure === one.figure)])).toEqual([]);
  });
});

/**
 * Methods that no night tries: inerting gives no figures; those of impedance are held against the plants' own impedance in
 * tests/profiles/language/methods/spectrum-figures.test.ts.
 */
const WITHOUT: readonly string[] = [
  'conductivity',
  'cyclic-voltammetry',
  'eis-at-loads',
  'eis-at-soc',
  'inerting',
];

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
