import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { choosePlant, openRig, plantChoiceSchema } from '../../../sim/open-rig.ts';
import { bpxCell } from '../../../sim/own-cell/bpx.ts';
import { readOwnCell } from '../../../sim/own-cell/own-cell.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-cell-'));
afterAll(() => rmSync(folder, { recursive: true }));
const NMC = join(import.meta.dirname, 'nmc-pouch.bpx.json');
const SUBJECT = { cells: 1, activeArea_cm2: 0, currentNominal_A: 12.5 };

type Json = Record<string, unknown>;

/** The NMC file with one entry changed (undefined: taken out), and where it was written. */
function changed(name: string, place: readonly string[], value: unknown, version = '0.1.0'): string {
  const bpx = JSON.parse(readFileSync(NMC, 'utf8')) as Json;
  (bpx['Header'] as Json)['BPX'] = version;
  let block = bpx;
  for (const key of place.slice(0, -1)) {
    block[key] ??= {};
    block = block[key] as Json;
  }
  const last = place[place.length - 1];
  if (value === undefined) delete block[last];
  else block[last] = value;
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(bpx, undefined, 2));
  return path;
}

function cellOf(path: string): ReturnType<typeof bpxCell> {
  const own = readOwnCell(path);
  if (own.kind !== 'bpx') throw new Error('not a BPX file');
  return bpxCell(own.data, own.file);
}

describe('a BPX file', () => {
  it('becomes a cell: area of all pairs, active share, rate and transport as the format defines them', () => {
    const cell = cellOf(NMC);
    expect(cell.area_m2).toBeCloseTo(34 * 0.016808, 12);
    expect(cell.negative.active_frac).toBeCloseTo((499522 * 4.12e-6) / 3, 12);
    expect(cell.negative.porosity_frac ** cell.negative.bruggeman_1).toBeCloseTo(0.128, 12);
    expect(cell.heatCapacity_J_per_K).toBeCloseTo(913 * 1847 * 0.000128, 9);
    // i0 = F K sqrt(c_e/c_e0 x (1 - x)): half full, fresh salt, F K / 2.
    const half = 29730 / 2;
    const exchange = cell.negative.rate(0.5, 298.15) * Math.sqrt(1000 * half * half);
    expect(exchange).toBeCloseTo((96485.33 * 5.199e-6) / 2, 6);
    // 30 kJ/mol on the diffusivity.
    const warmer =
      cell.negative.diffusivity_m2_per_s(0.5, 318.15) / cell.negative.diffusivity_m2_per_s(0.5, 298.15);
    expect(warmer).toBeCloseTo(Math.exp((30_000 / 8.314462618) * (1 / 298.15 - 1 / 318.15)), 6);
    expect(cell.about).toContain('entropic');
    expect(spme(cell, { soc_frac: 1 }).state.capacity_Ah).toBeGreaterThan(12.5);
  });

  it('of version 1: start and salt stand in State', () => {
    const path = changed(
      'v1',
      ['State'],
      {
        'Initial conditions': {
          'Initial temperature [K]': 303.15,
          'Initial state-of-charge': 0.8,
          'Initial electrolyte concentration [mol.m-3]': 1100,
        },
        'Thermal environment': { 'Heat transfer coefficient [W.m-2.K-1]': 20 },
      },
      '1.0.0',
    );
    const cell = cellOf(path);
    expect(cell.startSoc_frac).toBe(0.8);
    expect(cell.start_degC).toBe(30);
    expect(cell.electrolyte.initial_mol_per_m3).toBe(1100);
    expect(cell.heatTransfer_W_per_K).toBeCloseTo(20 * 0.0379, 12);
  });

  it('tables are straight lines, in any order of x', () => {
    const table = { x: [1, 0.5, 0], y: [1e-14, 3e-14, 2e-14] };
    const cell = cellOf(
      changed('table', ['Parameterisation', 'Positive electrode', 'Diffusivity [m2.s-1]'], table),
    );
    expect(cell.positive.diffusivity_m2_per_s(0.75, 298.15)).toBeCloseTo(2e-14, 20);
    expect(cell.positive.diffusivityVaries).toBe(true);
  });

  it('of the plain single-particle model: as with an electrolyte that costs nothing, and it says so', () => {
    const path = changed('spm', ['Header', 'Model'], 'SPM');
    const cell = cellOf(path);
    expect(cell.electrolyte.transference_1).toBe(1);
    expect(cell.about).toContain('plain single-particle');
    const plain = spme(cellOf(NMC), { soc_frac: 0.8, withElectrolyte: false });
    const read = spme(cell, { soc_frac: 0.8 });
    for (const model of [plain, read]) {
      model.prepare(60);
      model.take(-12.5);
    }
    expect(read.state.voltage_V).toBeCloseTo(plain.state.voltage_V, 3);
  });

  it('tabs and a byte-order mark are no matter', () => {
    const path = join(folder, 'tabs.json');
    const bpx: unknown = JSON.parse(readFileSync(NMC, 'utf8'));
    writeFileSync(path, `\uFEFF${JSON.stringify(bpx, undefined, '\t')}`);
    expect(cellOf(path).nominal_Ah).toBe(12.5);
  });

  it.each([
    [
      'no',
      ['Parameterisation', 'Cell', 'Electrode area [m2]'],
      undefined,
      /missing key "Electrode area \[m2\]"/,
    ],
    ['text', ['Parameterisation', 'Cell', 'Electrode area [m2]'], 'large', /expected/],
    ['neg', ['Parameterisation', 'Negative electrode', 'Thickness [m]'], -1e-6, /expected/],
    [
      'py',
      ['Parameterisation', 'Negative electrode', 'OCP [V]'],
      '__import__("os")',
      /expected a function of x: character 12/,
    ],
    ['nan', ['Parameterisation', 'Negative electrode', 'OCP [V]'], 'log(x - 1)', /NaN V at 0\.0055/],
    ['rise', ['Parameterisation', 'Positive electrode', 'OCP [V]'], '4 + x', /falls as the host fills/],
    ['flat', ['Parameterisation', 'Negative electrode', 'OCP [V]'], 0, /falls as the host fills/],
    ['swap', ['Parameterisation', 'Cell', 'Upper voltage cut-off [V]'], 3.4, /the full cell of these/],
    ['ver', ['Header', 'BPX'], '2.0.0', /0\.x or 1\.x/],
    ['part', ['Header', 'Model'], 'Partial', /partial file is not a cell/],
    ['lli', ['State', 'Degradation'], { LLI: 0.1 }, /LLI: found 0\.1, expected 0: lost lithium/],
    [
      'table',
      ['Parameterisation', 'Negative electrode', 'Diffusivity [m2.s-1]'],
      { x: [0, 1, 0.5], y: [1, 1, 1] },
      /rising or falling/,
    ],
    [
      'blend',
      ['Parameterisation', 'Positive electrode', 'Particle'],
      { Large: {} },
      /blended electrodes are not modelled/,
    ],
  ])('%s: one clear message with its line', (name, place, value, message) => {
    const path =
      name === 'ver' ? changed(name, ['Header', 'Title'], 'x', '2.0.0') : changed(name, place, value);
    expect(() => readOwnCell(path)).toThrow(message);
    try {
      readOwnCell(path);
    } catch (error) {
      expect(String(error)).toMatch(/\.json:\d+: /);
    }
  });

  it('no JSON at all: the line where it breaks', () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{\n "Header": {\n  "BPX": "1.0.0",\n  }}}\n}');
    expect(() => readOwnCell(path)).toThrow(/broken\.json:[34]: .*no JSON/);
  });
});

