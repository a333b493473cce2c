import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { loadNight, rehearseOnce } from '../../../control/program/rehearse/rehearse-once.ts';
import { madeOf } from '../../../control/program/result/cut-off.ts';
import { recordedBench } from '../../../control/program/result/recorded-bench.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';

/** The limits that watched a run are read out of its record alone: rows of a matrix, too, whatever has become of its file. */

const dir = mkdtempSync(join(tmpdir(), 'recorded-limits-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A rehearsal on the example's cell with this matrix, and with or without interlocks of its own; the files are gone then. */
async function recordOf(name: string, matrix: string, change: (text: string) => string): Promise<string> {
  const made = join(dir, name);
  cpSync('examples/cell-cycling', made, { recursive: true });
  const rows = readFileSync('examples/limits/cell.yaml', 'utf8');
  writeFileSync(join(made, 'own-limits.yaml'), rows);
  const bench = join(made, 'bench.yaml');
  const text = readFileSync(bench, 'utf8').replace('version: 1\n', `version: 1\nmatrix: ${matrix}\n`);
  writeFileSync(bench, change(text));
  const method = join(made, 'm.yaml');
  writeFileSync(method, 'method: m\nversion: 2\nsteps:\n- { cc: { current_C: 1 }, for_s: 10 }\n');
  const run = join(dir, `${name}-run`);
  mkdirSync(run);
  const { record } = await rehearseOnce(loadNight({ bench, method, seed: 1 }), run, 1);
  record.close();
  rmSync(made, { recursive: true });
  return run;
}

describe('the limits of a record', () => {
  it.each([['cell'], ['own-limits.yaml']])('rows of the matrix %s, as they were in force', async matrix => {
    const run = await recordOf(`of-${matrix}`, matrix, text => text);
    const source = openRunSource(run);
    try {
      const { interlocks } = recordedBench(source);
      const rows = interlocks.filter(({ id }) => id.startsWith('matrix-'));
      expect(rows.length).toBeGreaterThan(0);
      expect(source.result?.limits.map(({ id }) => id).sort()).toEqual(interlocks.map(({ id }) => id).sort());
      expect(madeOf(source).bench.interlocks).toEqual(interlocks);
    } finally {
      source.close();
    }
  });

  it('a condition that names a figure of the bench is judged once more', async () => {
    const own =
      "  - { id: much-charge, kind: expression, when: 'cell.current_A > 1.2 * subject.currentMax_A', reaction: trip, basis: default }\n";
    const run = await recordOf('figure', 'cell', text =>
      text.replace('interlocks:\n', `interlocks:\n${own}`),
    );
    const source = openRunSource(run);
    try {
      const known = recordedBench(source);
      expect(known.interlocks.map(({ id }) => id)).toContain('much-charge');
      expect(known.roles.figures?.subject['currentMax_A']).toBeGreaterThan(0);
      expect(source.result?.limits.find(({ id }) => id === 'much-charge')).toMatchObject({
        fired: 0,
        unit: 'A',
      });
    } finally {
      source.close();
    }
  });
});

describe('the files of a run', () => {
  it('procedures that its method calls, to the end, with their hashes; built-in ones are no file', () => {
    const at = (file: string): string => join(dir, file);
    writeFileSync(at('inner.yaml'), 'procedure: inner\nversion: 2\nsteps:\n- { rest: {}, for_s: 1 }\n');
    writeFileSync(at('outer.yaml'), 'procedure: outer\nversion: 2\nsteps:\n- { call: inner.yaml }\n');
    writeFileSync(
      at('calls.yaml'),
      'method: calls\nversion: 2\nsteps:\n- { call: outer.yaml }\n- { call: inner.yaml }\n- { call: full-charge }\n',
    );
    const { inputs } = loadNight({
      bench: 'examples/cell-cycling/bench.yaml',
      method: at('calls.yaml'),
      seed: 1,
    });
    const called = inputs.flatMap(({ what, path, sha256 }) => (what === 'procedure' ? [[path, sha256]] : []));
    expect(called.sort()).toEqual(
      [at('outer.yaml'), at('inner.yaml')].map(path => [path, sha256Of(readFileSync(path))]).sort(),
    );
  });
});
