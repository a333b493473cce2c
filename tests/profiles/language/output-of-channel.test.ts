import { describe, expect, it } from 'vitest';
import { type GateLine, rampLimited, refusalOf } from '../../../control/tick/gate-line.ts';
import { standingOf } from '../../../profiles/language/run/actions/standing.ts';
import type { LanguageEnv } from '../../../profiles/language/run/env.ts';
import { cannotDrive, type Output, stagesInto } from '../../../profiles/language/run/output.ts';

/** How a channel that is told its mode holds a voltage when no current is said beside it. */

const channel = (current: { readonly min: number; readonly max: number }): Output => ({
  subject: 'cell',
  roles: { output: 'on', current: 'current', voltage: 'voltage', mode: 'mode' },
  modes: { rest: 0, cc: 1, cv: 2 },
  range: role => (role === 'current' ? current : { min: 0, max: 5 }),
});

it('the smaller of the currents that the bench allows stands before the output is on', () => {
  expect(stagesInto(channel({ min: -10, max: 5 }), 'cv', { voltage: 4 }, { isOn: false })).toEqual([
    [
      ['current', 5],
      ['voltage', 4],
      ['mode', 2],
    ],
    [['on', 1]],
  ]);
  expect(stagesInto(channel({ min: -3, max: 0 }), 'cv', { voltage: 4 }, { isOn: false })[0][0]).toEqual([
    'current',
    -3,
  ]);
});

it('while it is on the mode comes first: the bound must not flow as a current', () => {
  expect(stagesInto(channel({ min: -10, max: 5 }), 'cv', { voltage: 4 }, { isOn: true })).toEqual([
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
    expect(stagesInto(output, mode, values, { isOn: false, turns })[0]).toContainEqual(['current', most_A]);
    expect(stagesInto(output, mode, values, { isOn: true, turns })).toEqual([
      [expect.anything(), ['mode', mode === 'cp' ? 3 : 4]],
      [['current', most_A]],
    ]);
  });
});

describe('where a way begins on a channel', () => {
  const output: Output = {
    subject: 'cell',
    roles: {
      output: 'on',
      current: 'current',
      voltage: 'voltage',
      power: 'power',
      resistance: 'set_Ohm',
      mode: 'mode',
    },
    modes: { rest: 0, cc: 1, cv: 2, cp: 3, cr: 4 },
    range: role => (role === 'set_Ohm' ? { min: 0, max: 1000 } : { min: -10, max: 10 }),
  };
  const env = (sets: Readonly<Record<string, number>>, read: Readonly<Record<string, number>>): LanguageEnv =>
    ({
      output,
      applied: (role: string) => sets[role] ?? Number.NaN,
      value: (role: string) => read[role] ?? Number.NaN,
    }) as unknown as LanguageEnv;
  const shown = { 'cell.voltage_V': 3.6, 'cell.current_A': -2 };
  // Set values that stand from steps of before: none of them is what flows now.
  const stale = { on: 1, voltage: 3, power: -30, set_Ohm: 0.1, current: 5 };
  it.each([
    [
      'a resistance of an output that is off: nothing flows',
      'resistance',
      'set_Ohm',
      { set_Ohm: 0.1 },
      shown,
      1000,
    ],
    ['never set before', 'resistance', 'set_Ohm', {}, {}, 1000],
    ['a resistance behind a discharge', 'resistance', 'set_Ohm', { ...stale, mode: 1 }, shown, 1.8],
    [
      'a resistance behind a charge',
      'resistance',
      'set_Ohm',
      { ...stale, mode: 1 },
      { ...shown, 'cell.current_A': 2 },
      1000,
    ],
    ['a resistance that nobody sees', 'resistance', 'set_Ohm', { ...stale, mode: 1 }, {}, 1000],
    ['another resistance', 'resistance', 'set_Ohm', { ...stale, mode: 4 }, shown, 0.1],
    ['a voltage behind a current', 'voltage', 'voltage', { ...stale, mode: 1 }, shown, 3.6],
    ['a voltage that nobody sees', 'voltage', 'voltage', { ...stale, mode: 1 }, {}, Number.NaN],
    ['a voltage that nobody sees, off', 'voltage', 'voltage', {}, {}, Number.NaN],
    ['another voltage', 'voltage', 'voltage', { ...stale, mode: 2 }, shown, 3],
    ['a power behind a voltage', 'power', 'power', { ...stale, mode: 2 }, shown, -7.2],
    ['a current behind a voltage', 'current', 'current', { ...stale, mode: 2 }, shown, -2],
    ['a current that nobody sees: not its limit', 'current', 'current', { ...stale, mode: 2 }, {}, 0],
  ] as const)('%s', (_what, what, role, sets, read, from) => {
    expect(Number(standingOf(env(sets, read), what, role).toFixed(9))).toBe(from);
  });
});

it('what is held to a rate is there before the mode is told, and a current comes up behind it', () => {
  const output = channel({ min: -10, max: 5 });
  expect(stagesInto(output, 'cv', { voltage: 4 }, { isOn: true, isSlow: true })).toEqual([
    [['voltage', 4]],
    [['mode', 2]],
    [['current', 5]],
  ]);
  expect(stagesInto(output, 'cc', { current: 5 }, { isOn: false, isSlow: true, from_A: 0 })).toEqual([
    [['current', 0]],
    [['mode', 1]],
    [['on', 1]],
    [['current', 5]],
  ]);
});

it('the gate brings a resistance that was never set from its upper end, everything else from its lower', () => {
  const limits = { min: 0.3, max: 1000, ramp_per_s: 10 };
  expect(rampLimited({ ...limits, role: 'cell.resistanceSet_Ohm' }, Number.NaN, 2, 1)).toBe(990);
  expect(rampLimited({ ...limits, role: 'cell.currentSet_A' }, Number.NaN, 100, 1)).toBe(10.3);
});

it('the gate takes only a whole number of a mode', () => {
  const line = { spec: { min: 0, max: 4 } } as unknown as GateLine;
  expect(refusalOf(line, 'cell.modeSet_count', 1.5, '')).toBe('1.5 is no whole number');
  expect(refusalOf(line, 'cell.modeSet_count', 2, '')).toBeUndefined();
});
