import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import type { Bench } from '../../bench/bench.ts';
import type { ClockFacts, StartFacts, Unknown } from '../../run/pre-start/facts.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';

/** What the machine says before a start: room on the disk, and its clocks. */

/**
 * A reading as a plain row takes 10 bytes, in blocks 2 to 7 (decision 15): so no record takes more. Waits make a run longer
 * than its method says (factor by default); events and seals have their own room (default).
 */
const BYTES_A_READING = 10;
const LONGER = 1.5;
const BESIDE_BYTES = 20e6;

/** Room for the whole record at the most, and what is free where it is written. */
export function diskFacts(of: {
  readonly dir: string;
  readonly bench: Bench;
  /** Channels that each device reads at a poll. */
  readonly channels: ReadonlyMap<string, number>;
  readonly planned_s: number;
  /** The method, too, may say that only some readings are kept. */
  readonly isThinned: boolean;
}): StartFacts['disk'] {
  let rate = 0;
  for (const [device, count] of of.channels) rate += (count + 1) / of.bench.devices[device].poll_s;
  const needed_bytes = BESIDE_BYTES + BYTES_A_READING * LONGER * of.planned_s * rate;
  try {
    const { bavail, bsize } = statfsSync(of.dir);
    const free_bytes = bavail * bsize;
    if (of.isThinned && free_bytes < needed_bytes && free_bytes > BESIDE_BYTES) return THINNED;
    return { needed_bytes, free_bytes };
  } catch (error) {
    return { unknown: `the file system does not say: ${plainReason(error)}` };
  }
}

const THINNED: Unknown = { unknown: 'only some readings are kept, which ones the run shows' };

/** Looks at both clocks from its making on. */
export class Clocks {
  readonly #clock: Clock;
  readonly #utc_ms: number;
  readonly #now_s: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#utc_ms = clock.utc_ms();
    this.#now_s = clock.now_s();
  }

  /** As they stand now; `dir`: the folder of the run, beside which the others are; `goesOn`: it was cut off. */
  facts(dir: string, goesOn = false): ClockFacts {
    const utc_ms = this.#clock.utc_ms();
    const passed_s = this.#clock.now_s() - this.#now_s;
    return {
      utc_ms,
      apart_s: (utc_ms - this.#utc_ms) / 1000 - passed_s,
      isMonotonic: passed_s >= 0,
      goesOn,
      ...newestBeside(dir),
    };
  }
}

/** The newest of what was there before this run: the program itself, the records beside this one. */
function newestBeside(dir: string): Pick<ClockFacts, 'newest' | 'newest_ms'> {
  const own = resolve(dir);
  const all = [
    { newest: 'this program', newest_ms: writtenAt(join(PACKAGE_FOLDER, 'package.json')) },
    ...foldersBeside(own).map(run => ({
      newest: `the record ${basename(run)}`,
      newest_ms: writtenAt(join(run, 'run.sqlite')),
    })),
  ];
  return all.reduce((newest, one) => (one.newest_ms > newest.newest_ms ? one : newest));
}

function foldersBeside(own: string): string[] {
  const parent = dirname(own);
  try {
    return readdirSync(parent)
      .map(name => join(parent, name))
      .filter(path => path !== own && existsSync(join(path, 'run.sqlite')));
  } catch {
    // Nobody may look there: then nothing there is known to be older.
    return [];
  }
}

/** ms since 1970; 0: nobody knows. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