describe('as the twin of a bench', () => {
  const section = (plant: string, cell: string): Parameters<typeof choosePlant>[0] => ({
    plant,
    cell,
    parameters: {},
  });

  it.each(['spme', 'dfn', 'spme-dfn'])('%s runs it: 1C for half an hour, as the file records it', plant => {
    const choice = choosePlant(
      { ...section(plant, NMC), parameters: { startSoc_frac: 1 } },
      'cell',
      SUBJECT,
      folder,
    );
    expect(choice.set).toBe('own');
    // As another process gets it.
    const sent = plantChoiceSchema.parse(JSON.parse(JSON.stringify(choice)));
    const rig = openRig(sent, 1);
    setAll(rig, { 'cell.modeSet_count': 1, 'cell.currentSet_A': -12.5, 'cell.outputSet_on': 1 });
    runFor(rig, 1600, 1);
    // Validation section of the file: 3.6042 V after 1600 s; the file's own model is 15 mV off.
    expect(Math.abs(rig.truthOf('cell.voltage_V') - 3.6042)).toBeLessThan(0.03);
  });

  it.each([
    ['spme', 'absent.json', /"absent\.json"/],
    ['ecm', NMC, /plant ecm is not made from a BPX file/],
    ['li-s', NMC, /expected spme or dfn or spme-dfn/],
  ])('%s with %s is refused at that key', (plant, cell, message) => {
    expect(() => choosePlant(section(plant, cell), 'cell', SUBJECT, folder)).toThrow(message);
  });

  it('figures of the file may be changed as those of any set', () => {
    const half = choosePlant(
      { ...section('spme', NMC), parameters: { area_m2: 0.3 } },
      'cell',
      SUBJECT,
      folder,
    );
    expect(openRig(half, 1).truthOf('cell.capacity_Ah')).toBeCloseTo((13.171 * 0.3) / (34 * 0.016808), 2);
    expect(() =>
      choosePlant({ ...section('spme', NMC), parameters: { area: 1 } }, 'cell', SUBJECT, folder),
    ).toThrow(/no parameter of spme/);
  });
});
