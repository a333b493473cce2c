import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFittedFile } from '../../sim/fit/fitted-file.ts';
import { readCircuitFile } from '../../sim/fit/spectrum/circuit-file.ts';
import { familySpectrum, spectrumCsv } from '../support/spectra.ts';
import { cellbench, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** `fit` with data that are not what they seem, and `fit circuit`, as a person uses them. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const at = (name: string): string => join(scratch.path, name);

describe('fit circuit', () => {
  it(
    'a spectrum of a potentiostat, -Im under the name of Im: figures, file and report',
    async () => {
      const { circuit, truth, data } = familySpectrum('L0-R0-p(R1,CPE1)-Wo1', 1, { noise_frac: 0.002 });
      const minus = { ...data, im: data.im.map(v => -v) };
      writeFileSync(at('eis.csv'), spectrumCsv(minus, 'freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm'));
      const out = ['--out', at('circuit.yaml'), '--report', at('circuit.html')];
      const ended = await cellbench('fit', 'circuit', at('eis.csv'), '--circuit', circuit.text, ...out);
      expect(ended.code, told(ended)).toBe(0);
      expect(ended.stdout).toMatch(
        /circuit \(L0-R0-p\(R1,CPE1\)-Wo1\) fitted to impedance spectrum eis\.csv/,
      );
      expect(ended.stdout).toMatch(/sign of Im Z turned/);
      expect(ended.stdout).toMatch(/Kramers-Kronig \(linear, \d+ links, mu 0\.\d+\): passed/);
      const file = readCircuitFile(at('circuit.yaml'));
      expect(file.parameters['R1_Ohm'] / truth[2]).toBeCloseTo(1, 1);
      expect(file.low95['R1_Ohm']).toBeLessThan(file.parameters['R1_Ohm']);
      expect(file.kramersKronig?.passes).toBe(true);
      expect(file.done?.join()).toMatch(/sign of Im Z turned/);
      expect(file.atBound).toBeUndefined();
      const report = readFileSync(at('circuit.html'), 'utf8');
      expect(report).toMatch(/<figure>[\s\S]*Nyquist[\s\S]*Linear Kramers-Kronig test: passed/);
      expect(report).not.toMatch(/NaN|undefined/);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'a figure at its bound is named at the head of the file',
    async () => {
      const { data } = familySpectrum('L0-R0-p(R1,C1)', 2, {});
      writeFileSync(at('arc.csv'), spectrumCsv(data));
      const asked = ['--circuit', 'L0-R0-p(R1,CPE1)', '--out', at('arc.yaml')];
      const ended = await cellbench('fit', 'circuit', at('arc.csv'), ...asked);
      expect(ended.code, told(ended)).toBe(1);
      expect(readFileSync(at('arc.yaml'), 'utf8')).toMatch(
        /^# Made by .*\n(# .*\n)*# CPE1\.n_1 is at its bound/,
      );
      expect(readCircuitFile(at('arc.yaml')).atBound).toEqual(['CPE1.n_1']);
    },
    RUN_TIMEOUT_MS,
  );
});

describe('fit of a plant', () => {
  it(
    'a spectrum that the plant cannot follow: the bound, the leads and the warnings stand in the file',
    async () => {
      const { data } = familySpectrum('L0-R0-p(R1,C1)', 2, {});
      const size = 0.02 / data.re[0];
      const small = { ...data, re: data.re.map(v => size * v), im: data.im.map(v => size * v) };
      writeFileSync(at('cell.csv'), spectrumCsv(small));
      const asked = ['--nominal', '5', '--parameters', 'r0_1,r1_1,tau1_1', '--out', at('cell.yaml')];
      const ended = await cellbench('fit', 'ecm', at('cell.csv'), ...asked);
      expect(ended.code, told(ended)).toBe(1);
      const file = readFittedFile(at('cell.yaml'));
      expect(file.atBound).toContain('tau1_1');
      expect(file.parameters['tau1_1']).toBeCloseTo(0.1, 12);
      expect(readFileSync(at('cell.yaml'), 'utf8')).toMatch(/^# Made by .*\n# tau1_1 is at its bound/);
      expect(file.warnings?.join()).toMatch(/tau1_1 ended at its bound/);
      expect(Object.keys(file.parameters)).not.toContain('leads_H');
      expect(file.beside?.['leads_H']).toBeGreaterThan(0);
    },
    RUN_TIMEOUT_MS,
  );

  it.each([
    [
      'stamps in ms',
      [
        'time_s,cell.current_A,cell.voltage_V',
        ...Array.from({ length: 1900 }, (_, t) => `${1000 * t},${t > 9 ? -2.5 : 0},3.75`),
      ].join('\n'),
      /expected --time ms if the stamps are milliseconds, or --time s if they and the unit of the current are right/,
    ],
    [
      'a spectrum that drifted',
      spectrumCsv(familySpectrum('R0-p(R1,CPE1)', 5, { drift_frac: 0.6 }).data),
      /Kramers-Kronig .* fails: .* --kk accept/,
    ],
    ['an unknown word', '', /--time minutes: expected one of s, ms, min, h/],
  ])(
    '%s: one message, exit code 2, nothing written',
    async (name, text, says) => {
      writeFileSync(at('bad.csv'), text);
      const more = name === 'an unknown word' ? ['--time', 'minutes'] : [];
      const out = ['--out', at('never.yaml')];
      const ended = await cellbench('fit', 'ecm', at('bad.csv'), '--nominal', '5', ...more, ...out);
      expect(ended.code, told(ended)).toBe(2);
      expect(ended.stderr).toMatch(says);
      expect(existsSync(at('never.yaml'))).toBe(false);
    },
    RUN_TIMEOUT_MS,
  );
});
