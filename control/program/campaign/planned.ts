import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { courseSchema } from '../../campaign/course.ts';
import { named } from '../../named.ts';

/** How long each run took in a rehearsal of the campaign, s: the longest of its times. @throws FileError */
export function plannedIn(rehearsed: string): Record<string, number> {
  const isFolder = statSync(rehearsed, { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? join(rehearsed, 'campaign.json') : rehearsed;
  const planned: Record<string, number> = {};
  for (const { run, duration_s } of courseIn(path).runs)
    if (duration_s !== null) planned[run] = Math.max(named(planned, run) ?? 0, duration_s);
  return planned;
}

function courseIn(path: string) {
  const text = readTextFile(path, 'the campaign.json of a rehearsal');
  try {
    return courseSchema.parse(JSON.parse(text));
  } catch {
    throw new FileError(path, 0, 'is no rehearsed campaign, expected the campaign.json of campaign rehearse');
  }
}
