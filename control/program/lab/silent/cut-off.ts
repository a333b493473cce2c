import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CutOff } from '../../../../dashboards/door/lab/cut-off.ts';
import { type LabRun, MODE_NAME } from '../../../../dashboards/door/lab.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import type { Acted } from '../../../guard/guard-log.ts';
import { guardOfRun } from '../../guard/guard-of-run.ts';
import { type Guards, guardsOf } from './guards-of.ts';

/** A run that ended without a word: what its folder says of how its bench was left. */

/** A guard that has written nothing so long after it had to begin has gone with the run, as in a power cut, s. */
const UNHEARD_S = 30;

const wall = realClock();
/** Modes in which a record is made of a run here: what was imported has no process that could be gone. */
const MODES: readonly string[] = Object.values(MODE_NAME);

/** As it stands in the folder. */
export interface CutFacts extends Guards {
  /** When the record was written last, ms of UTC. */
  readonly last_ms: number;
  /** What the guard wrote last before its end; null: nothing. */
  readonly said: CutOff['guardSaid'];
  /** How the guard ended; undefined: it has not said so. */
  readonly acted: Acted | undefined;
}

/** Reads it. A record that is damaged says nothing of guards; what the guard itself wrote is told all the same. */
export function cutFactsOf(dir: string): CutFacts {
  const last_ms = Math.max(
    ...['run.sqlite', 'run.sqlite-wal'].map(
      file => statSync(join(dir, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  );
  const log = guardOfRun(dir, utc_ms => utc_ms / 1000);
  const last = log?.events.findLast(({ kind, data }) => kind === 'guard' && data.what === 'step');
  return {
    ...guardsOrNone(dir),
    last_ms,
    said: last === undefined ? null : { utc: new Date(last.t_s * 1000).toISOString(), text: last.text },
    acted: log?.acted,
  };
}

function guardsOrNone(dir: string): Guards {
  try {
    return guardsOf(dir);
  } catch {
    return { guard: null, watchdogs: [] };
  }
}

/** What it comes to at `now_ms` of UTC, of a run in this mode. */
export function cutOffOf(mode: string, facts: CutFacts, now_ms: number): CutOff {
  const { last_ms, said, acted, guard, watchdogs } = facts;
  const common = { sinceUtc: new Date(last_ms).toISOString(), timeout_s: guard?.timeout_s ?? null };
  if (mode === 'rehearsal')
    return { ...common, guard: 'simulated', guardSaid: null, unproven: [], watchdogs: [] };
  return {
    ...common,
    guard: guardIs(facts, now_ms),
    guardSaid: said,
    unproven: [...(acted?.unproven ?? [])],
    watchdogs: [...watchdogs],
  };
}

function guardIs({ acted, said, guard, last_ms }: CutFacts, now_ms: number): CutOff['guard'] {
  if (acted !== undefined) return acted.proved_s === null ? 'not proved' : 'proved';
  if (said !== null) return 'under way';
  switch (guard?.what) {
    case 'watches':
      return (now_ms - last_ms) / 1000 > (guard.timeout_s ?? 0) + UNHEARD_S ? 'unheard' : 'waits';
    case 'lost':
    case 'none':
      return guard.what;
    default:
      return 'unknown';
  }
}

/** Where it is read. */
export interface CutOffParts {
  dirOf(id: string): string;
  /** Of runs by their folders. */
  facts(dirs: readonly string[]): Promise<readonly CutFacts[]>;
}

/** The same runs; of those that ended without a word with how they left their bench. */
export async function withCutOff(runs: readonly LabRun[], { dirOf, facts }: CutOffParts): Promise<LabRun[]> {
  const cut = runs.filter(run => isWithoutWord(run, () => existsSync(join(dirOf(run.id), 'result.json'))));
  if (cut.length === 0) return [...runs];
  const found = await facts(cut.map(({ id }) => dirOf(id)));
  const of = new Map(cut.map((run, i) => [run, cutOffOf(run.mode, found[i], wall.utc_ms())]));
  return runs.map(run => ({ ...run, cutOff: of.get(run) ?? null }));
}

/** Whether its process is gone, and its record, which can be read, has no end; `hasFile`: of `result.json`. */
function isWithoutWord({ state, duration_s, startedUtc, mode }: LabRun, hasFile: () => boolean): boolean {
  return state === 'over' && duration_s === null && startedUtc !== '' && MODES.includes(mode) && !hasFile();
}
