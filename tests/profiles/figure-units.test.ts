import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIGURE_UNITS, figureUnit } from '../../profiles/kpi.ts';
import { EVALUATIONS } from '../../profiles/language/methods/index.ts';

/** One unit, one spelling: a figure of the run and the same one of a method are compared by their unit, too. */

const PROFILES = new URL('../../profiles/', import.meta.url).pathname;
/** What has no figures of a result, but units of files and programs. */
const OTHERS = /^(data-file|language\/(?!methods|run))/;

it('every unit of a figure is of the one table', () => {
  const known: readonly string[] = FIGURE_UNITS;
  expect(new Set(known).size).toBe(known.length);
  const files = readdirSync(PROFILES, { recursive: true, encoding: 'utf8' });
  const own = files.filter(name => name.endsWith('.ts') && !OTHERS.test(name));
  const written = own.flatMap(name =>
    [...readFileSync(join(PROFILES, name), 'utf8').matchAll(/\bunit: '([^']+)'/g)].map(([, unit]) => unit),
  );
  expect(written.length).toBeGreaterThan(150);
  const listed = Object.values(EVALUATIONS).flatMap(({ figures }) => figures.map(({ unit }) => unit));
  expect([...new Set([...written, ...listed])].filter(unit => !known.includes(unit))).toEqual([]);
});

it.each([
  ['pct', 'pct'],
  ['NL_per_min', 'NL/min'],
  ['count', '1'],
  [undefined, '1'],
])('what a method returns in %s has the unit %s', (name, unit) => {
  expect(figureUnit(name)).toBe(unit);
});
