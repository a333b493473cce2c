import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Bench } from '../bench/bench.ts';
import type { Journal } from '../record/journal.ts';
import type { RoleTable } from '../tick/roles.ts';
import type { RunState } from '../view.ts';

/** What a run is made of: bench, procedure, opened devices, clock and journal, and how often it looks. */
export interface RunParts {
  readonly bench: Bench;
  /** Where a device stands in the bench file, `file:line`, for messages. */
  readonly entryOf: (device: string) => string;
  readonly roles: RoleTable;
  readonly procedure: Procedure;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Offered power of a named load source as a part of rated, at s seconds of profile time; undefined: no such source. */
  readonly source: (name: string) => ((profile_s: number) => number) | undefined;
  /** By how much method and plant run faster than life; 1 otherwise. */
  readonly timeFactor: number;
  /** Control period, s: sequencer, gate, silence checks. */
  readonly control_s: number;
  /** Journal is handed to the disk this often, s. */
  readonly flush_s: number;
  readonly trendRoles: readonly string[];
}

/** How the run ended. */
export interface RunOutcome {
  readonly state: RunState;
  readonly reason: string;
  /** What the safe end could not prove, with the next independent means. */
  readonly unproven: readonly string[];
}
