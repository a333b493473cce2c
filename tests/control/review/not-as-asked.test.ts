import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../control/record/events.ts';
import { shortSteps } from '../../../control/review/not-as-asked.ts';
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
