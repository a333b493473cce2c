import { expect, it } from 'vitest';
import type { RecordedStep } from '../../profiles/recorded-run.ts';
import { uptakeFigures } from '../../profiles/vessel/uptake.ts';
import { figureOf } from './figures.ts';
import { recordOf } from './record.ts';

/** One dose whose pressure falls from 10 to 6 bar with 100 s, wait over at `to_s`. */
function doseOf(to_s: number, ended: string, sampleOff_bar = 0) {
  const bara = (t_s: number): number => (t_s < 100 ? 10 : 6 + 4 * Math.exp(-(t_s - 100) / 100));
  const gauge = { reading_pct: 0, abs: 0.005, basis: 'default' } as const;
  const run = recordOf({
    to_s,
    roles: {
      'tank.pressure_bara': bara,
      'sample.pressure_bara': t_s => (t_s < 100 ? 0 : bara(t_s) + sampleOff_bar),
      'tank.temperature_degC': () => 25,
      'sample.temperature_degC': () => 25,
    },
    accuracy: { 'tank.pressure_bara': gauge, 'sample.pressure_bara': gauge },
  });
  const step = (start_s: number, end_s: number, how: string): RecordedStep => ({
    op: 'wait',
    start_s,
    end_s,
    ended: how,
    reason: '',
  });
  const shut = [step(0, 99, 'time')];
  const open = [step(100, to_s, ended)];
  return figureOf(uptakeFigures(run, { tank_L: 0.15, space_L: 0.02, sample_g: 10, shut, open }), 'uptake');
}

it('uptake counts what the pressure had still to fall', () => {
  const { value: all } = doseOf(2100, 'condition');
  for (const to_s of [350, 500]) {
    const { value, u95 = 0 } = doseOf(to_s, 'condition');
    expect(Math.abs(Number(value) - Number(all))).toBeLessThanOrEqual(u95);
  }
});

it('gives no uptake of a dose whose wait was over by its time while it still took gas', () => {
  expect(doseOf(300, 'time')).toMatchObject({
    value: null,
    definition: expect.stringContaining('no equilibrium'),
  });
  expect(doseOf(2100, 'time').value).not.toBeNull();
});

it('gives no uptake where tank and sample show two pressures of one gas', () => {
  expect(doseOf(2100, 'condition', 0.01).value).not.toBeNull();
  expect(doseOf(2100, 'condition', 0.1)).toMatchObject({
    value: null,
    definition: expect.stringContaining("the tank's gauge showed 6.000 and the sample's 6.100 bara"),
  });
});
