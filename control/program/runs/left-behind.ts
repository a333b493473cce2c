import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../../../drivers/contract/code/alive.ts';
import { isUnfinished } from '../../exchange/pack/new-folder.ts';
import { finishDrop, GOING } from './drop-record.ts';
import { goingOf } from './going.ts';

/**
 * What commands that were killed have left in a folder of runs: folders that an export or an import was making, and runs
 * that prune was deleting. A record goes first: where it is still there nothing of the run is lost, and it is put back for
 * prune to judge anew; where it is gone its rest goes, too.
 */

/** One of them. */
export interface LeftBehind {
  readonly path: string;
  /** What was going on, in words. */
  readonly what: string;
  /** What `settle` does, in words; empty: it may be going on still, or somebody has to look. */
  readonly way: string;
  settle(): void;
}

const marker = z.object({ pid: z.number().int(), files: z.array(z.string()) });
const NOTHING = (): void => {};

/** All that was left in a folder of runs and in the runs themselves. */
export function leftBehind(folder: string): LeftBehind[] {
  const found: LeftBehind[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory()) continue;
    const path = join(folder, name);
    if (isUnfinished(name)) found.push(unfinished(path, name, 'an export or import'));
    else if (goingOf(name) !== undefined) found.push(going(folder, name));
    else found.push(...leftInRun(path));
  }
  return found;
}

/** In one line, for people. */
export function leftText({ path, what, way }: LeftBehind): string {
  return `${path}: ${what}${way === '' ? '' : `; prune ${way}`}`;
}

function leftInRun(run: string): LeftBehind[] {
  const entries = readdirSync(run, { withFileTypes: true });
  const found = entries
    .filter(entry => entry.isDirectory() && isUnfinished(entry.name))
    .map(({ name }) => unfinished(join(run, name), name, 'an export'));
  if (entries.some(({ name }) => name === GOING)) found.push(halfDropped(run));
  return found;
}

function unfinished(path: string, name: string, by: string): LeftBehind {
  const pid = Number(/\d+$/.exec(name)?.[0]);
  if (isAlive(pid)) return { path, what: `${by} is being made by process ${pid}`, way: '', settle: NOTHING };
  const settle = (): void => rmSync(path, { recursive: true, force: true });
  return { path, what: `${by} was killed while it was made`, way: 'clears it away', settle };
}

function going(folder: string, name: string): LeftBehind {
  const path = join(folder, name);
  const { run, pid } = goingOf(name) ?? { run: name, pid: 0 };
  const what = 'prune was killed while it deleted this run';
  if (isAlive(pid)) return { path, what: `process ${pid} is deleting this run`, way: '', settle: NOTHING };
  if (!existsSync(join(path, 'run.sqlite')))
    return { path, what, way: 'deletes the rest', settle: () => rmSync(path, { recursive: true }) };
  const back = join(folder, run);
  if (existsSync(back))
    return { path, what: `${what}; its record is whole, and ${back} is taken`, way: '', settle: NOTHING };
  const way = `puts it back as ${run}: its record is whole`;
  return { path, what, way, settle: () => renameSync(path, back) };
}

function halfDropped(run: string): LeftBehind {
  const what = 'prune was killed while it deleted this record';
  const said = readMarker(join(run, GOING));
  if (said !== undefined && isAlive(said.pid))
    return { path: run, what: `process ${said.pid} is deleting this record`, way: '', settle: NOTHING };
  if (said === undefined || existsSync(join(run, 'run.sqlite')))
    return {
      path: run,
      what,
      way: 'leaves it as it is: nothing of it is gone',
      settle: () => rmSync(join(run, GOING)),
    };
  return { path: run, what, way: 'deletes the rest of it', settle: () => finishDrop(run, said.files) };
}

/** Undefined where it was killed before it had said all: nothing was deleted then. */
function readMarker(path: string): z.output<typeof marker> | undefined {
  try {
    return marker.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
