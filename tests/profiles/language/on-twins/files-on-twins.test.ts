import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runWithTruth, type TruthRun } from '../../../support/truth-run.ts';
import { layOutFiles } from './data-files.ts';
import { CALLED, type FileRow, ROWS } from './rows.ts';

/**
 * Every example file of the language on a twin, in virtual time, shortened: it ends as it should, each step as often and by
 * what it should, its charge as it is in the twin, and not later than its longest time.
 */

const FILES = new URL('../files/', import.meta.url);
const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'files-on-twins-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const benchOf = (name: string): string => join(EXAMPLES, name, 'bench.yaml');
const textOf = (file: string): string => readFileSync(new URL(`${file}.yaml`, FILES), 'utf8');

/** Set values on the wire take this much more than a method can know, of its time. */
const ON_THE_WIRE = 1.02;

function shortened({ file, shorter = [], before = [] }: FileRow): string {
  let text = textOf(file);
  for (const [from, to] of shorter) {
    if (!text.includes(from)) throw new Error(`${file}: no "${from}"`);
    text = text.replace(from, to);
  }
  return text.replace('steps:\n', ['steps:', ...before, ''].join('\n'));
}

/** `cc time`: how many. */
function endsOf({ steps }: TruthRun): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { op, ended } of steps) found[`${op} ${ended}`] = (found[`${op} ${ended}`] ?? 0) + 1;
  return found;
}

it('stands in one of the tables, each of them', () => {
  const listed = [...ROWS.map(row => row.file), ...CALLED];
  expect(listed.sort()).toEqual(
    readdirSync(FILES)
      .map(name => name.replace('.yaml', ''))
      .sort(),
  );
});

describe.each(ROWS)('$file on $bench', row => {
  it('ends as it should, and not later', { timeout: 120_000 }, async () => {
    const text = shortened(row);
    const at = layOutFiles(join(dir, row.file), `${row.file}.yaml`, text);
    const { moved, given = [] } = row;
    const also = moved === undefined ? [] : [moved.truth];
    const run = await runWithTruth(benchOf(row.bench), text, { at, given, also });
    expect([run.state, run.reason]).toEqual(['Complete', expect.anything()]);
    if (process.env['SHOW'] !== undefined)
      console.log(row.file, endsOf(run), run.took_s, run.longest_s, run.notes);
    expect(endsOf(run)).toMatchObject(row.steps);
    expect(run.longest_s, 'longest time').toBeDefined();
    expect(run.took_s).toBeLessThanOrEqual(ON_THE_WIRE * (run.longest_s ?? 0) + 60);
    if (moved === undefined) return;
    const { t_s, value } = run.truth(moved.truth);
    const valueAt = (at_s: number): number => value[t_s.findLastIndex(t => t <= at_s + 1e-6)];
    const own = run.steps.filter(step => step.id === moved.id);
    expect(own).not.toEqual([]);
    for (const { start_s, end_s } of own)
      expect(Math.abs(valueAt(end_s) - valueAt(start_s) - moved.by)).toBeLessThan(moved.within);
  });
});
