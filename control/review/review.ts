import { unitOf } from '../../drivers/contract/units.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Bench } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { OpenBlocks } from '../record/blocks/open-blocks.ts';
import type { WhenDamaged } from '../record/damage/marks.ts';
import { eventsOf } from '../record/recorded-events.ts';
import { openReplay, type Replay } from '../record/replay.ts';
import { derivedTables } from '../tick/derived-source.ts';
import { type LimitReview, reviewLimits } from './limits.ts';
import { type RowGaps, rowGaps } from './lost/row-gaps.ts';
import { type RowsLost, rowsLostIn } from './lost/rows-lost.ts';
import { type LimitRule, limitRules, reviewMethodLimits } from './method-limits.ts';
import {
  type Controlled,
  controlledSteps,
  type Incomplete,
  type InexactStep,
  incompleteOnes,
  inexactSteps,
  type SameFigure,
  type ShortStep,
  sameFigures,
  shortSteps,
} from './not-as-asked.ts';
import type { LimitDistance, MethodLimit, ResultEdit, SetpointCount } from './result.ts';
import { type LeftLoop, leftLoops } from './rounds/left-loops.ts';
import { type SuspensionLife, suspensionsOf } from './suspensions.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { type WhyStopped, whyStopped } from './why-stopped.ts';

/** What a run's record says of itself beside its figures. */
export interface Review extends LimitReview {
  /** Events by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly setpoints: readonly SetpointCount[];
  /** Limits that the method sets; undefined: it is known by its name only. */
  readonly methodLimits: readonly MethodLimit[] | undefined;
  readonly shortSteps: readonly ShortStep[];
  readonly sameFigures: readonly SameFigure[];
  readonly inexactSteps: readonly InexactStep[];
  readonly suspensions: readonly SuspensionLife[];
  /** Of the rest of its method. */
  readonly edits: readonly ResultEdit[];
  /** Undefined: its procedure came to its end. */
  readonly whyStopped: WhyStopped | undefined;
  readonly incomplete: readonly Incomplete[];
  /** Potentials that software held. */
  readonly controlled: readonly Controlled[];
  /** By what the method went to its end before its last step; undefined: it did not. */
  readonly finishedBy: string | undefined;
  readonly leftLoops: readonly LeftLoop[];
  /** Before a cut. */
  readonly rowsLost: readonly RowsLost[];
  readonly rowGaps: readonly RowGaps[];
}

/** The bench that a record was made on; its devices in the order in which they are polled. */
export interface Reviewed {
  readonly bench: Bench;
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, { readonly channels: readonly unknown[] }>;
}

/**
 * `damaged`: what is done with a damaged record; `timeFactor`: by how much the run was faster than life; `blocks`: those of
 * the record that were opened by whoever reads it, too.
 */
export interface ReviewOptions {
  readonly damaged?: WhenDamaged;
  readonly timeFactor?: number;
  readonly blocks?: OpenBlocks;
}

/** Looks through the record of a run (closed, or all written) once more: limits, alarms, counts. */
export function reviewed(
  path: string,
  of: Reviewed,
  procedure: Procedure,
  { damaged = 'refuse', timeFactor = 1, blocks }: ReviewOptions = {},
): Review {
  const replay = openReplay(path, damaged, blocks);
  try {
    const methodLimits = reviewMethodLimits(procedure, replay, timelineOf(replay, procedure), timeFactor);
    return { ...review(of, replay, timelineOf(replay, procedure), limitRules(procedure)), methodLimits };
  } finally {
    replay.close();
  }
}

function review(
  { bench, roles, devices }: Reviewed,
  replay: Replay,
  timeline: Timeline,
  ofMethod: readonly LimitRule[],
): Omit<Review, 'methodLimits'> {
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
  return {
    limits: limits.toSorted(nearestFirst),
    alarms,
    events,
    setpoints: countSetpoints(replay),
    shortSteps: shortSteps(replay.events, timeline),
    sameFigures: sameFigures(replay.events, timeline),
    inexactSteps: inexactSteps(replay.events, timeline),
    suspensions: suspensionsOf(replay.events, timeline),
    edits: eventsOf(replay.events, 'edit').map(({ t_s, data: { inputs: _, text: _text, ...told } }) => ({
      t_s,
      ...told,
    })),
    whyStopped: whyStopped(replay, { interlocks: bench.interlocks, ofMethod, roles, channels }, timeline),
    incomplete: incompleteOnes(replay.events),
    controlled: controlledSteps(replay.events, timeline),
    finishedBy: finishedBy(replay.events),
    leftLoops: leftLoops(replay.events),
    rowsLost: rowsLostIn(replay.events),
    rowGaps: rowGaps(bench.devices, replay),
  };
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
  const counts = new Map<string, { -readonly [K in keyof SetpointCount]: SetpointCount[K] }>();
  for (const { rows, role, asked, applied, outcome } of replay.setpoints()) {
    for (let i = 0; i < rows; i++) {
      const became = outcome[i];
      if (became === 'asked') continue;
      let count = counts.get(role[i]);
      if (count === undefined) {
        count = {
          role: role[i],
          unit: unitOf(role[i]) ?? '',
          applied: 0,
          slewed: 0,
          lag: 0,
          refused: 0,
          failed: 0,
        };
        counts.set(role[i], count);
      }
      count[became]++;
      if (became !== 'applied') continue;
      const lag = Math.abs(asked[i] - applied[i]);
      if (lag > 1e-9 * Math.max(Math.abs(asked[i]), 1)) count.slewed++;
      if (lag > count.lag) count.lag = lag;
    }
  }
  return [...counts.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}

function finishedBy(events: Replay['events']): string | undefined {
  const last = eventsOf(events, 'finishes').at(-1);
  return last === undefined ? undefined : `${last.data.what}: ${last.data.reason}`;
}
