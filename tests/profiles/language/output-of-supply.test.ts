import { describe, expect, it } from 'vitest';
import { intoOf, standingOf } from '../../../profiles/language/run/actions/standing.ts';
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
    const [first, ...rest] = stagesInto(output, mode, values, { isOn: true });
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

describe('a current that the bench holds to a rate', () => {
  const modes = [
    ['cc', { current: 100 }],
    ['cv', { voltage: 8 }],
    ['cp', { power: 300 }],
    ['cccv', { current: 100, voltage: 8 }],
  ] as const;
  it.each(modes)(
    '%s behind another mode: held at what flows until all else stands, then let go',
    (mode, values) => {
      const stages = stagesInto(output, mode, values, { isOn: true, from_A: 54 });
      expect(stages[0]).toEqual([['stack.currentSet_A', 54]]);
      expect(stages.at(-1)).toEqual([['stack.currentSet_A', 100]]);
      const between = stages.slice(1, -1).flat();
      expect(between.map(([role]) => role).toSorted()).toEqual(['stack.powerSet_W', 'stack.voltageSet_V']);
    },
  );

  it('a smaller one is gone to at once, before anything else is lifted', () => {
    expect(stagesInto(output, 'cc', { current: 20 }, { isOn: true, from_A: 54 })[0]).toEqual([
      ['stack.currentSet_A', 20],
    ]);
  });

  const at = (sets: Readonly<Record<string, number>>, shown_A: number, ramp_per_s?: number): LanguageEnv =>
    ({
      output,
      applied: (role: string) => ({ 'stack.outputSet_on': 1, ...sets })[role],
      value: (role: string) => (role === 'stack.current_A' ? shown_A : Number.NaN),
      limits: (role: string) =>
        role === 'stack.currentSet_A' ? { min: 0, max: 100, ramp_per_s } : undefined,
    }) as unknown as LanguageEnv;
  const inPower = { 'stack.currentSet_A': 100, 'stack.voltageSet_V': 20, 'stack.powerSet_W': 500 };
  const inVoltage = { ...inPower, 'stack.voltageSet_V': 9, 'stack.powerSet_W': 2000 };
  it.each([
    ['cc', inPower, 54, 20, 54],
    ['cv', inPower, 54, 20, 54],
    ['cp', inVoltage, 54, 20, 54],
    // What nobody sees may be nothing.
    ['cc', inPower, Number.NaN, 20, 0],
    // The same mode with another value, or no rate: the step is the method's own.
    ['cp', inPower, 54, 20, undefined],
    ['cv', inVoltage, 54, 20, undefined],
    ['cc', inPower, 54, undefined, undefined],
  ] as const)('into %s from %o with %d A (rate %s): %s A', (mode, sets, shown_A, rate, from_A) => {
    expect(intoOf(at(sets, shown_A, rate), mode, true).from_A).toBe(from_A);
  });
});
