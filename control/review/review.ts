import { unitOf } from '../../drivers/contract/units.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Bench } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { openReplay, type Replay } from '../record/replay.ts';
import { derivedTables } from '../tick/derived-source.ts';
import { type LimitReview, reviewLimits } from './limits.ts';
import type { LimitDistance, SetpointCount } from './result.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** What a run's record says of itself beside its figures. */
export interface Review extends LimitReview {
  /** Events by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly setpoints: readonly SetpointCount[];
}

/** The bench that a record was made on; its devices in the order in which they are polled. */
export interface Reviewed {
  readonly bench: Bench;
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, { readonly channels: readonly unknown[] }>;
}

/** Looks through the record of a run (closed, or all written) once more: limits, alarms, counts. */
export function reviewed(path: string, of: Reviewed, procedure: Procedure): Review {
  const replay = openReplay(path);
  try {
    return review(of, replay, timelineOf(replay, procedure));
  } finally {
    replay.close();
  }
}

function review({ bench, roles, devices }: Reviewed, replay: Replay, timeline: Timeline): Review {
  const channels = new Map([
    ...[...devices].map(([id, device]) => [id, device.channels.length] as const),
    ...derivedTables(bench).map(({ device, channels: names }) => [device, names.length] as const),
  ]);
  const events: Record<string, number> = {};
  for (const event of replay.events) {
    const kind = event.kind === 'not understood' ? event.data.kind : event.kind;
    events[kind] = (events[kind] ?? 0) + 1;
  }
  const { limits, alarms } = reviewLimits(bench.interlocks, roles, channels, replay, timeline);
  return { limits: limits.toSorted(nearestFirst), alarms, events, setpoints: countSetpoints(replay) };
}

/** Fired limits first, then those that are nearest by the way from their usual value; switches and the unarmed last. */
function nearestFirst(a: LimitDistance, b: LimitDistance): number {
  const rank = (l: LimitDistance): number =>
    l.fired > 0
      ? 3
      : l.closest === null
        ? -1
        : l.unit === 'on'
          ? 0
          : 1 + Math.min(1, Math.max(0, l.way_frac ?? 0));
  return rank(b) - rank(a);
}

/** Set points by role as the gate dealt with them; roles that were only noted (power asked) are left out. */
export function countSetpoints(replay: Replay): SetpointCount[] {
  const rows = replay.query(
    `SELECT role, sum(outcome = 'applied') AS applied, sum(outcome = 'refused') AS refused,
       sum(outcome = 'failed') AS failed,
       sum(outcome = 'applied' AND abs(asked - applied) > 1e-9 * max(abs(asked), 1)) AS slewed,
       max(CASE WHEN outcome = 'applied' THEN abs(asked - applied) END) AS lag
     FROM setpoints WHERE outcome <> 'asked' GROUP BY role ORDER BY role`,
  );
  return rows.map(row => ({
    role: String(row['role']),
    unit: unitOf(String(row['role'])) ?? '',
    applied: Number(row['applied']),
    slewed: Number(row['slewed']),
    lag: Number(row['lag'] ?? 0),
    refused: Number(row['refused']),
    failed: Number(row['failed']),
  }));
}
