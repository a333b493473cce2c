import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subjectOf } from '../../control/bench/bench.ts';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { openRecord } from '../../control/record/record.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { RunResult } from '../../control/view.ts';
import { cellbench } from './support/program.ts';

/** A spectrum of a stack over a real socket, by an instrument beside the emulators on the same plant. */

const ANALYSER = `
  analyser:
    driver: generic/impedance-json
    poll_s: 1
    stale_after_s: 20
    options: { host: 127.0.0.1, port: 7000, name: FRA, band_Hz: [0.001, 1000000], amplitudeMax_V: 0.1, amplitudeMax_A: 200, accuracy: { modulus_pct: 0.02, phase_deg: 0.01, basis: default } }
`;
const METHOD = `
method: spectrum
version: 2
steps:
- { call: purge, with: { purge_min: 3 } }
- { call: start-stack, with: { load_pct: 30, band_K: 50 } }
- evaluate: eis-at-loads
  each: { load_pct: [30] }
  steps:
  - { cc: { current_pct: load_pct, per_s: 1 }, for_min: 8 }
  - { eis: { amplitude_pct: 5, from_Hz: 10000, to_Hz: 1 }, within_min: 5 }
`;

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wire-spectrum-'));
  cpSync('examples/pem-500kw', dir, { recursive: true });
  const bench = readFileSync(join(dir, 'bench.yaml'), 'utf8');
  writeFileSync(
    join(dir, 'bench.yaml'),
    bench
      .replace('\ndevices:\n', `\ndevices:${ANALYSER}`)
      .replace('guard: { timeout_s: 3 }', 'guard: { timeout_s: 10 }'),
  );
  writeFileSync(join(dir, 'spectrum.yaml'), METHOD);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function run(name: string, ...how: string[]) {
  const [bench, out] = [join(dir, 'bench.yaml'), join(dir, name)];
  const ended = await cellbench(
    '--bench',
    bench,
    '--method',
    join(dir, 'spectrum.yaml'),
    '--no-serve',
    '--out',
    out,
    ...how,
  );
  expect(ended.code ?? ended.signal, `${ended.stdout}\n${ended.stderr}`).toBeLessThan(2);
  const loaded = loadBench(bench, describeDevice);
  const roles = compileRoles(loaded.bench, loaded.descriptions);
  const record = openRecord(join(out, 'run.sqlite'), roles, subjectOf(loaded.bench));
  const spectra = record.spectra ?? [];
  record.close();
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
  return { spectra, kpis: result.kpis };
}

it('is whole, agrees with the one of a rehearsal, and has its figures', { timeout: 240_000 }, async () => {
  const plant = await run('rehearsal');
  const wire = await run('wire', '--wire', '--minutes', '1');
  expect(wire.spectra).toHaveLength(1);
  const [own, shown] = [plant.spectra[0], wire.spectra[0]];
  expect(shown.isWhole).toBe(true);
  expect(Array.from(shown.frequency_Hz)).toEqual(Array.from(own.frequency_Hz));
  const away = Array.from(own.re_Ohm, (re, i) => {
    const modulus = Math.hypot(re, own.im_Ohm[i]);
    return Math.hypot(shown.re_Ohm[i] - re, shown.im_Ohm[i] - own.im_Ohm[i]) / modulus;
  });
  expect(away).toHaveLength(41);
  // The stack is not as warm to a kelvin: the state alone makes one per cent (tests/sim/wire-spectrum.test.ts: in one state).
  expect(Math.max(...away)).toBeLessThan(0.03);
  const hfr = (of: typeof wire) => of.kpis.find(({ id }) => id === 'hfr-at-30pct')?.value ?? Number.NaN;
  expect(hfr(wire) / hfr(plant)).toBeCloseTo(1, 1);
});
