import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBench } from '../../../../control/bench/bench-file.ts';
import { loadMethodFor } from '../../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../../control/program/open-devices.ts';
import { runWithTruth } from '../../../support/truth-run.ts';
import { layOutFiles } from '../on-twins/data-files.ts';

/** Protocols and suites that version 1 could not say: written in version 2, checked on a bench, and run once on its twin. */

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;
const HERE = new URL('./', import.meta.url);
const dir = mkdtempSync(join(tmpdir(), 'protocols-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Row {
  readonly file: string;
  readonly bench: string;
  /** Lines of the file at most, without comments and empty ones: it is to stay so short. */
  readonly lines: number;
  /** Parameters with which it is run once; without them it is checked only. */
  readonly run?: readonly string[];
}

const ROWS: readonly Row[] = [
  { file: 'b1-soc-steps', bench: 'lib-suite', lines: 10, run: ['rest_min=5'] },
  { file: 'b2-drive-cycle', bench: 'lib-suite', lines: 7, run: ['drive_h=0.3'] },
  { file: 'b3-cut-off', bench: 'lib-suite', lines: 10, run: [] },
  { file: 'b4-until-80', bench: 'lib-suite', lines: 11, run: ['every_count=1', 'share_pct=99.999'] },
  { file: 'b5-c-rate', bench: 'lib-suite', lines: 11, run: [] },
  { file: 'b6-either', bench: 'lib-suite', lines: 4, run: [] },
  { file: 'b7-eis-at-soc', bench: 'lib-suite', lines: 10 },
  {
    file: 'suite-1-aem',
    bench: 'aem-5-cells',
    lines: 22,
    run: ['wind_h=0.2', 'interval_h=0.2', 'intervals_count=1'],
  },
  // Its parts run as examples/lib-suite/suite.yaml.
  { file: 'suite-2-cell', bench: 'lib-suite', lines: 12 },
  { file: 'suite-3-three-electrodes', bench: 'three-electrode', lines: 14, run: ['stages_C=1,1/2'] },
  { file: 'suite-4-pressure-steps', bench: 'hydride-pct', lines: 6, run: ['steps_barg=5,20', 'most_h=0.3'] },
];

/** An hour of offered power, kW. */
const WIND = [
  'time_s,power_kW',
  ...Array.from({ length: 361 }, (_, i) => `${10 * i},${250 + Math.round(150 * Math.sin(i / 20))}`),
].join('\n');

const textOf = (file: string): string => readFileSync(new URL(`${file}.yaml`, HERE), 'utf8');
const benchOf = (name: string): string => join(EXAMPLES, name, 'bench.yaml');

function laidOut(file: string): string {
  const folder = join(dir, file);
  const path = layOutFiles(folder, `${file}.yaml`, textOf(file));
  writeFileSync(join(folder, 'wind.csv'), WIND);
  return path;
}

it('are all here', () => {
  const files = readdirSync(HERE).filter(name => name.endsWith('.yaml'));
  expect(ROWS.map(({ file }) => `${file}.yaml`).sort()).toEqual(files.sort());
});

describe.each(ROWS)('$file', ({ file, bench, lines, run }) => {
  it('is accepted on its bench, and short', () => {
    const method = loadMethodFor(laidOut(file), loadBench(benchOf(bench), describeDevice));
    expect(method.procedure.longest_s).toBeGreaterThan(0);
    expect(textOf(file).match(/^\s*[^#\s]/gm)?.length).toBeLessThanOrEqual(lines);
  });

  it.runIf(run !== undefined)('runs on its twin', { timeout: 120_000 }, async () => {
    const at = laidOut(file);
    const done = await runWithTruth(benchOf(bench), textOf(file), { at, given: run ?? [] });
    expect([done.state, done.reason]).toEqual(['Complete', expect.anything()]);
    expect(done.took_s).toBeLessThanOrEqual(1.02 * (done.longest_s ?? 0) + 60);
  });
});
