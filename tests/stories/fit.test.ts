import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice, plantOf } from '../../control/program/open-devices.ts';
import { readFittedFile } from '../../sim/fit/fitted-file.ts';
import { NO_CHANCE } from '../../sim/no-chance.ts';
import { findPlant } from '../../sim/plants.ts';
import { cellbench, copyExample, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** `fit` as a person uses it: data in, a parameter file out, and a bench that takes it. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const at = (name: string): string => join(scratch.path, name);

/** Polarisation of the example's stack with 15 % more resistance, at 45 and 60 degC and 10 barg. */
function writeCurve(path: string): void {
  const pem = findPlant('pem');
  const subject = { cells: 135, activeArea_cm2: 1000, currentNominal_A: 2000 };
  const rows = [45, 60].flatMap(temperature_degC =>
    [50, 100, 200, 400, 800, 1200, 1600, 2000].map((current_A, i) => {
      const point = { current_A, temperature_degC, cathode_barg: 10, anode_barg: 0 };
      const cell_V =
        pem.steadyCellVoltage_V?.(pem.sets[0], { asr_Ohm_cm2: 0.1265 }, subject, point) ?? Number.NaN;
      // Errors as of a supply, a few hundredths of a volt.
      return `${current_A},${(135 * cell_V + 0.03 * Math.sin(7 * i + temperature_degC)).toFixed(3)},${temperature_degC}`;
    }),
  );
  writeFileSync(path, ['current_A,stackVoltage_V,temperature_degC', ...rows].join('\n'));
}

describe('fit', () => {
  it(
    'a polarisation curve becomes a parameter file, a table, a report, and the twin of a bench',
    async () => {
      const dir = at('bench');
      mkdirSync(dir);
      copyExample(dir, {
        file: 'bench.yaml',
        from: '\ndevices:\n',
        to: '\ntwin: { plant: pem, fitted: stack.yaml }\n\ndevices:\n',
      });
      // The bench's fitted file is not there yet; a fit starts from a bench without it.
      const plain = at('plain');
      mkdirSync(plain);
      copyExample(plain);
      const curve = at('curve.csv');
      writeCurve(curve);
      const ended = await cellbench(
        'fit',
        'pem',
        curve,
        '--bench',
        join(plain, 'bench.yaml'),
        '--parameters',
        'asr_Ohm_cm2,tafelSlope_V,exchange_A_per_cm2,asrActivation_J_per_mol',
        '--at',
        'cathode_barg=10',
        '--out',
        join(dir, 'stack.yaml'),
        '--report',
        join(dir, 'stack.html'),
      );
      // Tafel slope and exchange current go together: a warning, and so exit code 1.
      expect(ended.code, told(ended)).toBe(1);
      // A busy machine makes the fit long enough to tell how far it is.
      expect(ended.stderr.replace(/^fit: \d+ s, run .*\n/gm, '')).toBe('');
      expect(ended.stdout).toMatch(
        /pem \(irox-n115-500kw\) fitted to polarisation curve curve\.csv, 16 points/,
      );
      expect(ended.stdout).toMatch(/asr_Ohm_cm2 +0\.1\d+ +0\.1\d+ \.\. 0\.1\d+/);
      expect(ended.stdout).toMatch(/rmse of stack voltage: \d+(\.\d+)? mV/);
      expect(ended.stdout).toMatch(
        /Before using it:\n +tafelSlope_V and exchange_A_per_cm2 go together \(correlation 0\.99/,
      );

      const fitted = readFittedFile(join(dir, 'stack.yaml'));
      expect(fitted).toMatchObject({ plant: 'pem', set: 'irox-n115-500kw', points: 16, basis: 'fitted' });
      expect(Math.abs(fitted.parameters['asr_Ohm_cm2'] - 0.1265)).toBeLessThan(3 * fitted.u['asr_Ohm_cm2']);
      expect(fitted.rmse).toBeLessThan(0.05);
      expect(fitted.date).toMatch(/^20\d\d-.*Z$/);

      const report = readFileSync(join(dir, 'stack.html'), 'utf8');
      expect(report).toMatch(/<figure>[\s\S]*stack voltage[\s\S]*measured minus fitted[\s\S]*<\/figure>/);
      expect(report).toContain('<h2>Correlation</h2>');
      expect(report).not.toMatch(/NaN|undefined/);

      const choice = plantOf(loadBench(join(dir, 'bench.yaml'), describeDevice));
      expect(choice.parameters).toEqual(fitted.parameters);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'a pulse of a cell says what it determines and what not',
    async () => {
      const ecm = findPlant('ecm');
      const rig = ecm.create({
        set: ecm.sets[0],
        parameters: { r0_1: 1.4 },
        subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
        random: NO_CHANCE,
      });
      const put = (role: string, value: number): void => rig.set(rig.actuatorIndex(role), value);
      put('cell.modeSet_count', 1);
      put('cell.outputSet_on', 1);
      const rows = Array.from({ length: 120 }, (_, t) => {
        const current_A = t > 5 && t <= 40 ? -5 : 0;
        put('cell.currentSet_A', current_A);
        rig.advanceTo(t);
        return `${t},${current_A},${(rig.truthOf('cell.voltage_V') + 0.0004 * Math.sin(11 * t * t)).toFixed(5)}`;
      });
      writeFileSync(at('pulse.csv'), ['time_s,cell.current_A,cell.voltage_V', ...rows].join('\n'));
      const ended = await cellbench(
        'fit',
        'ecm',
        at('pulse.csv'),
        '--nominal',
        '5',
        '--parameters',
        'r0_1,holderToAir_W_per_K',
        '--out',
        at('cell.yaml'),
      );
      expect(ended.code, told(ended)).toBe(1);
      const fitted = readFittedFile(at('cell.yaml'));
      expect(fitted.parameters['r0_1']).toBeCloseTo(1.4, 2);
      expect(Object.keys(fitted.parameters)).toEqual(['r0_1']);
      expect(ended.stdout).toMatch(/holderToAir_W_per_K is not determined by these data/);
    },
    RUN_TIMEOUT_MS,
  );

  it.each([
    ['no data', ['pem'], /DATA is missing, expected PLANT DATA/],
    [
      'no such plant',
      ['pemm', 'CSV', '--cells', '1', '--area', '25'],
      /no plant "pemm" \(did you mean "pem"\?\)/,
    ],
    [
      'no such file',
      ['pem', 'none.csv', '--cells', '1', '--area', '25'],
      /none\.csv: cannot be opened: no such file/,
    ],
    ['no subject', ['pem', 'CSV'], /pem: expected --bench FILE, or --cells and --area/],
    [
      'no such set',
      ['pem', 'CSV', '--cells', '1', '--area', '25', '--set', 'x'],
      /--set x: no set of pem, expected one of irox/,
    ],
    [
      'held at no number',
      ['pem', 'CSV', '--cells', '1', '--area', '25', '--at', 'temperature_degC=warm'],
      /--at temperature_degC=warm: expected NAME=NUMBER/,
    ],
    [
      'a bench of something else',
      ['ecm', 'CSV', '--bench', 'examples/pem-500kw/bench.yaml'],
      /has a stack under test, ecm is a plant of a cell/,
    ],
    [
      'an output that is there',
      ['pem', 'CSV', '--cells', '1', '--area', '25', '--out', 'package.json'],
      /package\.json exists/,
    ],
  ])(
    '%s: one message, exit code 2, nothing written',
    async (_, args, says) => {
      const csv = at('curve-of-bad.csv');
      if (!existsSync(csv)) writeCurve(csv);
      const out = args.includes('--out') ? [] : ['--out', at('never.yaml')];
      const ended = await cellbench('fit', ...args.map(a => (a === 'CSV' ? csv : a)), ...out);
      expect(ended.code, told(ended)).toBe(2);
      expect(ended.stderr).toMatch(says);
      expect(ended.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
      expect(existsSync(at('never.yaml'))).toBe(false);
    },
    RUN_TIMEOUT_MS,
  );
});
