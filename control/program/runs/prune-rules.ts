import type { ListedRun } from './run-list.ts';

/** Which runs a rule lets go. */

/** What may go: all conditions given must hold. */
export interface PruneRule {
  /** Begun longer ago than this, days. */
  readonly olderThan_d?: number | undefined;
  /** The newest so many stay. */
  readonly keep?: number | undefined;
  /** Only runs in this mode. */
  readonly mode?: string | undefined;
}

/** A run, and why it stays; `stays` empty: it goes. */
export interface Judged {
  readonly run: ListedRun;
  readonly stays: string;
}

const MS_PER_DAY = 86_400_000;

/** Judges runs, the oldest first. One that may be under way always stays. */
export function judgeRuns(
  runs: readonly ListedRun[],
  { olderThan_d, keep, mode }: PruneRule,
  now_ms: number,
): Judged[] {
  return runs.map((run, i) => {
    const age_d = (now_ms - Date.parse(run.startedUtc)) / MS_PER_DAY;
    const stays = (): string => {
      if (run.isOpen) return 'it is under way, or was cut off';
      if (mode !== undefined && run.mode !== mode) return `its mode is ${run.mode}`;
      if (keep !== undefined && i >= runs.length - keep) return `it is one of the newest ${keep}`;
      // A run whose begin nobody knows is not old.
      if (olderThan_d !== undefined && !(age_d > olderThan_d)) return `it is ${Math.floor(age_d)} days old`;
      return '';
    };
    return { run, stays: stays() };
  });
}
