import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoadedBench, parseBench } from '../../../../control/bench/bench-file.ts';
import { MATRIX_NAMES, readMatrix } from '../../../../control/bench/matrix/matrix-file.ts';
import { matrixLines } from '../../../../control/bench/matrix/matrix-text.ts';
import { describeDevice } from '../../../../control/program/open-devices.ts';
import { dataFilesOf } from '../../../../control/program/result/inputs.ts';

/** The matrices that come with the program, on the example benches. */

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;

function benchWith(
  matrix: string,
  name = 'pem-500kw',
  change: (text: string) => string = t => t,
): LoadedBench {
  const path = `${EXAMPLES}${name}/bench.yaml`;
  const text = readFileSync(path, 'utf8').replace('version: 1\n', `version: 1\nmatrix: ${matrix}\n`);
  return parseBench(path, change(text), describeDevice);
}

const rowsOf = ({ matrix }: LoadedBench): Record<string, string> =>
  Object.fromEntries((matrix?.rows ?? []).map(({ id, is, why }) => [id, why === '' ? is : `${is}: ${why}`]));
const idsOf = ({ bench }: LoadedBench): string[] => bench.interlocks.map(({ id }) => id);

describe('the matrices that come with the program', () => {
  it.each(MATRIX_NAMES)('%s: every row has its basis and source, each name once', name => {
    const { rows } = readMatrix(name, '.');
    expect(rows.length).toBeGreaterThan(9);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const row of rows) expect(row.source.length, row.id).toBeGreaterThan(5);
    expect(rows.some(row => row['reaction'] === 'trip')).toBe(true);
  });

  it.each([
    ['pem-500kw', 'pem'],
    ['alkaline-500kw', 'alkaline'],
    ['aem-5-cells', 'aem'],
    ['pcec', 'soec'],
    ['lib-suite', 'cell'],
  ])(
    '%s takes %s by one line; every row is judged, left to a stricter one, or named as not watched',
    (name, use) => {
      const plain = parseBench(
        `${EXAMPLES}${name}/bench.yaml`,
        readFileSync(`${EXAMPLES}${name}/bench.yaml`, 'utf8'),
        describeDevice,
      );
      const loaded = benchWith(use, name);
      const rows = loaded.matrix?.rows ?? [];
      expect(rows.length).toBe(readMatrix(use, '.').rows.length);
      const judged = rows.filter(({ is }) => is === 'watched').map(({ id }) => `matrix-${id}`);
      expect(idsOf(loaded)).toEqual([...idsOf(plain), ...judged]);
      for (const { is, why } of rows) if (is !== 'watched') expect(why).not.toBe('');
    },
  );
});

