import { RETURNED } from '../../profiles/run-kpis.ts';
import type { ResultAlarm } from '../review/alarms/result-alarm.ts';
import { type ComparedFigure, compareResults } from '../review/compare.ts';
import { rowGapsText } from '../review/lost/row-gaps.ts';
import { rowsLostText } from '../review/lost/rows-lost.ts';
import { unreadText } from '../review/lost/unread.ts';
import { incompleteText, inexactStepText } from '../review/not-as-asked-text.ts';
import type { Kpi, RunResult } from '../review/result.ts';
import type { AuditEntry } from './audit.ts';
import { type BenchUse, useOf } from './bench-use.ts';
import type { CarriedCourse } from './carried-course.ts';
import { stationOf } from './needs.ts';
import { runOf } from './queue.ts';
import type { CampaignEvent, CampaignState } from './state.ts';

/** What somebody wants to know of a campaign in the morning, out of its course, its events and the results of its runs. Pure. */

/** One figure over the runs of a series. */
export interface MorningFigure extends ComparedFigure {
  /** Of each completed run, the oldest first; null where it has no value. */
  readonly values: readonly {
    readonly run: string;
    readonly value: number | null;
    readonly u95: number | null;
  }[];
}

/** Runs of one method with one subject, against their baseline. */
export interface MorningSeries {
  readonly bench: string;
  readonly method: string;
  readonly subject: string | null;
  readonly baseline: string;
  /** The newest other one; null: the baseline is all there is. */
  readonly newest: string | null;
  readonly figures: readonly MorningFigure[];
  /** How many figures the result has beside these. */
  readonly more: number;
}

/** Something that a person has changed. */
export interface MorningChange {
  readonly utc: string;
  /** Null: nobody has said. */
  readonly by: string | null;
  /** The run, or null: the campaign. */
  readonly run: string | null;
  readonly what: string;
  readonly because: string;
  /** Why it was refused; null: it was done. */
  readonly refused: string | null;
}

/** The morning report. */
export interface Morning {
  readonly course: CarriedCourse;
  readonly zone: string;
  /** What needs a person, with the reason. */
  readonly needs: readonly {
    readonly what: string;
    readonly why: string;
    readonly sinceUtc: string | null;
  }[];
  readonly series: readonly MorningSeries[];
  readonly alarms: readonly { readonly run: string; readonly alarm: ResultAlarm }[];
  /** Readings that are missing or doubtful. */
  readonly gaps: readonly { readonly run: string; readonly text: string }[];
  readonly use: readonly BenchUse[];
  /** What people have changed, the oldest first: of the campaign itself, and in its runs. */
  readonly changes: readonly MorningChange[];
  /** By run, where it is not 0: the higher ones begin first. */
  readonly priorities: Readonly<Record<string, number>>;
  /** By run: its verdict and what its method asks of its figures; of one that has left a result. */
  readonly outcomes: Readonly<Record<string, { readonly verdict: string; readonly criteria: string }>>;
}

/** So many figures of a series stand on the page: what the method returns first, then those of the whole run. */
const MOST_FIGURES = 12;

/** What it is made of. */
export interface MorningParts {
  readonly state: CampaignState;
  readonly course: CarriedCourse;
  readonly events: readonly CampaignEvent[];
  /** Its trail. */
  readonly trail: readonly AuditEntry[];
  /** Messages that nobody has taken, with the reason of the last try. */
  readonly untold: readonly { readonly subject: string; readonly reason: string }[];
  /** Undefined: it has left none. */
  readonly resultOf: (id: string) => RunResult | undefined;
  readonly now_ms: number;
}

