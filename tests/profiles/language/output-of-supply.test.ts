import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../profiles/language/run/actions/electrical.ts';
import type { LanguageEnv } from '../../../profiles/language/run/env.ts';
import { type Output, stagesInto } from '../../../profiles/language/run/output.ts';

/** A supply that crosses over by itself: what drives comes first, so that no limit is lifted before another holds. */

const output: Output = {
  subject: 'stack',
  roles: {
    output: 'stack.outputSet_on',
    current: 'stack.currentSet_A',
    voltage: 'stack.voltageSet_V',
    power: 'stack.powerSet_W',
  },
  range: role => ({ min: 0, max: { 'stack.currentSet_A': 100, 'stack.voltageSet_V': 20 }[role] ?? 2000 }),
};

describe('into another mode while it is on', () => {
  it.each([
    ['cc', { current: 40 }, 'stack.currentSet_A'],
    ['cv', { voltage: 8 }, 'stack.voltageSet_V'],
    ['cp', { power: 300 }, 'stack.powerSet_W'],
  ] as const)('%s asks for its own set point first', (mode, values, role) => {
    const [first, ...rest] = stagesInto(output, mode, values, true);
    expect(first.map(([name]) => name)).toEqual([role]);
    expect(rest.flat().map(([name]) => name)).not.toContain(role);
  });
});

describe('where a way begins', () => {
  const env = (measured: Readonly<Record<string, number>>): LanguageEnv =>
    ({
      output,
      applied: (role: string) =>
        ({ 'stack.outputSet_on': 1, 'stack.voltageSet_V': 20, 'stack.currentSet_A': 50 })[role],
      value: (role: string) => measured[role] ?? Number.NaN,
    }) as unknown as LanguageEnv;

  it('in constant current the voltage stands where it is measured, not at its limit', () => {
    expect(standingOf(env({ 'stack.voltage_V': 9 }), 'voltage', 'stack.voltageSet_V')).toBe(9);
  });

  it('a current that is what was asked for begins at the set point, not at a noisy reading', () => {
    expect(standingOf(env({ 'stack.current_A': 49.8 }), 'current', 'stack.currentSet_A')).toBe(50);
  });
});
