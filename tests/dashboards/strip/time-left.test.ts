import { describe, expect, it } from 'vitest';
import type { PhaseShown } from '../../../control/view.ts';
import { stripOf } from '../../../dashboards/page/strip/strip-facts.ts';
import { clock_s, endsAt, expected_s, type Timed, timeLeft_s } from '../../../dashboards/page/time-left.ts';
import { fakeRun } from '../fake-view.ts';

/** What is left of a run in the head of the page, and in its strip of phases: one figure. */

type Run = Timed['run'];
const PHASES: readonly PhaseShown[] = [
  { name: 'warm-up', start_s: 0, end_s: 400, planned_s: 400 },
  { name: 'wind', start_s: 400, end_s: null, planned_s: 3000 },
  { name: 'cool-down', start_s: null, end_s: null, planned_s: 600 },
];
const timed = (run: Partial<Run>, phases = PHASES): Timed => ({
  run: { ...fakeRun().view.snapshot().run, planned_s: 4000, ...run },
  phases,
});

describe('what is left of a run', () => {
  it.each<[string, Partial<Run>, readonly PhaseShown[], number | undefined, number]>([
    ['goes by its plan', { time_s: 1000 }, PHASES, 3000, 4000],
    [
      'held for 20 min in warm-up: it ends so much later',
      { time_s: 2200 },
      [{ ...PHASES[0], end_s: 1600 }, { ...PHASES[1], start_s: 1600 }, PHASES[2]],
      3000,
      5200,
    ],
    ['late in a phase: the later ones take as long as they take', { time_s: 3900 }, PHASES, 600, 4500],
    [
      'late in the last phase',
      { time_s: 4300 },
      [PHASES[0], { ...PHASES[1], end_s: 3400 }, { ...PHASES[2], start_s: 3400 }],
      -300,
      4300,
    ],
    [
      'a phase that nobody knows',
      { time_s: 1000 },
      [PHASES[1], { ...PHASES[2], planned_s: null }],
      3000,
      4000,
    ],
    ['without phases', { time_s: 4100 }, [], -100, 4100],
    [
      'before its first phase',
      { time_s: 2 },
      PHASES.map(p => ({ ...p, start_s: null, end_s: null })),
      4000,
      4002,
    ],
    ['held', { time_s: 1000, state: 'Held' }, PHASES, undefined, 4000],
    ['left, on its way into the safe state', { time_s: 1000, ended_s: 990 }, PHASES, undefined, 4000],
  ])('%s', (_name, run, phases, left_s, whole_s) => {
    expect([timeLeft_s(timed(run, phases)), expected_s(timed(run, phases))]).toEqual([left_s, whole_s]);
  });

  it('in its last phase is what the strip says', () => {
    const phases = [PHASES[0], { ...PHASES[1], planned_s: 2000 }];
    const { run } = timed({ time_s: 1750, planned_s: 1200 }, phases);
    expect(timeLeft_s({ run, phases })).toBe(650);
    expect(stripOf({ run, phases, phasesBy: 'rehearsal' }).left).toBe('left in it 0:10:50 by rehearsal');
  });

  it('the clock of a run stands still when it has left its method, however long its readings go on', () => {
    expect(clock_s(timed({ time_s: 1000 }).run)).toBe(1000);
    expect(clock_s(timed({ time_s: 12_454, ended_s: 16, state: 'Aborted' }).run)).toBe(16);
    expect(endsAt(timed({ mode: 'bench', ended_s: 16, state: 'Aborted' }), new Date(), 'en')).toBe('');
  });
});
