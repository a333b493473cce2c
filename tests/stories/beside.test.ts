import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sim/faults.ts';
import { type BesideAsks, type BesideNight, besideNight } from './support/beside-night.ts';
import { RUN_TIMEOUT_MS, scratchFolder } from './support/program.ts';

/**
 * The example's night with a healthy twin beside the stack. Without a fault nothing warns; when the last cells slowly
 * dry out, because water no longer reaches them, the twin's residual warns long before a limit on cell voltages trips.
 */

/** The last 20 of 135. */
const DRYING = Array.from({ length: 20 }, (_, k) => `cell[${116 + k}]`);
const ASKS: BesideAsks = {
  roles: ['stack.voltage_V', 'stack.temperature_degC', 'cathode.pressure_barg'],
  interlocks: [
    // 1 V of 135 cells is 7 mV a cell; the supply shows 250 V to 0.1 V.
    '{ id: voltage-beside, kind: residual, role: stack.voltage_V, limit: 1, over_s: 300, delay_s: 10, reaction: warn, basis: default }',
    '{ id: temperature-beside, kind: residual, role: stack.temperature_degC, limit: 1, over_s: 120, delay_s: 10, reaction: warn, basis: default }',
    '{ id: pressure-beside, kind: residual, role: cathode.pressure_barg, limit: 0.2, over_s: 60, delay_s: 10, reaction: warn, basis: default }',
  ],
};
/** In the wind, 1.5 h after its begin. */
const FROM_S = 20_000;
const EVERY_S = 1200;
const STEPS = 20;

/** Each time 15 % more resistance. */
function dryingOut(): Fault[] {
  return Array.from({ length: STEPS }, (_, step) =>
    DRYING.map(
      (target): Fault => ({ kind: 'dried-cell', target, from_s: FROM_S + step * EVERY_S, size: 15 }),
    ),
  ).flat();
}

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const alarmsOf = (night: BesideNight) => night.events.filter(e => e.kind === 'alarm');

describe('a healthy night', () => {
  let night: BesideNight;
  beforeAll(async () => {
    night = await besideNight(join(scratch.path, 'healthy'), ASKS, []);
  }, RUN_TIMEOUT_MS);

  it('completes, and no residual warns', () => {
    expect(night.state).toBe('Complete');
    expect(alarmsOf(night).filter(e => e.text.includes('-beside'))).toEqual([]);
  });

  it('has predicted and residual in its record like any other role, through all phases', () => {
    const measured = night.series('stack.voltage_V');
    const predicted = night.series('predicted.stackVoltage_V');
    const residual = night.series('residual.stackVoltage_V');
    expect(residual.value.length).toBeGreaterThan(50_000);
    expect(predicted.value.filter(v => v > 200).length).toBeGreaterThan(1000);
    // The first polls come before anything was measured.
    expect(residual.value.slice(5).findIndex(v => !Number.isFinite(v))).toBe(-1);
    // Sensor errors are all that is left: the twin is the same plant.
    expect(residual.value.slice(5).every(v => Math.abs(v) < 0.3)).toBe(true);
    // Measured minus predicted, of the same poll or the one before.
    const i = 20_000;
    const at = residual.t_s[i];
    const k = measured.t_s.findIndex(t => t >= at - 1e-6);
    const sum = predicted.value[i] + residual.value[i];
    expect(Math.min(Math.abs(sum - measured.value[k]), Math.abs(sum - measured.value[k - 1]))).toBeLessThan(
      1e-3,
    );
  });
});

describe('cells that dry out', () => {
  let night: BesideNight;
  beforeAll(async () => {
    night = await besideNight(join(scratch.path, 'drying'), ASKS, dryingOut());
  }, RUN_TIMEOUT_MS);

  it('the residual warns, and long before a limit on cell voltages trips', () => {
    const warning = alarmsOf(night).find(e => e.text.startsWith('voltage-beside'));
    const trip = alarmsOf(night).find(e => /^(cell-voltage-high|cell-spread)/.test(e.text));
    expect(warning?.text).toMatch(/stack\.voltage_V is \d.* V from the twin's \(mean of 300 s\), limit 1/);
    expect(night.state).toBe('Aborted');
    const warned_s = warning?.t_s ?? Number.NaN;
    const tripped_s = trip?.t_s ?? Number.NaN;
    expect(warned_s).toBeGreaterThan(FROM_S);
    expect(warned_s).toBeLessThan(tripped_s);
    expect(tripped_s - warned_s).toBeGreaterThan(3600);
  });
});
