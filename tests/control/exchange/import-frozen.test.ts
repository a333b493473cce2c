import { expect, it } from 'vitest';
import { imported, plain, rows } from '../../support/import-once.ts';

it('a file whose voltage and current stand still under current: said, marked uncertain, and not counted', async () => {
  const stuck = rows()[600];
  const { refused, printed, figure, result } = await imported(
    plain((r, i) => (i >= 600 && i <= 700 ? { voltage_V: stuck.voltage_V, current_A: stuck.current_A } : r)),
    '--capacity',
    '2',
  );
  expect(refused).toBe('');
  expect(printed).toMatch(
    /100 rows from 6010 s on: voltage and current stand still .* frozen, marked uncertain/,
  );
  // 1000 s of 2 A are 0.556 Ah of the 2 Ah that came out.
  expect(figure('charge-out')).toBeCloseTo(2 - 0.556, 1);
  const out = result().kpis.find(({ id }) => id === 'charge-out');
  expect(out?.definition).toMatch(
    /up to 0\.5[56]\d* Ah may be missing.*stand still to the last digit for 1000 s/,
  );
});
