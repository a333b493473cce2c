import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { carriedText } from '../../../dashboards/terminal/carried.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type CarriedCourse, carriedCourseOf, carriedCourseSchema } from '../../campaign/carried-course.ts';
import { UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { COURSE_FILE } from './start-campaign.ts';
import { folderOf, stateIn, supervisorOf } from './where.ts';

const NO_TERMINAL_COLUMNS = 100;

/** `campaign status FILE`: what ran, what runs since when, what waits for what. Returns the exit code. */
export function campaignStatus(file: string, out: string | undefined, json: boolean): number {
  const dir = folderOf(file, out);
  const state = stateIn(dir, file);
  if (state === undefined)
    throw new UsageError(`${dir}: no campaign has begun there, expected one: campaign start ${file}`);
  const supervisor = supervisorOf(dir);
  const now = carriedCourseOf(state, [], realClock().utc_ms());
  const waits = new Map((written(dir)?.runs ?? []).map(({ id, waitsFor }) => [id, waitsFor]));
  const course: CarriedCourse = {
    ...now,
    runs: now.runs.map(run =>
      run.state === 'waiting' ? { ...run, waitsFor: waits.get(run.id) ?? null } : run,
    ),
  };
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

/** What the supervisor wrote last: it knows what waits for what. */
function written(dir: string): CarriedCourse | undefined {
  const path = join(dir, COURSE_FILE);
  try {
    return existsSync(path) ? carriedCourseSchema.safeParse(JSON.parse(readTextFile(path))).data : undefined;
  } catch {
    return undefined;
  }
}
