import { describe, expect, it } from 'vitest';
import { cannotDrive, type Output, stagesInto } from '../../../profiles/language/run/output.ts';

/** How a channel that is told its mode holds a voltage when no current is said beside it. */

const channel = (current: { readonly min: number; readonly max: number }): Output => ({
  subject: 'cell',
  roles: { output: 'on', current: 'current', voltage: 'voltage', mode: 'mode' },
  modes: { rest: 0, cc: 1, cv: 2 },
  range: role => (role === 'current' ? current : { min: 0, max: 5 }),
});

it('the smaller of the currents that the bench allows stands before the output is on', () => {
  expect(stagesInto(channel({ min: -10, max: 5 }), 'cv', { voltage: 4 }, false)).toEqual([
    [
      ['current', 5],
      ['voltage', 4],
      ['mode', 2],
    ],
    [['on', 1]],
  ]);
  expect(stagesInto(channel({ min: -3, max: 0 }), 'cv', { voltage: 4 }, false)[0][0]).toEqual([
    'current',
    -3,
  ]);
});

it('while it is on the mode comes first: the bound must not flow as a current', () => {
  expect(stagesInto(channel({ min: -10, max: 5 }), 'cv', { voltage: 4 }, true)).toEqual([
    [
      ['voltage', 4],
      ['mode', 2],
    ],
    [['current', 5]],
  ]);
});

it('nothing that bounds the current: no constant voltage', () => {
  expect(cannotDrive(channel({ min: 0, max: 0 }), 'cv')).toMatch(/^nothing on this bench bounds the current/);
  expect(cannotDrive(channel({ min: 0, max: 0 }), 'rest')).toBeUndefined();
});

describe('beside a power or a resistance', () => {
  const output: Output = {
    subject: 'cell',
    roles: {
      output: 'on',
      current: 'current',
      voltage: 'voltage',
      power: 'power',
      resistance: 'ohm',
      mode: 'mode',
    },
    modes: { rest: 0, cc: 1, cv: 2, cp: 3, cr: 4 },
    range: role => (role === 'current' ? { min: -10, max: 5 } : { min: -50, max: 50 }),
  };
  it.each([
    ['cp', { power: 18 }, false, 5],
    ['cp', { power: -18 }, false, -10],
    ['cp', { power: 18 }, true, -10],
    ['cr', { resistance: 0.3 }, false, -10],
  ] as const)('%s %o (it moves: %s): %d A stands as the most', (mode, values, turns, most_A) => {
    expect(stagesInto(output, mode, values, false, turns)[0]).toContainEqual(['current', most_A]);
    expect(stagesInto(output, mode, values, true, turns)).toEqual([
      [expect.anything(), ['mode', mode === 'cp' ? 3 : 4]],
      [['current', most_A]],
    ]);
  });
});
