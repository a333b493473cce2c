import { describe, expect, it } from 'vitest';
import { driveCycle } from '../../../../profiles/language/methods/cell-data/duties.ts';
import { pctIsotherm } from '../../../../profiles/language/methods/gas/pct-isotherm.ts';
import { eisAtSoc } from '../../../../profiles/language/methods/spectra/eis.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../../../profiles/recorded-run.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { figureOf } from '../../figures.ts';
import { recordOf } from '../../record.ts';

/** Figures that must not look better than what was measured. */

const part = (to_s: number, parameters: RecordedPart['parameters'] = {}): RecordedPart => ({
  method: 'm',
  name: 'm',
  start_s: 0,
  end_s: to_s,
  isWhole: true,
  parameters,
});
const step = (id: string, start_s: number, end_s: number, ended = 'condition'): RecordedStep => ({
  op: 'wait',
  id,
  start_s,
  end_s,
  ended,
  reason: 'as it was',
});

describe('a drive cycle', () => {
  const endedAt = (volts: number) => {
    const hand = recordOf({
      to_s: 100,
      roles: { 'cell.voltage_V': t => (t < 100 ? volts : 3.3), 'cell.current_A': () => -1 },
      accuracy: { 'cell.voltage_V': { reading_pct: 0, abs: 0.002, basis: 'default' } },
    });
    const run: RecordedRun = {
      ...hand,
      subject: { ...CELL, kind: 'cell' },
      steps: [step('duty', 0, 100)],
    } as never;
    return figureOf(driveCycle.evaluate(run, part(100)), 'end-voltage').criterion?.outcome;
  };

  it('that braking ended at the upper voltage does not pass; one that emptied the cell does', () => {
    expect(endedAt(CELL.voltageMax_V + 0.001)).toBe('fail');
    expect(endedAt(CELL.voltageMin_V)).toBe('pass');
  });
});

describe('the plateau of an isotherm', () => {
  const TANK_L = 0.15;
  /** Doses from 10 bar, each of a wait shut and one open, in which the pressure falls to `ends_bara` with `tau_s`. */
  const found = (ends_bara: readonly number[], tau_s: number) => {
    const open = ends_bara.map((_, k) =>
      step('absorbed', k * 1200 + 600, (k + 1) * 1200, tau_s > 200 ? 'time' : 'condition'),
    );
    const shut = ends_bara.map((_, k) => step('before', k * 1200, k * 1200 + 600));
    const at = (t: number): number => {
      const k = Math.min(ends_bara.length - 1, Math.floor(t / 1200));
      const in_s = t - k * 1200 - 600;
      return in_s <= 0 ? 10 : ends_bara[k] + (10 - ends_bara[k]) * Math.exp(-in_s / tau_s);
    };
    const pressure = { reading_pct: 0.06, abs: 0.012, basis: 'default' } as const;
    const hand = recordOf({
      to_s: 1200 * ends_bara.length,
      roles: {
        'tank.pressure_bara': at,
        'sample.pressure_bara': at,
        'tank.temperature_degC': () => 25,
        'sample.temperature_degC': () => 25,
      },
      accuracy: { 'tank.pressure_bara': pressure, 'sample.pressure_bara': pressure },
    });
    const subject = { kind: 'vessel', name: 'v', activeMass_g: 10 };
    const run: RecordedRun = { ...hand, subject, steps: [...shut, ...open] } as never;
    const figures = pctIsotherm.evaluate(
      run,
      part(1200 * ends_bara.length, { tankVolume_L: TANK_L, sampleVolume_L: 1e-6 }),
    );
    return figureOf(figures, 'plateau');
  };

  it('lies between two doses, and what these lie apart is in its uncertainty', () => {
    const { value, u95 } = found([2, 3, 4, 6, 8], 50);
    expect(value).toBeGreaterThan(2);
    expect(value).toBeLessThan(4);
    expect((u95 ?? 0) + 1e-9).toBeGreaterThan(0.5);
    expect(u95).toBeLessThan(1.1);
  });

  it('is none of one dose, and none of doses that had not come to rest', () => {
    expect(found([3], 50)).toMatchObject({
      value: null,
      definition: expect.stringContaining('smaller doses'),
    });
    const moving = found([2, 3, 4, 6, 8], 2000);
    expect(moving).toMatchObject({ value: null, definition: expect.stringContaining('no equilibrium') });
  });
});

it('the drift of a spectrum in readings that stand still is as uncertain as the voltmeter', () => {
  const still = (abs: number) => {
    const hand = recordOf({
      to_s: 100,
      roles: { 'cell.voltage_V': () => 3.7 },
      accuracy: { 'cell.voltage_V': { reading_pct: 0, abs, basis: 'default' } },
    });
    const points = Float64Array.from([1000, 100, 10]);
    const spectrum = {
      name: 's',
      label: 's',
      instrument: 'a',
      levels: { soc_pct: 50 },
      accuracy: { modulus_pct: 1, phase_deg: 1, basis: 'default' },
      start_s: 10,
      end_s: 90,
      isWhole: true,
      t_s: Float64Array.from([20, 50, 80]),
      frequency_Hz: points,
      re_Ohm: points.map(() => 0.02),
      im_Ohm: Float64Array.from([0.001, -0.001, -0.002]),
      voltage_V: points.map(() => 3.7),
      current_A: points.map(() => 0),
      temperature_degC: points.map(() => 25),
    };
    const run: RecordedRun = { ...hand, subject: { ...CELL, kind: 'cell' }, spectra: [spectrum] } as never;
    return figureOf(eisAtSoc.evaluate(run, part(100)), 'drift-at-50pct');
  };
  const { value, u95 } = still(0.005);
  expect(Math.abs(value ?? 1)).toBeLessThan(1e-6);
  // A tenth of 5 mV between two times a minute apart.
  expect(u95).toBeGreaterThan(0.05);
  expect(u95).toBeLessThan(0.71);
  expect(still(0)).toMatchObject({ value: null, definition: expect.stringContaining('stand still') });
});
