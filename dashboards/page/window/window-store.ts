import type { LiveSnapshot, TrendWindow } from '../../../control/view.ts';
import { getJson, type Trend, usable } from '../trends.ts';
import { words } from '../words/language.ts';
import { ALL, type ShownWindow, stretchOf } from './shown-window.ts';

/** As many roles as the bench answers at once. */
const MOST_ROLES = 64;
/** Wider than any chart has pixels for; a picture of more columns would not show more. */
export const MOST_COLUMNS = 2000;
const LEAST_COLUMNS = 10;
/** A window that follows the run is fetched afresh when it has gone on by this part of itself, but no more often than ... */
const STALE_PART = 1 / 50;
const RELOAD_MS = 5000;
/** A rough view is a fine one soon, and a record that cannot be read can be again. */
const RETRY_MS = 2000;

/** What the charts show of the stretch that was asked for, and how good it is. */
export interface WindowView {
  readonly shown: ShownWindow;
  /** Undefined: all of the run as the trends have it. */
  readonly trends: readonly Trend[] | undefined;
  /** Why what is drawn is not (yet) all there is to see; empty: it is. */
  readonly note: string;
}

/** The stretch that the charts show, out of the record: fetched when a person moves it, extended by live values. */
export interface WindowStore {
  view(): WindowView;
  /** Shows another stretch. `columns`: width of the widest chart, pixels. */
  show(shown: ShownWindow, columns: number): void;
  /** Takes a live snapshot in. */
  extend(snapshot: LiveSnapshot, stamp_ms: number): void;
}

/** `changed` is called when there is something else to draw; `unitsNow`: those of all trends, by role. */
export function windowStore(changed: () => void, unitsNow: () => ReadonlyMap<string, string>): WindowStore {
  let shown: ShownWindow = ALL;
  let columns = MOST_COLUMNS;
  let trends: readonly Trend[] | undefined;
  let note = '';
  let run = '';
  let now_s = 0;
  /** Counts what was asked for: an answer to a question that no longer stands is dropped. */
  let asked = 0;
  let isLoading = false;
  let loaded_s = Number.NEGATIVE_INFINITY;
  let again_ms = Number.NEGATIVE_INFINITY;

  const load = async (stamp_ms: number): Promise<void> => {
    const mine = ++asked;
    isLoading = true;
    const units = unitsNow();
    const { from_s, to_s } = stretchOf(shown, now_s);
    try {
      const windows = await windowsOf([...units.keys()], from_s, to_s, columns);
      if (mine !== asked) return;
      trends = windows.map(window => trendOf(window, units.get(window.role) ?? ''));
      const isRough = windows.some(window => window.isRough);
      note = isRough ? words().charts.rough : '';
      loaded_s = to_s;
      again_ms = isRough ? stamp_ms + RETRY_MS : shown.kind === 'still' ? Infinity : stamp_ms + RELOAD_MS;
    } catch (error) {
      if (mine !== asked) return;
      note = words().charts.notFetched(error instanceof Error ? error.message : String(error));
      loaded_s = Number.NEGATIVE_INFINITY;
      again_ms = stamp_ms + RETRY_MS;
    } finally {
      if (mine === asked) {
        isLoading = false;
        changed();
      }
    }
  };

  const isStale = (): boolean => {
    if (shown.kind === 'all') return false;
    const { from_s, to_s } = stretchOf(shown, now_s);
    return (
      note !== '' || loaded_s === Number.NEGATIVE_INFINITY || to_s - loaded_s > (to_s - from_s) * STALE_PART
    );
  };

  return {
    view: () => ({ shown, trends: shown.kind === 'all' ? undefined : trends, note }),
    show(next, width) {
      shown = next;
      columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, Math.round(width)));
      if (next.kind === 'all') {
        asked++;
        [trends, note, isLoading] = [undefined, '', false];
      } else void load(performance.now());
      changed();
    },
    extend(snapshot, stamp_ms) {
      if (snapshot.run.id !== run) {
        run = snapshot.run.id;
        [shown, trends, note] = [ALL, undefined, ''];
      }
      const isNew = snapshot.run.time_s > now_s;
      now_s = snapshot.run.time_s;
      if (shown.kind === 'last' && isNew && trends !== undefined) push(trends, snapshot);
      if (!isLoading && stamp_ms >= again_ms && isStale()) void load(stamp_ms);
    },
  };
}

/** Trends of a stretch out of the record, in at most so many buckets. @throws Error where it cannot be read now */
export async function windowsOf(
  roles: readonly string[],
  from_s: number,
  to_s: number,
  columns: number,
): Promise<readonly TrendWindow[]> {
  const some: (readonly string[])[] = [];
  for (let i = 0; i < roles.length; i += MOST_ROLES) some.push(roles.slice(i, i + MOST_ROLES));
  const found = await Promise.all(
    some.map(part => {
      const query = new URLSearchParams({
        roles: part.join(','),
        from_s: String(from_s),
        to_s: String(to_s),
        columns: String(columns),
      });
      return getJson<readonly TrendWindow[]>(`api/window?${query}`);
    }),
  );
  return found.flat();
}

function trendOf({ role, t_s, min, max, last }: TrendWindow, unit: string): Trend {
  return { role, unit, t_s: [...t_s], value: [...last], min: [...min], max: [...max] };
}

/** What has come since the record was asked. */
function push(trends: readonly Trend[], snapshot: LiveSnapshot): void {
  const byRole = new Map(snapshot.roles.map(value => [value.role, value]));
  for (const trend of trends) {
    const value = usable(byRole.get(trend.role));
    trend.t_s.push(snapshot.run.time_s);
    for (const values of [trend.value, trend.min, trend.max]) values?.push(value);
  }
}
