import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { carriedText } from '../../../dashboards/terminal/carried.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type CarriedCourse, carriedCourseOf, carriedCourseSchema } from '../../campaign/carried-course.ts';
import type { CampaignState } from '../../campaign/state.ts';
import { UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { auditIn, auditLines, changedIn } from './audit-campaign.ts';
import { COURSE_FILE } from './start-campaign.ts';
import { folderOf, stateIn, supervisorOf } from './where.ts';

const NO_TERMINAL_COLUMNS = 100;

/** `campaign status FILE`: what ran, what runs since when, what waits for what. Returns the exit code. */
export function campaignStatus(
  file: string,
  out: string | undefined,
  { json, audit }: { readonly json: boolean; readonly audit: boolean },
): number {
  const dir = folderOf(file, out);
  const state = stateIn(dir, file);
  if (state === undefined)
    throw new UsageError(`${dir}: no campaign has begun there, expected one: campaign start ${file}`);
  const supervisor = supervisorOf(dir);
  if (audit) {
    const { entries } = auditIn(dir, state);
    const found = changedIn(dir, state);
    if (json) console.log(JSON.stringify({ entries, found }));
    else
      for (const line of [...auditLines(entries), ...found.map(one => `CHANGED: ${one}`)]) console.log(line);
    return found.length === 0 ? EXIT.completed : EXIT.notProved;
  }
  const course = courseNow(dir, state);
  if (json) {
    console.log(JSON.stringify(course));
    return EXIT.completed;
  }
  console.log(carriedText(course, process.stdout.columns ?? NO_TERMINAL_COLUMNS));
  if (supervisor !== undefined) console.log(`Process ${supervisor.pid} carries it out, in ${dir}`);
  else if (state.is !== 'over')
    console.log(`Nobody carries it out now, in ${dir}: campaign start ${file} goes on with it`);
  return EXIT.completed;
}

/** Its course by now; what waits for what is as the supervisor wrote it last. */
export function courseNow(dir: string, state: CampaignState): CarriedCourse {
  const now = carriedCourseOf(state, [], realClock().utc_ms());
  const last = written(dir);
  const waits = new Map((last?.runs ?? []).map(({ id, waitsFor }) => [id, waitsFor]));
  const held = new Map((last?.benches ?? []).map(one => [one.bench, one.held]));
  return {
    ...now,
    runs: now.runs.map(run =>
      run.state === 'waiting' ? { ...run, waitsFor: waits.get(run.id) ?? null } : run,
    ),
    benches: now.benches.map(one => ({ ...one, held: one.held ?? held.get(one.bench) ?? null })),
  };
}

/** What the supervisor wrote last: it knows what waits for what. */
function written(dir: string): CarriedCourse | undefined {
  const path = join(dir, COURSE_FILE);
  try {
    return existsSync(path) ? carriedCourseSchema.safeParse(JSON.parse(readTextFile(path))).data : undefined;
  } catch {
    return undefined;
  }
}