describe('a bench with a matrix', () => {
  it('leaves what is as strict to its own interlock, and adds what is stricter than it', () => {
    const rows = rowsOf(benchWith('pem'));
    expect(rows['h2-in-o2-trip']).toBe('own: h2-in-o2-trip of the bench is as strict or stricter');
    expect(rows['h2-in-o2-alarm']).toBe('watched');
    const laxer = benchWith('pem', 'pem-500kw', text =>
      text.replace(
        "id: h2-in-o2-trip, kind: threshold, role: o2.h2_vol_pct, trips: '>', limit: 2.0",
        "id: h2-in-o2-trip, kind: threshold, role: o2.h2_vol_pct, trips: '>', limit: 2.4",
      ),
    );
    expect(rowsOf(laxer)['h2-in-o2-trip']).toBe('watched');
    expect(idsOf(laxer)).toContain('matrix-h2-in-o2-trip');
  });

  it('names what it has no sensor and no figure for', () => {
    const loaded = benchWith('pem', 'pem-500kw', text =>
      text
        .replace('  water.conductivity_uS_per_cm: plc.conductivity_uS_per_cm\n', '')
        .replace(/ {2}- \{ id: conductivity-high.*\n/, ''),
    );
    const rows = rowsOf(loaded);
    expect(rows['conductivity-trip']).toBe('not watched: no sensor for water.conductivity_uS_per_cm');
    expect(rows['ventilation-flow-trip']).toBe(
      'not watched: the bench file has no figures.ventilation_m3_per_h',
    );
    const lines = loaded.matrix === undefined ? [] : matrixLines(loaded.matrix);
    expect(lines.join('\n')).toContain(
      'conductivity-trip: not watched, no sensor for water.conductivity_uS_per_cm',
    );
  });

  it('takes a limit of the bench file: water flow by its least flow', () => {
    const spec = benchWith('pem').bench.interlocks.find(({ id }) => id === 'matrix-water-flow-alarm');
    expect(spec).toMatchObject({ limit: 180, reaction: 'warn', armed: 'load' });
  });

  it('takes a stricter one without a word, a laxer one only with its reason, which it keeps', () => {
    const stricter = benchWith('{ use: pem, change: { h2-in-o2-alarm: { limit: 1.4 } } }');
    expect(rowsOf(stricter)['h2-in-o2-alarm']).toBe('changed: limit 1.4');
    expect(stricter.accepted.filter(({ check }) => check === 'laxer-than-matrix')).toEqual([]);
    expect(() => benchWith('{ use: pem, change: { h2-in-o2-alarm: { limit: 1.8 } } }')).toThrow(
      /bench\.yaml:6: matrix\.change\.h2-in-o2-alarm: limit 1\.8 in place of 1\.6, laxer than the matrix: expected accepted/,
    );
    for (const [laxer, says] of [
      ['delay_s: 9', 'delay_s 9 in place of 2'],
      ['reaction: warn', 'warn in place of hold'],
      ['armed: load', 'armed: load'],
    ])
      expect(() => benchWith(`{ use: pem, change: { h2-in-o2-alarm: { ${laxer} } } }`)).toThrow(says);
    const accepted = benchWith('{ use: pem, change: { h2-in-o2-alarm: { limit: 1.8, accepted: tried } } }');
    expect(accepted.accepted).toContainEqual({
      place: 'matrix.change.h2-in-o2-alarm',
      line: 6,
      check: 'laxer-than-matrix',
      reason: 'tried',
    });
    expect(() =>
      benchWith('{ use: pem, change: { h2-in-o2-alarm: { limit: 1.4, accepted: tried } } }'),
    ).toThrow('accepts nothing');
  });

  it('may suspend where the matrix holds, and leave a row out with its reason', () => {
    const recover = '{ set: { stack.currentSet_A: 200 }, for_s: 60, within_s: 900, at_most: 3 }';
    const loaded = benchWith(
      `{ use: pem, change: { h2-in-o2-alarm: { reaction: suspend, recover: ${recover} }, conductivity-alarm: { off: the loop is changed daily } } }`,
    );
    expect(loaded.bench.interlocks.find(({ id }) => id === 'matrix-h2-in-o2-alarm')).toMatchObject({
      reaction: 'suspend',
      recover: { at_most: 3 },
    });
    expect(rowsOf(loaded)['conductivity-alarm']).toBe('not watched: off: the loop is changed daily');
  });

  it.each([
    ['petrol', /cannot be opened/],
    [
      '{ use: pem, change: { h2-in-o2-tripp: on } }',
      /has no row of this name \(did you mean h2-in-o2-trip\?\)/,
    ],
    ['{ use: pem, change: { h2-in-o2-trip: { off: " " } } }', /expected the reason as a text, not blanks/],
    [
      '{ use: pem, change: { h2-in-o2-alarm: { limit: 200, accepted: a } } }',
      /bench\.yaml:6: matrix: matrix-h2-in-o2-alarm: .*out of the range/,
    ],
  ])('matrix: %s is refused', (matrix, says) => {
    expect(() => benchWith(matrix)).toThrow(says);
  });
});

describe('a row that is a condition', () => {
  const dir = mkdtempSync(join(tmpdir(), 'matrix-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const withRow = (when: string, own = ''): LoadedBench => {
    const path = join(dir, 'own.yaml');
    const row = `{ id: gas-at-rest, kind: expression, when: ${when}, reaction: trip, basis: default, source: us }`;
    writeFileSync(path, `matrix: own\nversion: 1\ndoc: ours\nrows:\n  - ${row}\n`);
    return benchWith(path, 'pem-500kw', text => text.replace('interlocks:\n', `interlocks:\n${own}`));
  };
  const WHEN = 'o2.h2_vol_pct > 1.2 and stack.current_A < 0.1 * subject.currentNominal_A';

  it('is judged where the bench measures all that it names, and is named where it does not', () => {
    expect(idsOf(withRow(WHEN))).toContain('matrix-gas-at-rest');
    const without = withRow('hall.h2_vol_pct > 1 and max(cell.voltage_V) > 2');
    expect(rowsOf(without)['gas-at-rest']).toBe('not watched: no sensor for hall.h2_vol_pct');
  });

  it('is left to the same condition of the bench, and a slip in it is told at the matrix', () => {
    const own = `  - { id: own-gas, kind: expression, when: ${WHEN}, reaction: trip, basis: default }\n`;
    expect(rowsOf(withRow(WHEN, own))['gas-at-rest']).toMatch(/^own: own-gas/);
    expect(() => withRow('o2.h2_vol_pct > stack.current_A')).toThrow(
      /bench\.yaml:6: matrix: matrix-gas-at-rest: .*cannot be compared/,
    );
  });
});

describe('whose matrix it is', () => {
  it('its file is among what a run is made from', () => {
    const files = dataFilesOf(benchWith('pem'));
    expect(files.map(file => file.slice(EXAMPLES.length))).toEqual(
      expect.arrayContaining(['limits/pem.yaml']),
    );
  });

  it('of one of several subjects: its rows are judged in its runs only, a slip is told at its line', () => {
    const path = `${EXAMPLES}two-cells/bench.yaml`;
    const text = readFileSync(path, 'utf8');
    const own = (matrix: string): string => text.replace(/^ {2}iron:\n/m, `  iron:\n    matrix: ${matrix}\n`);
    const [plain, iron] = [text, own('cell')].map(one => parseBench(path, one, describeDevice, 'iron'));
    expect(iron.matrix?.path).toBe('limits/cell');
    expect(idsOf(iron).filter(id => id.startsWith('matrix-')).length).toBeGreaterThan(0);
    expect(idsOf(plain).some(id => id.startsWith('matrix-'))).toBe(false);
    const other = /^ {2}(\w+):\n(?=(?: {4}.*\n)*)/gm;
    const names = [...text.slice(text.indexOf('subjects:')).matchAll(other)].map(([, name]) => name);
    const second = names.find(name => name !== 'iron') ?? '';
    expect(parseBench(path, own('cell'), describeDevice, second).matrix).toBeUndefined();
    const line =
      own('cel')
        .split('\n')
        .findIndex(one => one.includes('matrix:')) + 1;
    expect(() =>
      parseBench(path, own('{ use: cell, change: { nothing: { limit: 1 } } }'), describeDevice, 'iron'),
    ).toThrow(new RegExp(`bench\\.yaml:${line}:? .*no row of this name`));
  });
});
