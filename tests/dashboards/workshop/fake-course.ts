import type { CarriedCourse } from '../../../control/view.ts';
import type { LabCampaign } from '../../../dashboards/door/lab.ts';

/** A campaign that is carried out: one run over, one under way, two that wait, a channel that is held. */

export function fakeCourse(): CarriedCourse {
  const run = (id: string, more: Partial<CarriedCourse['runs'][number]>): CarriedCourse['runs'][number] => ({
    id,
    run: id,
    bench: 'two-cells',
    subject: 'nickel',
    state: 'waiting',
    reason: '',
    beginUtc: null,
    endUtc: null,
    expectedEndUtc: null,
    duration_s: null,
    resumed: 0,
    dir: null,
    values: {},
    waitsFor: null,
    after: [],
    held: null,
    ...more,
  });
  return {
    schema: 'cellbench/campaign',
    version: 1,
    campaign: 'night',
    file: 'night.yaml',
    mode: 'rehearsal' as CarriedCourse['mode'],
    is: 'under way',
    begunUtc: '2026-11-30T08:00:00.000Z',
    updatedUtc: '2026-11-30T09:00:00.000Z',
    held: null,
    runs: [
      run('first', {
        state: 'completed',
        beginUtc: '2026-11-30T08:00:00.000Z',
        duration_s: 3600,
        dir: 'first',
      }),
      run('second', { state: 'running', beginUtc: '2026-11-30T09:00:00.000Z', dir: 'second' }),
      run('third', { waitsFor: 'run second' }),
      run('fourth', { waitsFor: 'a person: over-voltage tripped', subject: 'iron' }),
    ],
    benches: [
      { bench: 'two-cells nickel', held: null, busy_s: 3600 },
      { bench: 'two-cells iron', held: 'over-voltage tripped', busy_s: 0 },
    ],
    counts: { completed: 1, failed: 0, skipped: 0, waiting: 2, running: 1 },
  };
}

export function fakeCampaigns(): LabCampaign[] {
  const course = fakeCourse() as unknown as Record<string, unknown>;
  return [{ id: 'campaign-night', file: 'night', mode: 'twin', is: 'under way', reason: '', course }];
}
