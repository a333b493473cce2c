import { describe, expect, it } from 'vitest';
import { calendar } from '../../../../profiles/language/methods/cell/ageing.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { cellRecord, type Piece } from '../../../validate/figures/cell-record.ts';
import { figureOf } from '../../figures.ts';

/** What a store loses in a month, from records whose loss is known. */

const H = 3600;
const MONTH_H = 720;

interface Store {
  readonly storage_degC: number;
  readonly store_h: number;
  readonly settle_h: number;
  /** Losses in store and at the temperature of the checks, % of what is stored a month. */
  readonly lost_pct: readonly [store: number, checks: number];
}

/** A check at 25 degC, 1 Ah of 5 taken out, the store, the rest taken out, a check. */
function lossOf({ storage_degC, store_h, settle_h, lost_pct: [inStore, atChecks] }: Store) {
  const lost = (inStore * store_h + atChecks * settle_h) / MONTH_H / 100;
  const named: readonly (readonly [id: string, piece: Piece])[] = [
    ['', { for_s: 600, current_A: 0 }],
    ['down', { for_s: 2 * H, current_A: -2.5 }],
    ['up', { for_s: 2 * H, current_A: 2.5 }],
    ['out', { for_s: 0.4 * H, current_A: -2.5 }],
    ['store', { for_s: store_h * H, current_A: 0 }],
    ['settle', { for_s: settle_h * H, current_A: 0 }],
    ['left', { for_s: 1.6 * (1 - lost) * H, current_A: -2.5 }],
    ['fill', { for_s: 2 * H, current_A: 2.5 }],
    ['down', { for_s: 2 * H, current_A: -2.5 }],
    ['', { for_s: 600, current_A: 0 }],
  ];
  let at_s = 0;
  const steps = named.map(([id, { for_s }]) => {
    const start_s = at_s;
    at_s += for_s;
    return { op: 'cc', id, start_s, end_s: at_s, ended: 'condition', reason: '' };
  });
  const made = cellRecord(
    named.map(([, piece]) => piece),
    { dt_s: 10 },
  );
  const parameters = { storage_degC, check_degC: 25 };
  const common = { isWhole: true, parameters };
  const checks = steps
    .filter(({ id }) => id === 'down')
    .map(({ start_s, end_s }) => ({ ...common, method: 'capacity-check', name: 'check', start_s, end_s }));
  const part = { ...common, method: 'calendar', name: 'calendar', start_s: 0, end_s: at_s };
  // Meters that are nearly right: what is left is when the steps ended, and the time that the loss took.
  const accuracy = () => ({ reading_pct: 0.001, abs: 0, basis: 'default' }) as const;
  const run: RecordedRun = { ...made, accuracy, steps, parts: [part, ...checks] };
  return figureOf(calendar.evaluate(run, part), 'self-discharge');
}

describe('self-discharge of a store', () => {
  it.each([
    [25, 48, 24],
    [25, 24, 2],
    [25, 720, 2],
  ])(
    'at %d degC for %d h with %d h of settling: over all the time that it took',
    (storage_degC, store_h, settle_h) => {
      const found = lossOf({ storage_degC, store_h, settle_h, lost_pct: [36, 36] });
      expect(Math.abs((found.value ?? Number.NaN) - 36)).toBeLessThan(found.u95 ?? 0);
      expect(found.u95).toBeLessThan(8);
    },
  );

  it.each([
    [45, [36, 36]],
    [45, [36, 4]],
    [45, [36, 12]],
    [5, [4, 36]],
    [5, [4, 4]],
  ] as const)(
    'stored at %d degC: how fast it lost while it settled at 25 degC is in its u95 (%j)',
    (storage_degC, lost_pct) => {
      const found = lossOf({ storage_degC, store_h: 48, settle_h: 24, lost_pct });
      expect(Math.abs((found.value ?? Number.NaN) - lost_pct[0])).toBeLessThan(found.u95 ?? 0);
    },
  );

  it('is hardly less certain where the store is long beside it', () => {
    const found = lossOf({ storage_degC: 45, store_h: 720, settle_h: 2, lost_pct: [9, 1] });
    expect(Math.abs((found.value ?? Number.NaN) - 9)).toBeLessThan(found.u95 ?? 0);
    expect(found.u95).toBeLessThan(0.3);
  });
});
