import type { LiveSnapshot, RoleValue, Series, TrendLimit } from '../../control/view.ts';

/** More points than the charts have pixels; beyond it the thinned history is fetched afresh. */
const MAX_POINTS = 6000;
/** A live step wider than this part of the run so far loses detail that the history still has. */
const COARSE_FRACTION = 1 / 500;
const RELOAD_MS = 2000;

/** One role over time as the page holds it; null = no usable value, drawn as a gap. */
export interface Trend {
  readonly role: string;
  readonly unit: string;
  readonly t_s: number[];
  readonly value: (number | null)[];
  /** Lowest and highest in the stretch that each value is the last of; absent: it stands for itself alone. */
  readonly min?: (number | null)[];
  readonly max?: (number | null)[];
}

/** The trends of one run: the history fetched once, then extended by live values. */
export interface TrendStore {
  trends(): readonly Trend[];
  limits(): readonly TrendLimit[];
  /** Takes a live snapshot in; fetches (again) what it cannot know from it. */
  extend(snapshot: LiveSnapshot, stamp_ms: number): void;
  /** The line was down: what happened meanwhile is in the history only. */
  interrupted(): void;
}

/** `changed` is called when fetched history has arrived. */
export function trendStore(changed: () => void): TrendStore {
  let trends: readonly Trend[] = [];
  let limits: readonly TrendLimit[] = [];
  let run = '';
  let last_s = Number.NEGATIVE_INFINITY;
  let wanted = true;
  let loading = false;
  let loaded_ms = Number.NEGATIVE_INFINITY;
  /** When a limit was changed last, run time. */
  let limited_s: number | undefined;

  const load = async (): Promise<void> => {
    const list = await getJson<{ roles: string[]; limits: TrendLimit[] }>('api/trends');
    const histories = await Promise.all(
      list.roles.map(role => getJson<Series>(`api/history?role=${encodeURIComponent(role)}`)),
    );
    limits = list.limits;
    trends = histories.map(h => ({ role: h.role, unit: h.unit, t_s: [...h.t_s], value: [...h.value] }));
    last_s = Math.max(last_s, ...trends.map(trend => trend.t_s.at(-1) ?? Number.NEGATIVE_INFINITY));
  };

  return {
    trends: () => trends,
    limits: () => limits,
    extend(snapshot, stamp_ms) {
      const t_s = snapshot.run.time_s;
      if (snapshot.run.id !== run || t_s < last_s) {
        trends = [];
        run = snapshot.run.id;
        last_s = Number.NEGATIVE_INFINITY;
        wanted = true;
      }
      const changed_s = snapshot.events.find(event => event.kind === 'limitChange')?.t_s;
      if (changed_s !== limited_s) wanted = true;
      limited_s = changed_s;
      const step_s = t_s - last_s;
      if (Number.isFinite(step_s) && step_s > Math.max(10, t_s * COARSE_FRACTION)) wanted = true;
      if (step_s > 0 && trends.length > 0) {
        const byRole = new Map(snapshot.roles.map(value => [value.role, value]));
        for (const trend of trends) {
          trend.t_s.push(t_s);
          trend.value.push(usable(byRole.get(trend.role)));
        }
        last_s = t_s;
        if (trends.some(trend => trend.t_s.length > MAX_POINTS)) wanted = true;
      }
      if (!wanted || loading || stamp_ms - loaded_ms < RELOAD_MS) return;
      wanted = false;
      loading = true;
      loaded_ms = stamp_ms;
      load()
        .catch(() => {
          // The line is down or the run is being set up; the next snapshot tries again.
          wanted = true;
        })
        .finally(() => {
          loading = false;
          changed();
        });
    },
    interrupted() {
      wanted = true;
      loaded_ms = Number.NEGATIVE_INFINITY;
    },
  };
}

/** The value if it may be believed, else null. */
export function usable(value: RoleValue | undefined): number | null {
  if (value === undefined || value.quality === 'bad' || value.quality === 'stale') return null;
  return value.value;
}

/** What the bench answers at a path. @throws Error where it cannot be reached or refuses */
export async function getJson<T>(path: string): Promise<T> {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return (await reply.json()) as T;
}