/** Puts it together. */
export function morningOf(parts: MorningParts): Morning {
  const { state, course, resultOf } = parts;
  const results = course.runs.flatMap(({ id, state: is }) => {
    const result = is === 'completed' || is === 'failed' ? resultOf(id) : undefined;
    return result === undefined ? [] : [{ id, result }];
  });
  return {
    course,
    zone: state.campaign.zone,
    needs: needsOf(parts),
    series: seriesOf(state, new Map(results.map(({ id, result }) => [id, result]))),
    alarms: results.flatMap(({ id, result }) => result.alarms.map(alarm => ({ run: id, alarm }))),
    gaps: [
      ...withoutResult(parts).map(run => ({ run, text: NO_RESULT })),
      ...results.flatMap(({ id, result }) => gapsOf(result).map(text => ({ run: id, text }))),
    ],
    use: useOf(parts),
    changes: changesOf(parts, results),
    priorities: Object.fromEntries(
      state.queue.items.flatMap(item => {
        const { priority } = runOf(state.campaign, item);
        return priority === 0 ? [] : [[item.id, priority]];
      }),
    ),
    outcomes: Object.fromEntries(
      results.map(({ id, result: { verdict, criteria } }) => [id, { verdict, criteria }]),
    ),
  };
}

/** As a campaign says it of a change without a reason. */
const NOT_GIVEN = 'not given';
const NO_RESULT =
  'it has left no result: its alarms and gaps are not known (cellbench conclude makes one of a record that was cut off)';

/** Runs that had begun, are over, and have left nothing to be looked at. */
function withoutResult({ course, resultOf }: MorningParts): string[] {
  return course.runs.flatMap(({ id, state, beginUtc }) =>
    state === 'failed' && beginUtc !== null && resultOf(id) === undefined ? [id] : [],
  );
}

/** Of the campaign by its trail; in a run edits of its method, limits made stricter, and who has ended it, by its result. */
function changesOf(
  { trail, course }: MorningParts,
  results: readonly { readonly id: string; readonly result: RunResult }[],
): readonly MorningChange[] {
  const own = trail.map(({ utc, by, what, because, change, refused }): MorningChange => {
    const run =
      typeof change === 'object' && change !== null && !Array.isArray(change) ? change['run'] : null;
    return { utc, by, run: typeof run === 'string' ? run : null, what, because, refused };
  });
  const inRuns = results.flatMap(({ id, result }): MorningChange[] => {
    const { edits = [], limits, startedUtc, cause, verdict, whyStopped, simulated_s } = result;
    const end_s = whyStopped?.t_s ?? simulated_s;
    const over = course.runs.find(run => run.id === id)?.endUtc ?? null;
    const over_ms = over === null ? Number.POSITIVE_INFINITY : Date.parse(over);
    const done = (t_s: number, by: string, what: string, because: string): MorningChange => {
      // The clock of a twin runs ahead of that on the wall.
      const utc = new Date(Math.min(Date.parse(startedUtc) + 1000 * t_s, over_ms)).toISOString();
      return { utc, by, run: id, what, because, refused: null };
    };
    return [
      ...edits.map(({ t_s, by, reason, changes }) =>
        done(t_s, by, `edit: ${changes.length === 0 ? 'nothing differs' : changes.join('; ')}`, reason),
      ),
      ...limits.flatMap(({ id: limit, changed = [] }) =>
        changed.map(({ t_s, to, by, reason }) => done(t_s, by, `limit ${limit}: ${to}`, reason)),
      ),
      ...(cause.by === 'person' ? [done(end_s, cause.id, verdict, cause.because ?? NOT_GIVEN)] : []),
    ];
  });
  return [...own, ...inRuns].toSorted((a, b) => Date.parse(a.utc) - Date.parse(b.utc));
}

function needsOf({ state, course, events, untold }: MorningParts): Morning['needs'] {
  const { held, runsHeld, campaign, queue } = state;
  const benchOf = (id: string | null): string | undefined => {
    const item = queue.items.find(one => one.id === id);
    return item === undefined ? undefined : stationOf(campaign, item, new Set(state.channels));
  };
  const since = (bench: string): string | null =>
    events.findLast(event => event.kind === 'benchHeld' && benchOf(event.id) === bench)?.utc ?? null;
  const stamp = (utc_ms: number): string => new Date(utc_ms).toISOString();
  // A hold of what is through holds nothing.
  const toCome = new Set(
    queue.items.flatMap(({ run, id, state: is }) => (is === 'waiting' ? [run, id] : [])),
  );
  return [
    ...course.benches.flatMap(({ bench, held: why }) =>
      why === null ? [] : [{ what: `bench ${bench}`, why, sinceUtc: since(bench) }],
    ),
    ...(held === null || toCome.size === 0
      ? []
      : [{ what: 'the campaign', why: `held by ${held.by}: ${held.because}`, sinceUtc: stamp(held.utc_ms) }]),
    ...Object.entries(runsHeld).flatMap(([run, word]) =>
      toCome.has(run)
        ? [
            {
              what: `run ${run}`,
              why: `held by ${word.by}: ${word.because}`,
              sinceUtc: stamp(word.utc_ms),
            },
          ]
        : [],
    ),
    ...untold.map(({ subject, reason }) => ({
      what: 'a message that did not go out',
      why: `${subject} (${reason || 'it waits'})`,
      sinceUtc: null,
    })),
  ];
}

