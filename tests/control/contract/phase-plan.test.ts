import { describe, expect, it } from 'vitest';
import { shownPhases } from '../../../control/contract/phase-plan.ts';

const plan = (...names: string[]) => ({
  by: 'method' as const,
  phases: names.map(name => ({ name, planned_s: 10 })),
});
const done = (name: string, start_s: number) => ({
  name,
  start_s,
  end_s: start_s + 1,
  ended_by: 'all steps done',
});
const names = (of: Parameters<typeof shownPhases>[0]): string[] => shownPhases(of).map(({ name }) => name);

describe('phases that are not planned', () => {
  it('the end that every run has stands behind the last one', () => {
    const phases = [done('warm-up', 0), done('wind', 1)];
    const phasePlan = plan('warm-up', 'wind');
    expect(names({ phases, phase: 'finally', phaseStart_s: 2, phasePlan })).toEqual([
      'warm-up',
      'wind',
      'finally',
    ]);
  });

  it('the end of one that was stopped stands behind the phase that it was in', () => {
    const phasePlan = plan('warm-up', 'wind', 'cool-down');
    const of = { phases: [done('warm-up', 0)], phase: 'finally', phaseStart_s: 2, phasePlan };
    expect(names(of)).toEqual(['warm-up', 'finally', 'wind', 'cool-down']);
  });

  it('one that an edit has taken out stands where it was', () => {
    const phases = [done('leak-test', 0), done('warm-up', 1)];
    const of = { phases, phase: 'wind', phaseStart_s: 2, phasePlan: plan('warm-up', 'wind') };
    expect(names(of)).toEqual(['leak-test', 'warm-up', 'wind']);
  });
});
