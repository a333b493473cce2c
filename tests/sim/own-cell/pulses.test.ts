import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { cellCommand } from '../../../control/program/commands/cell.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { choosePlant, openRig } from '../../../sim/open-rig.ts';
import type { PulseRecord } from '../../../sim/own-cell/pulse-window.ts';
import { fitPulses } from '../../../sim/own-cell/pulses.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { ecm } from '../../../sim/plant/ecm/ecm.ts';
import { ECM_CHEN2020 } from '../../../sim/plant/ecm/parameters.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulses-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** HPPC of a cell: 30 s discharge, 40 s rest, 30 s charge, 30 min rest, then 10 % down and an hour of rest; nine times. */
function hppc(model: BatteryModel, noise_V: number): PulseRecord {
  const random = seededRandom(4);
  const time_s = [0];
  const current_A = [0];
  const voltage_V = [model.state.voltage_V];
  const run = (amps: number, seconds: number, step_s: number): void => {
    for (let t = 0; t < seconds; t += step_s) {
      model.prepare(step_s);
      model.take(amps);
      time_s.push((time_s.at(-1) ?? 0) + step_s);
      current_A.push(amps);
      voltage_V.push(model.state.voltage_V + noise_V * random.gauss());
    }
  };
  run(0, 10, 1);
  for (let k = 0; k < 8; k++) {
    run(-5, 30, 1);
    run(0, 40, 1);
    run(5, 30, 1);
    run(0, 1800, 5);
    run(-2.5, 742, 2);
    run(0, 3600, 10);
  }
  return {
    time_s: Float64Array.from(time_s),
    current_A: Float64Array.from(current_A),
    voltage_V: Float64Array.from(voltage_V),
  };
}

const OCV = {
  openCircuitSoc_frac: ECM_CHEN2020.openCircuitSoc_frac,
  openCircuit_V: ECM_CHEN2020.openCircuit_V,
};
const even = {
  ...ECM_CHEN2020,
  elementSoc_frac: [0, 1],
  r0_Ohm: [0.024, 0.024],
  r1_Ohm: [0.008, 0.008],
  tau1_s: [15, 15],
  r2_Ohm: [0.012, 0.012],
  tau2_s: [120, 120],
};
const known = { capacity_Ah: 5.1532, startSoc_frac: 0.95, ...OCV, activation_J_per_mol: 20_000 };
const cold = { ...even, heat: { ...even.heat, cell_J_per_K: 1e9 } };

describe('circuit from pulses', () => {
  it('the elements that made the record come back, at each state of charge', () => {
    const record = hppc(ecm(cold, { soc_frac: 0.95, temperature_degC: 25 }), 0);
    const found = fitPulses(record, known);
    // Discharge and charge pulse 40 s apart are one; each step of 10 % is another.
    expect(found.pulses.length).toBe(16);
    expect(found.rmse_V).toBeLessThan(1e-6);
    for (const pulse of found.pulses) {
      expect(pulse.r0_Ohm).toBeCloseTo(0.024, 5);
      expect(pulse.r1_Ohm).toBeCloseTo(0.008, 5);
      expect(pulse.r2_Ohm).toBeCloseTo(0.012, 5);
      expect(pulse.tau1_s).toBeCloseTo(15, 1);
      expect(pulse.tau2_s).toBeCloseTo(120, 0);
    }
  });

  it('under 0.5 mV of noise, R0 within 2 % and the voltage within the noise', () => {
    const record = hppc(ecm(cold, { soc_frac: 0.95, temperature_degC: 25 }), 5e-4);
    const found = fitPulses(record, known);
    expect(found.rmse_V).toBeLessThan(6e-4);
    for (const r0 of found.elements.r0_Ohm) expect(Math.abs(r0 / 0.024 - 1)).toBeLessThan(0.02);
  });

  it('a cell measured at 0 degC is told at 25 degC', () => {
    const record = hppc(ecm(cold, { soc_frac: 0.95, temperature_degC: 0 }), 0);
    const found = fitPulses({ ...record, temperature_degC: new Float64Array(record.time_s.length) }, known);
    for (const r0 of found.elements.r0_Ohm) expect(Math.abs(r0 / 0.024 - 1)).toBeLessThan(0.02);
  });

  it('a record that leaves 0..1, or has no pulse, is refused in words', () => {
    const record = hppc(ecm(cold, { soc_frac: 0.95, temperature_degC: 25 }), 0);
    expect(() => fitPulses(record, { ...known, capacity_Ah: 2 })).toThrow(/counted state of charge/);
    const still = { ...record, current_A: new Float64Array(record.time_s.length) };
    expect(() => fitPulses(still, known)).toThrow(/no pulse/);
  });
});

