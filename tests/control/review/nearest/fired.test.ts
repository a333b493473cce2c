import { describe, expect, it } from 'vitest';
import { spec } from '../../../support/interlock-bench.ts';
import { closest, constant } from './hand-made.ts';

/** A limit that fired came at least as near as what it fired on: the interlock has seen it, whatever the rows show. */

describe('the nearest approach', () => {
  it.each<[string, object, object]>([
    ['is the value that it fired on', { value: 0.3 }, { closest: 0.3, distance: -0.7, peak: 0.3 }],
    ['is what came later, where that was farther', { value: 0.9 }, { closest: 0.4, peak: 0.3 }],
    ['is as before where nothing usable was read', { value: null, isUnusable: true }, { closest: 0.4 }],
    ['is as before in an older record', {}, { closest: 0.4 }],
  ])('of one that fired %s', (_, came, expected) => {
    const low = { kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: 1, delay_s: 1 } as const;
    const readings = [2, 0.4, 0.4, 2].map((volt, i) => ({
      one: [0, 2, i === 1 ? 0.3 : volt, 2] as const,
      two: 0,
    }));
    const fired = { id: 'x', reaction: 'trip', limit: 1, unit: 'V', ...came } as const;
    const alarm = { t_s: 1, kind: 'alarm', text: '', data: fired } as const;
    expect(closest([spec(low)], readings, [], [alarm])[0]).toMatchObject({
      ...expected,
      member: 'cell.voltage_V[2]',
      fired: 1,
    });
  });

  it('of one that fired before the record shows it for long enough is the value that it fired on', () => {
    const low = spec({ kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: 1, delay_s: 9 });
    const data = { id: 'x', reaction: 'trip', value: 0.5, limit: 1, unit: 'V' } as const;
    const readings = constant([2, 0.5, 2]);
    const [found] = closest([low], readings, [], [{ t_s: 1, kind: 'alarm', text: '', data }]);
    expect(found).toMatchObject({ closest: 0.5, distance: -0.5, peak: 0.5, member: 'cell.voltage_V[1]' });
    expect(found.at?.t_s).toBe(1);
  });
});
