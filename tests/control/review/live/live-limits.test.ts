import { describe, expect, it } from 'vitest';
import { LiveLimits } from '../../../../control/review/live-limits.ts';
import { QUALITY } from '../../../../drivers/contract/frame.ts';
import { ROLES, spec } from '../../../support/interlock-bench.ts';

/** What all readings came to, beside a record that keeps only some: as the interlocks themselves saw them. */

const LOW = spec({
  id: 'low',
  kind: 'threshold',
  role: 'cell.voltage_V[]',
  trips: '<',
  limit: 1,
  delay_s: 2,
  armed: 'load',
});
const cells = (t_s: number, volt: number) => ({
  device: 'one',
  t_s,
  values: Float64Array.of(0, volt, 2, 2),
  quality: new Uint8Array(4).fill(QUALITY.good),
});
const state = (t_s: number, to: 'Execute' | 'Aborting') =>
  ({ kind: 'state', t_s, text: '', data: { from: 'Idle', to, event: 'start' } }) as const;
const tags = (t_s: number) => ({ kind: 'tags', t_s, text: '', data: { tags: ['load'] } }) as const;

describe('readings at the very time of a change', () => {
  it.each([
    ['in virtual time', 0],
    ['by a clock that goes on meanwhile', 0.004],
  ])('count as they did for the interlock, %s: it arms behind them, and the last one fires', (_, later_s) => {
    const live = new LiveLimits([LOW], ROLES, 100);
    live.event(state(100, 'Execute'));
    const volts = [0.2, 0.3, 0.6, 0.5, 0.4, 0.1];
    volts.forEach((volt, i) => {
      // What fires is judged before the reading is recorded.
      if (i === 4) live.event(state(104 + later_s, 'Aborting'));
      live.frame(cells(100 + i, volt));
      if (i === 1) live.event(tags(101 + later_s));
    });
    const [low] = live.told().data.nearest;
    expect(low).toMatchObject({ id: 'low', figure: -0.6, peak: -0.4, armed_s: 2, count: 3, unusable: 0 });
  });
});
