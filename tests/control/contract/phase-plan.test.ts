import { describe, expect, it } from 'vitest';
import { leftNow, shownPhases } from '../../../control/contract/phase-plan.ts';

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

describe('the end of a phase', () => {
  const left = (by: 'person' | 'procedure', t_s: number) => ({ cause: { by, id: 'page' }, reason: '', t_s });
  const of = { phases: [done('warm-up', 0), done('wind', 1)], phase: 'wind', phaseStart_s: 1 };
  const shown = (how?: ReturnType<typeof left>) =>
    shownPhases({ ...of, phasePlan: plan('warm-up', 'wind'), left: how });

  it('is told of the newest too, though the run keeps its name', () => {
    expect(shown()).toEqual([
      { name: 'warm-up', start_s: 0, end_s: 1, planned_s: 10 },
      { name: 'wind', start_s: 1, end_s: 2, planned_s: 10 },
    ]);
    expect(shown(left('procedure', 2))).toEqual(shown());
  });

  it('that came of leaving the method is no end of it', () => {
    expect(shown(left('person', 2)).map(({ isCutShort }) => isCutShort)).toEqual([undefined, true]);
    expect(shown(left('person', 5)).map(({ isCutShort }) => isCutShort)).toEqual([undefined, undefined]);
  });

  it('stays the first moment at which it was left, unless it was through', () => {
    const [stop, abort, own] = (['person', 'interlock', 'procedure'] as const).map(by => ({ by, id: 'x' }));
    expect(leftNow(leftNow(undefined, stop, 'a', 7), abort, 'b', 9)).toEqual({
      cause: abort,
      reason: 'b',
      t_s: 7,
    });
    expect(leftNow(leftNow(undefined, own, '', 7), abort, 'b', 9)).toEqual({
      cause: abort,
      reason: 'b',
      t_s: 9,
    });
  });
});

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
