import { expect, it } from 'vitest';
import type { RecordedStep } from '../../profiles/recorded-run.ts';
import { timeToLoad } from '../../profiles/stack/response.ts';
import { wearFigures } from '../../profiles/stack/wear.ts';
import { figureOf } from './figures.ts';
import { recordOf } from './record.ts';

/** What a long test has cost by what lies between its curves, and how long a way up takes. */

it('a rise is counted by the load between the curves, not by what came after the last one', () => {
  // A curve at 0, ten hours of load, a curve, five hours more until the run was ended: 2 uV/h a cell.
  const H = 3600;
  const curveAt = [0, 11 * H];
  const isCurve = (t: number) => curveAt.some(at => t >= at && t < at + H);
  const load_A = (t: number) => (isCurve(t) ? 500 * (1 + Math.floor((t % H) / 1200)) : 2000);
  const run = recordOf({
    to_s: 17 * H,
    dt_s: 10,
    roles: {
      'stack.current_A': load_A,
      'stack.voltage_V': t => 135 * (1.5 + 1e-4 * load_A(t) + (2e-6 * t) / H),
      'stack.temperature_degC': () => 60,
    },
    points: curveAt.flatMap(at =>
      [0, 1, 2].map(i => ({
        phase: 'all',
        leg: 'single' as const,
        setpoint: 25 * (i + 1),
        from_s: at + 1200 * i + 600,
        to_s: at + 1200 * (i + 1) - 20,
      })),
    ),
  });
  const part = { isWhole: true, parameters: {}, name: 'curve', method: 'polarisation' };
  const parts = curveAt.map(at => ({ ...part, start_s: at, end_s: at + H }));
  const step = { op: 'cc', id: 'load', ended: 'time', reason: '' };
  const loads = [
    { ...step, start_s: H, end_s: 11 * H },
    { ...step, start_s: 12 * H, end_s: 17 * H },
  ];
  const countOf = (of: readonly RecordedStep[]) => of.reduce((sum, s) => sum + (s.end_s - s.start_s) / H, 0);
  const found = wearFigures(
    { ...run, parts, steps: loads },
    { name: 'all', start_s: 0, end_s: 17 * H } as never,
    { countOf, unit: 'uV/h', loads },
  );
  // 22 uV between the middles of the curves, by the ten hours of load between them.
  expect(figureOf(found, 'degradation').value).toBeCloseTo(2.2, 6);
  expect(figureOf(found, 'degradation').definition).toContain(
    'over the 10.00 (h) between first and last curve',
  );
});

it('the time to a load is until the load asked for, none where nothing came there', () => {
  const up = (most_A: number) => (t: number) => Math.min(most_A, Math.max(0, 100 * (t - 100)));
  const steps = [{ op: 'cc', start_s: 100, end_s: 400, ended: 'time', reason: '' }];
  const of = (most_A: number) =>
    timeToLoad(recordOf({ to_s: 400, roles: { 'stack.current_A': up(most_A) } }), steps, 100);
  expect(of(2000).value).toBe(20);
  expect(of(2000).definition).toContain('at least 98 % of the load asked for, 2000 A');
  // Held at 80 % by something: that is no nominal load.
  expect(of(1600).value).toBeNull();
  expect(of(1600).definition).toContain('no way up came to the load asked for, 2000 A');
});
