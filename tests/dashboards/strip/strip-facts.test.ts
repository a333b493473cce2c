import { describe, expect, it } from 'vitest';
import type { PhaseShown } from '../../../control/view.ts';
import { stripOf } from '../../../dashboards/page/strip/strip-facts.ts';
import { fakeRun } from '../fake-view.ts';

/** The strip of phases says what is over, what runs and what is to come, and never more than it knows. */

const at = (
  time_s: number,
  phases: readonly PhaseShown[],
  by: 'method' | 'rehearsal' = 'rehearsal',
  state?: 'Complete' | 'Aborted',
) => {
  const { run } = fakeRun().view.snapshot();
  return stripOf({ phases, phasesBy: by, run: { ...run, time_s, state: state ?? run.state } });
};
const phase = (
  name: string,
  start_s: number | null,
  end_s: number | null,
  planned_s: number | null,
): PhaseShown => ({
  name,
  start_s,
  end_s,
  planned_s,
});

describe('the strip', () => {
  it('done as long as it took, under way as long as planned, to come as planned; its place and what is left', () => {
    const { phases, place, left } = at(600, [
      phase('warm-up', 0, 400, 380),
      phase('wind', 400, null, 3000),
      phase('cool-down', null, null, 600),
    ]);
    expect(phases.map(({ state, weight }) => [state, weight])).toEqual([
      ['done', 400],
      ['now', 3000],
      ['to come', 600],
    ]);
    expect(phases[1].part).toBeCloseTo(200 / 3000, 12);
    expect(phases.map(({ said }) => said)).toEqual(['took 0:06:40', 'for 0:03:20', 'about 0:10:00']);
    expect(place).toBe('2 of 3: wind');
    expect(left).toBe('left in it 0:46:40 by rehearsal');
  });

  it.each([
    ['rehearsal', 'longer than rehearsed by 0:00:41'],
    // A method only bounds what it waits for: nothing is late.
    ['method', ''],
  ] as const)('longer than planned by the %s: wider, not over, and said', (by, said) => {
    const { phases, left } = at(1041, [phase('wind', 0, null, 1000)], by);
    expect(phases[0].weight).toBe(1041);
    expect(phases[0].part).toBeLessThan(1);
    expect(left).toBe(said);
  });

  it('whose length nobody knows is as wide as the usual one, and claims nothing', () => {
    const { phases, left } = at(50, [phase('a', 0, null, null), phase('b', null, null, 100)]);
    expect(phases[0]).toMatchObject({ weight: 50, part: 0 });
    expect(left).toBe('');
    expect(at(0, [phase('a', null, null, null)]).phases[0]).toMatchObject({
      weight: 1,
      state: 'to come',
      said: '',
    });
  });

  it('passed without having begun is left out, at the end of the run too', () => {
    const phases = [
      phase('a', 0, 10, 10),
      phase('b', null, null, 10),
      phase('c', 10, 20, 10),
      phase('d', null, null, 10),
    ];
    expect(at(20, phases).phases.map(({ state }) => state)).toEqual(['done', 'left out', 'done', 'to come']);
    const over = at(20, phases, 'rehearsal', 'Complete');
    expect(over.phases.map(({ state }) => state)).toEqual(['done', 'left out', 'done', 'left out']);
    expect(over.place).toBe('');
  });

  it('the phase in which the run left its method is cut short, not done, and says how long it went', () => {
    const cut = { ...phase('b', 5, 12, 100), isCutShort: true };
    const { phases } = at(
      900,
      [phase('a', 0, 5, 5), cut, phase('c', null, null, 10)],
      'rehearsal',
      'Aborted',
    );
    expect(phases.map(({ state, said }) => [state, said])).toEqual([
      ['done', 'took 0:00:05'],
      ['cut short', 'took 0:00:07'],
      ['left out', ''],
    ]);
  });

  it('of a run that has ended says no more what is left of the phase that it was in', () => {
    const phases = [phase('a', 0, 5, 5), phase('b', 5, null, 100), phase('c', null, null, 10)];
    const { phases: shown, place, left } = at(20, phases, 'rehearsal', 'Aborted');
    expect(shown.map(({ state }) => state)).toEqual(['done', 'cut short', 'left out']);
    expect([place, left]).toEqual(['', '']);
    // Its state says what it is: nothing says it twice.
    expect(shown[2].said).toBe('');
  });
});