describe('cellbench cell', () => {
  const record = hppc(spme(CHEN2020, { soc_frac: 0.95 }), 2e-4);
  const ocv = join(folder, 'ocv.csv');
  const pulses = join(folder, 'pulses.csv');
  // Slow points of the same cell: its own open-circuit voltage, falling, as a person records a discharge.
  const table = Array.from({ length: 41 }, (_, k) => {
    const soc = 1 - k / 40;
    return `${soc},${spme(CHEN2020, { soc_frac: soc }).state.openCircuit_V.toFixed(5)}`;
  });
  writeFileSync(ocv, `soc_frac,voltage_V\n${table.join('\n')}\n`);
  writeFileSync(
    pulses,
    `time_s,cell.current_A,cell.voltage_V\n${[...record.time_s].map((t, i) => `${t},${record.current_A[i]},${record.voltage_V[i].toFixed(5)}`).join('\n')}\n`,
  );
  const capacity = String(spme(CHEN2020, { soc_frac: 0.5 }).state.capacity_Ah);
  const made = join(folder, 'my-cell.yaml');

  it('a table and a record become a cell file, a bench takes it, and a load of its own follows the cell within 20 mV', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const code = await cellCommand([
      ocv,
      pulses,
      '--capacity',
      capacity,
      '--low',
      '2.5',
      '--high',
      '4.2',
      '--out',
      made,
    ]);
    log.mockRestore();
    expect(code).toBeLessThanOrEqual(1);
    expect(readFileSync(made, 'utf8')).toContain('cell: circuit');
    const subject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
    const choice = choosePlant(
      { plant: 'ecm', cell: made, parameters: { startSoc_frac: 0.9 } },
      'cell',
      subject,
      folder,
    );
    const rig = openRig(choice, 1);
    const model = spme(CHEN2020, { soc_frac: 0.9 });
    setAll(rig, { 'cell.modeSet_count': 1, 'cell.outputSet_on': 1 });
    let worst_V = 0;
    for (const [amps, seconds] of [
      [-2, 600],
      [1, 300],
      [-3, 600],
      [0, 600],
      [-1, 3600],
      [2, 900],
    ]) {
      setAll(rig, { 'cell.currentSet_A': amps });
      for (let t = 0; t < seconds; t += 10) {
        runFor(rig, 10, 1);
        for (let k = 0; k < 10; k++) {
          model.prepare(1);
          model.take(amps);
        }
        worst_V = Math.max(worst_V, Math.abs(rig.truthOf('cell.voltage_V') - model.state.voltage_V));
      }
    }
    expect(worst_V).toBeLessThan(0.02);
  });

  it.each([
    [['absent.csv', pulses], /absent\.csv/],
    [[pulses, pulses], /no column soc_frac/],
    [[ocv, ocv], /no column time_s/],
  ])('%j: refused before anything is written', async (files, message) => {
    const out = join(folder, 'never.yaml');
    await expect(cellCommand([...files, '--capacity', capacity, '--out', out])).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  it('a file alone is checked and told: what it is, what of it is not used, its figures', async () => {
    const told: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void told.push(text));
    const code = await cellCommand([join(import.meta.dirname, 'nmc-pouch.bpx.json')]);
    log.mockRestore();
    expect(code).toBe(0);
    expect(told.join('\n')).toMatch(
      /NMC111[\s\S]*Not used of the file: entropic heat[\s\S]*area_m2 {2}0\.571472/,
    );
    await expect(cellCommand([ocv])).rejects.toThrow(/ocv\.csv/);
    await expect(cellCommand([ocv, pulses])).rejects.toThrow(/--capacity/);
  });

  it('discharge counted as positive is turned, and said; empty lines are none', async () => {
    const rows = [...record.time_s].map(
      (t, i) => `${t},${-record.current_A[i]},${record.voltage_V[i].toFixed(5)}`,
    );
    const turned = join(folder, 'turned.csv');
    writeFileSync(turned, `time_s,cell.current_A,cell.voltage_V\n\n${rows.join('\r\n')}\n\n`);
    const told: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void told.push(text));
    const limits = ['--capacity', capacity, '--low', '2.5', '--high', '4.2'];
    const files = ['right.yaml', 'found.yaml', 'said.yaml'].map(name => join(folder, name));
    await cellCommand([ocv, pulses, ...limits, '--name', 'x', '--out', files[0]]);
    await cellCommand([ocv, turned, ...limits, '--name', 'x', '--out', files[1]]);
    await cellCommand([ocv, turned, ...limits, '--name', 'x', '--current', 'discharge', '--out', files[2]]);
    log.mockRestore();
    expect(told.join('\n')).toMatch(/sign of cell\.current_A turned: the voltage falls where it rises/);
    const elements = files.map(name => readFileSync(name, 'utf8').match(/elements:[\s\S]*?resistanceU/)?.[0]);
    expect(elements[0]).toBeDefined();
    expect(elements[1]).toBe(elements[0]);
    expect(elements[2]).toBe(elements[0]);
    await expect(
      cellCommand([ocv, turned, ...limits, '--current', 'charge', '--out', join(folder, 'no.yaml')]),
    ).rejects.toThrow(/counted state of charge/);
  });

  it('nothing is overwritten', async () => {
    await expect(cellCommand([ocv, pulses, '--capacity', capacity, '--out', ocv])).rejects.toThrow(/exists/);
  });
});

describe('records with fewer rows in their rests than in their pulses', () => {
  it('give the elements and states of charge of the full record', () => {
    const full = hppc(ecm(cold, { soc_frac: 0.95, temperature_degC: 25 }), 0);
    // One row a minute of a rest; all rows under current, and the first of a rest, stay.
    const minute = (i: number): number => Math.floor(full.time_s[i] / 60);
    const kept = [...full.time_s.keys()].filter(
      i => full.current_A[i] !== 0 || full.current_A[i - 1] !== 0 || minute(i) !== minute(i - 1),
    );
    const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, i => values[i]);
    const thin: PulseRecord = {
      time_s: pick(full.time_s),
      current_A: pick(full.current_A),
      voltage_V: pick(full.voltage_V),
    };
    const [of, ofThin] = [full, thin].map(record => fitPulses(record, known));
    expect(thin.time_s.length).toBeLessThan(full.time_s.length / 2);
    expect(ofThin.pulses).toHaveLength(of.pulses.length);
    ofThin.pulses.forEach((pulse, k) => {
      expect(pulse.soc_frac).toBeCloseTo(of.pulses[k].soc_frac, 3);
      expect(Math.abs(pulse.r0_Ohm / 0.024 - 1)).toBeLessThan(0.01);
      expect(Math.abs(pulse.r1_Ohm / 0.008 - 1)).toBeLessThan(0.1);
    });
  });
});
