import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import { WHOLE_FORMATS } from '../../exchange/layout.ts';
import { reviewFolder } from '../../exchange/pack/sealed-folder.ts';
import type { ListedRun } from './run-list.ts';

/** A run's record goes; its exports stay. */

const headSchema = z.looseObject({ format: z.string(), journal: z.looseObject({ sha256: z.string() }) });

/**
 * Why the exports in a run's folder do not stand for its record; empty if one does: it holds all readings, of the record
 * as it lies there now, and every file of it is as it was made.
 */
export function whyNotExported({ dir, exports }: ListedRun): string {
  if (exports.length === 0) return 'it has no export';
  const record = sha256OfFile(join(dir, 'run.sqlite'));
  const why: string[] = [];
  for (const name of exports) {
    const said = whyNot(join(dir, name), record);
    if (said === '') return '';
    why.push(`${name} ${said}`);
  }
  return why.join('; ');
}

function whyNot(dir: string, record: string): string {
  let head: z.output<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')));
  } catch {
    return 'says nothing of itself that can be read';
  }
  if (!WHOLE_FORMATS.includes(head.format)) return 'does not hold all readings';
  if (head.journal.sha256 !== record) return 'was made of another state of the record';
  const [wrong] = reviewFolder(dir).found;
  return wrong === undefined ? '' : `has been changed (${wrong})`;
}

/** Deletes a run's folder but for its exports. Where there are none the folder goes at once, so that no half of it is left. */
export function dropRecord({ dir, exports }: ListedRun): void {
  if (exports.length === 0) {
    const going = `${dir}.going-${process.pid}`;
    renameSync(dir, going);
    rmSync(going, { recursive: true });
    return;
  }
  // From here on it is no run any more.
  rmSync(join(dir, 'run.sqlite'));
  for (const name of readdirSync(dir))
    if (!exports.includes(name)) rmSync(join(dir, name), { recursive: true });
}