function seriesOf(state: CampaignState, results: ReadonlyMap<string, RunResult>): MorningSeries[] {
  const { campaign, queue } = state;
  const done = queue.items
    .filter(({ id, state: is }) => is === 'completed' && results.has(id))
    .toSorted((a, b) => (a.begun_ms ?? 0) - (b.begun_ms ?? 0));
  const groups = Map.groupBy(done, item => {
    const { bench = campaign.bench, method, subject = null } = runOf(campaign, item);
    return JSON.stringify([bench, method, subject]);
  });
  return [...groups].map(([key, items]) => {
    const [bench, method, subject] = JSON.parse(key) as [string, string, string | null];
    const named = items.map(item => runOf(campaign, item).baseline).find(name => name !== undefined);
    const baseline = done.find(item => item.run === named) ?? items[0];
    const newest = items.findLast(({ id }) => id !== baseline.id);
    const ofId = (id: string): { name: string; result: RunResult } => {
      const result = results.get(id);
      if (result === undefined) throw new RangeError(`no result of ${id}`);
      return { name: id, result };
    };
    const a = ofId(baseline.id);
    const { figures } = compareResults(a, newest === undefined ? a : ofId(newest.id));
    const rank = ({ phase }: ComparedFigure): number => (phase === RETURNED ? 0 : phase === '' ? 1 : 2);
    const chosen = figures.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_FIGURES);
    const all = baseline.id === items[0].id ? items : [baseline, ...items.filter(one => one !== baseline)];
    return {
      bench,
      method,
      subject,
      baseline: baseline.id,
      newest: newest?.id ?? null,
      figures: chosen.map(figure => ({
        ...figure,
        values: all.map(({ id }) => {
          const kpi = kpiIn(results.get(id), figure);
          return { run: id, value: kpi?.value ?? null, u95: kpi?.u95 ?? null };
        }),
      })),
      more: figures.length - chosen.length,
    };
  });
}

function kpiIn(
  result: RunResult | undefined,
  { id, phase, unit }: Pick<ComparedFigure, 'id' | 'phase' | 'unit'>,
): Kpi | undefined {
  return result?.kpis.find(kpi => kpi.id === id && (kpi.phase ?? '') === phase && kpi.unit === unit);
}

/** What its result says is missing or in doubt. */
function gapsOf(result: RunResult): string[] {
  const {
    counts,
    damaged = [],
    shortSteps = [],
    sameFigures = [],
    incomplete = [],
    inexactSteps = [],
    rowsLost = [],
    rowGaps = [],
    unread = [],
    unproven,
  } = result;
  const bad = counts.devices.filter(({ badFrames }) => badFrames > 0);
  const unusable = bad.map(
    ({ id, frames, badFrames }) => `${id}: ${badFrames} of ${frames} readings not usable`,
  );
  return [
    ...unusable,
    ...damaged.map(({ source, reason }) => `${source}: rows of the record are damaged (${reason})`),
    ...(shortSteps.length === 0
      ? []
      : [`${shortSteps.length} times what was asked of the output did not come`]),
    ...(sameFigures.length === 0 ? [] : [`${sameFigures.length} readings stood still to the last digit`]),
    ...incomplete.map(incompleteText),
    ...inexactSteps.map(inexactStepText),
    ...rowsLost.map(rowsLostText),
    ...rowGaps.map(rowGapsText),
    ...unread.map(unreadText),
    ...unproven.map(({ what, otherwise }) => `not proved safe: ${what}; ${otherwise}`),
  ];
}
