import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type Acted, actedText, GUARD_LOG, type GuardLine, guardLineSchema } from '../../guard/guard-log.ts';
import type { JournalEvent } from '../../record/events.ts';

/** What the guard of a run did after its controller had gone: its own log, for whoever concludes the record. */
export interface GuardOfRun {
  /** How it went; undefined: it was ended before its end. */
  readonly acted: Acted | undefined;
  /** As events of the record. */
  readonly events: readonly JournalEvent[];
}

/** Reads it out of the folder of a run. `run_s`: run time of a UTC, ms. Undefined where no guard has acted. */
export function guardOfRun(dir: string, run_s: (utc_ms: number) => number): GuardOfRun | undefined {
  const path = join(dir, GUARD_LOG);
  if (!existsSync(path)) return undefined;
  // A line that was cut off by a power cut says nothing; those before it do.
  const lines = readTextFile(path)
    .split('\n')
    .flatMap(text => lineOf(text) ?? []);
  const acted = lines.findLast(line => line.acted !== undefined)?.acted;
  const events = lines.map(
    ({ utc, text, acted: end }): JournalEvent => ({
      t_s: run_s(Date.parse(utc)),
      kind: 'guard',
      text: end === undefined ? text : actedText(end),
      data: { what: end === undefined ? 'step' : 'acted', timeout_s: null },
    }),
  );
  return { acted, events };
}

function lineOf(text: string): GuardLine | undefined {
  try {
    return guardLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
