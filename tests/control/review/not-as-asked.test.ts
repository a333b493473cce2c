import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../control/record/events.ts';
import { controlledSteps, isNotHeld, shortSteps } from '../../../control/review/not-as-asked.ts';
import { timelineOf } from '../../../control/review/timeline.ts';
import { namedOnly } from '../../../profiles/language/procedure.ts';

it('a step that begins with its phase falls short in that phase, not in what led up to it', () => {
  const short = (t_s: number, isOver: boolean): JournalEvent => ({
    t_s,
    kind: 'short',
    text: '',
    data: { step: 'cc', role: 'cell.current_A', asked: 1, shown: 0.5, from_s: 1, away_s: 9, isOver },
  });
  const events: readonly JournalEvent[] = [
    { t_s: 1, kind: 'phase', text: 'run', data: { name: 'run', method: 'steps' } },
    short(5, false),
    short(10, true),
    { t_s: 10, kind: 'phaseEnd', text: '', data: { name: 'run', start_s: 1, end_s: 10, ended_by: 'time' } },
  ];
  const timeline = timelineOf({ events, lastPc: 0 } as never, namedOnly('m'));
  expect(shortSteps(events, timeline)).toMatchObject([{ phase: 'run', step: 'cc', count: 1 }]);
});

it('of a potential that was held in several stretches the worst of each figure counts', () => {
  const held = (t_s: number, rms: number | null, beyond: number | null): JournalEvent => ({
    t_s,
    kind: 'controlled',
    text: '',
    data: {
      ...{ role: 'cell.negativePotential_V', target: 0.02, readings: 10, bad: 0, rms, beyond },
      ...{ every_s: 1, saturated_s: 0, within: 0.005, step: 'fast' },
    },
  });
  const events = [held(5, 0.001, 0.031), held(9, 0.002, 0.001), held(12, null, null)];
  const timeline = timelineOf({ events, lastPc: 0 } as never, namedOnly('m'));
  const [found, ...others] = controlledSteps(events, timeline);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ step: 'fast', unit: 'V', rms: 0.002, beyond: 0.031, readings: 30, count: 3 });
  expect(isNotHeld(found)).toBe(true);
  expect(isNotHeld({ ...found, beyond: 0.004 })).toBe(false);
  expect(isNotHeld({ ...found, beyond: null, rms: null })).toBe(false);
});
