import type { InterlockSpec } from '../../../../control/bench/bench.ts';
import type { AppliedSetpoint, Replay, ReplayedFrame } from '../../../../control/record/replay.ts';
import { reviewLimits } from '../../../../control/review/limits.ts';
import { QUALITY } from '../../../../drivers/contract/frame.ts';
import { asAsked } from '../../../support/as-asked.ts';
import { ROLES } from '../../../support/interlock-bench.ts';

/** Limits of a record of hand-made readings. */

/** Both devices once a second. */
export interface Reading {
  readonly one: readonly [number, number, number, number];
  readonly two: number;
  readonly quality?: number;
  readonly tags?: readonly string[];
}

/** A journal that was never on a disk: both devices once a second. */
function recorded(readings: readonly Reading[]): ReplayedFrame[] {
  return readings.flatMap(({ one, two, quality = QUALITY.good }, i) => [
    {
      device: 'one',
      t_s: i,
      row: i + 1,
      values: Float64Array.from(one),
      quality: new Uint8Array(4).fill(quality),
    },
    { device: 'two', t_s: i, row: i + 1, values: Float64Array.of(two), quality: Uint8Array.of(QUALITY.good) },
  ]);
}

/** How near they came to each limit. */
export function closest(
  specs: readonly InterlockSpec[],
  readings: readonly Reading[],
  applied: readonly AppliedSetpoint[] = [],
  events: Replay['events'] = [],
) {
  const frames = recorded(readings);
  const replay: Replay = {
    keptEvery_s: () => 0,
    *times() {},
    events,
    isThinned: false,
    lastPc: 0,
    *frames(columns) {
      for (const frame of frames) yield asAsked(frame, columns.get(frame.device));
    },
    *between(device, columns, { from_s, to_s }) {
      for (const frame of frames)
        if (frame.device === device && frame.t_s >= from_s && frame.t_s <= to_s)
          yield asAsked(frame, columns);
    },
    *applied() {
      yield* applied;
    },
    frame: (device, _channels, row) => frames.find(f => f.device === device && f.row === row),
    *reasons() {},
    *setpoints() {},
    close: () => {},
  };
  const timeline = {
    at: (t_s: number) => ({ t_s, phase: 'p', step: 's' }),
    of: () => ({ t_s: 0, phase: '', step: '' }),
    context: (t_s: number) => ({ state: 'Execute' as const, tags: readings[t_s]?.tags ?? [] }),
  };
  const channels = new Map([
    ['one', 4],
    ['two', 1],
  ]);
  return reviewLimits(specs, ROLES, channels, replay, timeline).limits;
}

/** One value everywhere, second by second. */
export const constant = (values: readonly number[]): Reading[] =>
  values.map(v => ({ one: [v, v, v, v], two: 0 }));
