import { join } from 'node:path';
import { renderMorning } from '../../../../dashboards/morning.ts';
import type { CarriedCourse } from '../../../campaign/carried-course.ts';
import { morningOf } from '../../../campaign/morning.ts';
import type { CampaignState } from '../../../campaign/state.ts';
import { readResult } from '../../../exchange/recorded-run.ts';
import { named } from '../../../named.ts';
import type { RunResult } from '../../../review/result.ts';
import { writeWhole } from '../../result/write-whole.ts';
import { auditIn } from '../audit-campaign.ts';
import { eventsAfter, readOutbox } from '../notify/outbox-file.ts';

/** The morning report in the folder of a campaign. */

export const MORNING_FILE = 'morning.html';

/** Results of runs that are over: they do not change any more. */
export type Results = Map<string, RunResult>;

/** Makes it and writes it whole; returns its path. Throws what the disk says. */
export function writeMorning(
  dir: string,
  state: CampaignState,
  course: CarriedCourse,
  now_ms: number,
  known: Results = new Map(),
): string {
  const path = join(dir, MORNING_FILE);
  writeWhole(path, morningHtml(dir, state, course, now_ms, known));
  return path;
}

/** The report as of now. Throws what the disk says. */
export function morningHtml(
  dir: string,
  state: CampaignState,
  course: CarriedCourse,
  now_ms: number,
  known: Results,
): string {
  const resultOf = (id: string): RunResult | undefined => {
    const own = named(state.carried, id);
    const result =
      known.get(id) ?? (own === undefined ? undefined : readResult(join(dir, own.dir, 'result.json')));
    if (result !== undefined) known.set(id, result);
    return result;
  };
  const untold = readOutbox(dir).messages.flatMap(({ notification, reason, tries }) =>
    tries > 0 ? [{ subject: notification.subject, reason }] : [],
  );
  const trail = auditIn(dir, state).entries;
  const parts = { state, course, events: eventsAfter(dir, 0), untold, trail, resultOf, now_ms };
  return renderMorning(morningOf(parts));
}
