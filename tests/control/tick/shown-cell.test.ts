import { describe, expect, it } from 'vitest';
import { roundOf, worstAlarm } from '../../../control/review/live/shown-channel.ts';
import { shownCell } from '../../../control/tick/shown-cell.ts';

/** A session of which only what is read and set of its cell is there. */
function cell(read: Readonly<Record<string, number>>, mode: number, state = 'ready') {
  const roles = Object.keys(read).map(role => [role, { role, device: 'cycler' }] as const);
  return shownCell({
    image: { value: (role: string) => read[role] ?? Number.NaN },
    gate: { applied: () => mode },
    parts: {
      bench: { cell: { currentMax_A: 6 }, output: { modes: { rest: 0, cc: 1, cv: 2 } } },
      roles: { measured: new Map(roles), settable: new Map() },
      devices: new Map([['cycler', { state }]]),
    },
  } as unknown as Parameters<typeof shownCell>[0]);
}

describe('what a cell does', () => {
  it.each([
    [1.5, 1, 'charge'],
    [-1.5, 1, 'discharge'],
    [0.3, 2, 'hold voltage'],
    [0, 2, 'hold voltage'],
    [0.5, 0, 'rest'],
    [0.005, 1, 'rest'],
    [1.5, Number.NaN, 'charge'],
  ])('at %d A in mode %d: %s', (current, mode, work) => {
    expect(cell({ 'cell.current_A': current, 'cell.voltage_V': 3.6 }, mode)).toEqual({
      work,
      voltage_V: 3.6,
      current_A: current,
      temperature_degC: null,
      charge_pct: null,
    });
  });

  it('of a lost instrument, or one that reads nothing usable, is not known', () => {
    const nothing = { work: null, voltage_V: null, current_A: null };
    expect(cell({ 'cell.current_A': 1, 'cell.voltage_V': 3 }, 1, 'lost')).toMatchObject(nothing);
    expect(cell({ 'cell.current_A': Number.NaN, 'cell.voltage_V': Number.NaN }, 1)).toMatchObject(nothing);
  });
});

describe('in a few words', () => {
  it('the round is said with how many there will be where that is known', () => {
    expect(roundOf({ round: 417, rounds: 1000 })).toEqual({ at: 417, of: 1000 });
    expect(roundOf({ round: 3, rounds: 1 })).toEqual({ at: 3, of: null });
    expect(roundOf(null)).toBeNull();
  });

  it('the worst alarm is the gravest that nobody has acknowledged, and no shelved one', () => {
    const alarm = (id: string, reaction: string, more = {}) =>
      ({ id, reaction, text: id, acknowledged: false, shelved: null, ...more }) as never;
    const list = [
      alarm('a', 'warn'),
      alarm('b', 'trip', { acknowledged: true }),
      alarm('c', 'hold'),
      alarm('d', 'trip', { shelved: { by: 'x', reason: 'y', until_s: 1 } }),
    ];
    expect(worstAlarm(list)).toMatchObject({ id: 'c', open: 2 });
    expect(worstAlarm(list.slice(1, 2))).toMatchObject({ id: 'b', open: 0 });
    expect(worstAlarm(list.slice(3))).toBeNull();
  });
});
