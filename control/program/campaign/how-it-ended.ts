import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cut } from '../../campaign/after-cut.ts';
import type { Ended } from '../../campaign/carrier.ts';
import type { CampaignSettings } from '../../campaign/state.ts';
import { endText } from '../../contract/run-outcome.ts';
import { readResult } from '../../exchange/recorded-run.ts';
import { openReadOnly } from '../../record/read-only.ts';
import { eventsOf, readEvents } from '../../record/recorded-events.ts';
import { recordedResult } from '../../review/recorded-result.ts';
import type { RunResult } from '../../review/result.ts';
import { EXIT } from '../result/outcome.ts';
import { takingUp } from '../resume/cut-night.ts';

/** How a run of a campaign ended, read out of what it left: its record, its result, the exit code of its process. */

/** Where a run has left what is read. */
export interface LeftByRun {
  readonly dir: string;
  /** What its process wrote at its end. */
  readonly end: string;
  /** What it printed. */
  readonly log: string;
  readonly mode: CampaignSettings['mode'];
  /** It went on in a record that was cut off before. */
  readonly goesOn: boolean;
  /** The guard of its bench has left its mark there. */
  readonly isMarked: () => boolean;
}

/** What the process of a run writes as it is let go (null), and at its end: its exit code, and when. */
const endSchema = z.strictObject({ code: z.number().int().nullable(), utc_ms: z.number() });
/** Causes of an end that the run did not come to by itself nor by a person's word: somebody must look. */
const OF_TRIP = ['interlock', 'set-point', 'watchdog', 'step', 'record', 'guard', 'self'];
const LOG_END_BYTES = 4096;

/** Reads it once its process has gone. */
export function howItEnded(left: LeftByRun): Ended {
  const end = endOf(left.end);
  if (left.goesOn && end === undefined) return { is: 'not begun', reason: 'its process had not been let go' };
  const ended = judged(left, end?.code ?? undefined);
  return ended.is === 'ended' && typeof end?.code === 'number' ? { ...ended, over_ms: end.utc_ms } : ended;
}

function judged(left: LeftByRun, code: number | undefined): Ended {
  const record = recordIn(left.dir);
  if (record === undefined || record.result === undefined)
    return withoutResult(left, code, record !== undefined);
  const { result, returned } = record;
  const { cause, unproven, criteria, reason, verdict } = result;
  const isProved = unproven.length === 0;
  const isOver = code === undefined ? cause.by === 'procedure' : code <= EXIT.notProved;
  const byPerson = cause.by === 'person' || cause.by === 'signal';
  // Something was left on, by whomever.
  const isNotSafe = cause.by === 'start' && cause.id === 'not-safe';
  const isTrip = !byPerson && (code === undefined ? OF_TRIP.includes(cause.by) : code >= EXIT.tripped);
  const notProved = unproven.map(({ what, otherwise }) => `${what}: ${otherwise}`).join('; ');
  return {
    is: 'ended',
    end: {
      isCompleted: isOver && isProved,
      isPassed: criteria === 'pass' ? true : criteria === 'fail' ? false : undefined,
      reason: isProved ? endText(verdict, reason) : `the safe state is not proved: ${notProved}`,
      returned,
      ...(byPerson && !isOver ? { stoppedBy: 'person' as const } : {}),
    },
    person: isProved
      ? isTrip || isNotSafe
        ? endText(verdict, reason)
        : undefined
      : `the safe state is not proved: ${notProved}`,
  };
}

/** It was refused, given up, or cut off. */
function withoutResult(left: LeftByRun, code: number | undefined, hasRecord: boolean): Ended {
  const { dir, log, mode, goesOn } = left;
  const nothing = { isCompleted: false, isPassed: undefined, returned: {} };
  if (code === EXIT.stopped && (goesOn || !hasRecord))
    return { is: 'not begun', reason: 'it was stopped before its start' };
  if (code === EXIT.refused && !hasRecord)
    return { is: 'ended', end: { ...nothing, reason: `refused: ${lastLine(log)}` }, person: undefined };
  if (code === undefined && !hasRecord && isEmpty(dir))
    return { is: 'not begun', reason: 'its process ended before anything was opened' };
  const reason =
    code === undefined
      ? 'cut off: its process was gone without an end'
      : code === EXIT.refused
        ? `it was refused to go on: ${lastLine(log)}`
        : `cellbench itself failed (exit code ${code}): ${lastLine(log)}`;
  // Emulated instruments are gone with their run.
  const person = mode === 'bench' ? `${reason}; how the bench was left is not known` : undefined;
  const { stays, ...cut } = cutOf(left, code, hasRecord);
  return { is: 'ended', end: { ...nothing, reason: `${reason}${stays}`, cut }, person };
}

/** A word is needed where a guard has left its mark, and where the bench did not come into its safe state. */
function cutOf(
  { dir, mode, isMarked }: LeftByRun,
  code: number | undefined,
  hasRecord: boolean,
): Cut & { readonly stays: string } {
  const needsWord = code === EXIT.refused || isMarked();
  const stays = '';
  if (mode !== 'bench') return { against: 'emulated instruments are gone with their run', needsWord, stays };
  if (!hasRecord) return { against: 'it has no record', needsWord, stays };
  const { against, still } = takingUp(dir);
  if (still?.is !== 'held') return { against, needsWord, stays };
  return { against, needsWord, stays: `; ${still.reason}: it stays so until a person says resume` };
}

/** What the process of a run has written of its end. */
export function endOf(path: string): z.output<typeof endSchema> | undefined {
  try {
    return endSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Undefined: there is no record. */
function recordIn(
  dir: string,
):
  | { readonly result: RunResult | undefined; readonly returned: Readonly<Record<string, number>> }
  | undefined {
  const path = join(dir, 'run.sqlite');
  if (!existsSync(path)) return undefined;
  const written = readResult(join(dir, 'result.json'));
  try {
    const db = openReadOnly(path);
    try {
      const told = eventsOf(readEvents(db), 'returned').map(({ data }) => data.figures);
      return { result: written ?? recordedResult(db), returned: Object.assign({}, ...told) };
    } finally {
      db.close();
    }
  } catch {
    // A record that cannot be read gives no values: a rule over them decides nothing.
    return { result: written, returned: {} };
  }
}

function isEmpty(dir: string): boolean {
  return !existsSync(dir) || readdirSync(dir).length === 0;
}

/** What a process said last. */
function lastLine(log: string): string {
  try {
    const text = readFileSync(log).subarray(-LOG_END_BYTES).toString('utf8').trimEnd();
    const said =
      text.split('\n').findLast(line => line.startsWith('cellbench: ')) ?? text.split('\n').at(-1) ?? '';
    return said.replace(/^cellbench: /, '');
  } catch {
    return 'nothing was printed';
  }
}
