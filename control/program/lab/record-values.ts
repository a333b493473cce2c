import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { ValuesAsked } from '../../../dashboards/door/lab/values-asked.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import { openRunSource } from '../../exchange/recorded-run.ts';
import type { FrameReader } from '../../record/stretches.ts';
import { type TrendRole, trendRole } from '../../record/window/trend-role.ts';
import type { TrendWindow } from '../../record/window/trend-window.ts';
import { WindowReader } from '../../record/window/window-reader.ts';
import { recordedBench } from '../result/recorded-bench.ts';

/** Values of runs that are over, out of their records. */

/** Rows of roles between two times of a run, s. */
export interface RunValues {
  readonly from_s: number;
  readonly to_s: number;
  readonly values: readonly TrendWindow[];
}

/** So many records are open at a time; one that nobody asks for is let go after so long, s. */
const MOST_OPEN = 4;
const IDLE_S = 20;
/** So many points are given at a time, of all roles together. */
const MOST_POINTS = 500_000;
const LEAST_COLUMNS = 2;
/** Behind the last row, and before any that could follow it, s. */
const BEHIND_S = 1e-6;
/** Blocks that are gone through in one go. */
const BLOCKS = 32;
const wall = realClock();

interface Open {
  readonly db: DatabaseSync;
  readonly stamp: string;
  readonly reader: WindowReader;
  readonly roles: RoleTable;
  /** Run time of the last reading, s. */
  readonly end_s: number;
  cancel: () => void;
}

/** Reads them; what was gone through once is kept for the next look. */
export class RecordValues {
  readonly #open = new Map<string, Open>();

  /** Rejects with RangeError for a role that the record does not have, with FileError where it cannot be read. */
  async of(dir: string, { roles, from_s = 0, to_s, most }: ValuesAsked): Promise<RunValues> {
    const path = join(dir, 'run.sqlite');
    let open = this.#opened(path);
    // A window ends before its end: without one that is asked for, the last row is in it.
    const until_s = to_s ?? open.end_s + BEHIND_S;
    const found: TrendRole[] = [];
    for (const name of roles) {
      const role = trendRole(name, open.roles);
      if (role === undefined)
        throw new RangeError(
          `no values of "${name}", expected one of ${[...open.roles.measured.keys()].join(', ')}`,
        );
      found.push(role);
    }
    const columns = Math.max(LEAST_COLUMNS, Math.min(most, Math.floor(MOST_POINTS / found.length)));
    if (until_s <= from_s) return { from_s, to_s: until_s, values: [] };
    for (;;) {
      const values = open.reader.windows(found, from_s, until_s, columns);
      if (!values.some(({ isRough }) => isRough)) return { from_s, to_s: until_s, values };
      // A block at a time: whoever else waits comes in between.
      for (let n = 0; n < BLOCKS && open.reader.goThrough(); n++);
      await new Promise<void>(turn => {
        setImmediate(turn);
      });
      open = this.#opened(path);
    }
  }

  #opened(path: string): Open {
    const found = statSync(path, { throwIfNoEntry: false });
    const stamp = found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
    const known = this.#open.get(path);
    if (known?.stamp === stamp) {
      known.cancel();
      known.cancel = wall.schedule(IDLE_S, () => this.#letGo(path));
      return known;
    }
    this.#letGo(path);
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_OPEN && oldest !== undefined) this.#letGo(oldest);
    const source = openRunSource(path);
    try {
      const made = {
        db: source.db,
        stamp,
        reader: new WindowReader(source.db),
        roles: recordedBench(source).roles,
        end_s: Math.max(0, ...source.devices.map(device => endOf(source.reader(device)))),
        cancel: wall.schedule(IDLE_S, () => this.#letGo(path)),
      };
      this.#open.set(path, made);
      return made;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  #letGo(path: string): void {
    const open = this.#open.get(path);
    if (open === undefined) return;
    open.cancel();
    this.#open.delete(path);
    open.db.close();
  }
}

/** Run time of its last row, s. */
function endOf(reader: FrameReader): number {
  return reader.rows === 0 ? 0 : reader.timeOf_s(reader.rows);
}
