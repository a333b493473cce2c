import type { LabRun } from '../../door/lab.ts';

/** So many, the newest, come with each change (dashboards/door/live-feed.ts); the older ones were asked for before. */
const MOST_TOLD = 200;

/** The newest runs as they stand now, and behind them the older ones that are known. */
export function withOlder(told: readonly LabRun[], known: readonly LabRun[]): readonly LabRun[] {
  if (told.length < MOST_TOLD) return told;
  const ids = new Set(told.map(({ id }) => id));
  return [...told, ...known.filter(({ id }) => !ids.has(id))];
}
