import type { Bench } from '../../bench/bench.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';

/** What is known of a bench, its program and its machine before a start; whoever has it not says why. */

/** Not known, and why: its rows are not applicable. */
export interface Unknown {
  readonly unknown: string;
}

/** One instrument as it was found. */
export interface FoundDevice {
  readonly device: string;
  readonly driver: string;
  /** Why it is not had; undefined: it has answered as the one that the bench file names. */
  readonly missing: string | undefined;
  /** Only looked at: what a run will set otherwise at it, so that readings are missing. Absent: nothing. */
  readonly awaitsRun?: string | undefined;
  /** Whether it drives something. */
  readonly drives: boolean;
  readonly onLoss: 'off' | 'hold' | 'unknown';
}

/** Everything that the list is made of. */
export interface StartFacts {
  readonly bench: Bench;
  /** Where a device stands in the bench file, `file:line`. */
  readonly entryOf: (device: string) => string;
  readonly devices: readonly FoundDevice[];
  /** Roles that an instrument measures. */
  readonly measured: readonly MeasuredRole[];
  /** Newest value of a role of one value; of an array its members. NaN: no usable one. */
  readonly valuesOf: (role: MeasuredRole) => readonly number[];
  /** Watchdogs that were armed and read back, s, by device. */
  readonly watchdogs: ReadonlyMap<string, number> | Unknown;
  /** Who watches the program, in words; `none`: nobody, with the reason. */
  readonly guard: { readonly watches: string } | { readonly none: string } | Unknown;
  /** Another run needs this device: nothing is asked of what it drives. Absent: there is none. */
  readonly isLeft?: ((device: string) => boolean) | undefined;
  /** Alarms that stand against a start. */
  readonly blocking: readonly string[] | Unknown;
  /** A program of a cycler drives the cell already: what proves the safe state cannot be asked for. */
  readonly isDriving: boolean;
  readonly disk: { readonly needed_bytes: number; readonly free_bytes: number } | Unknown;
  readonly clock: ClockFacts | Unknown;
}

/** What the computer's clocks say. */
export interface ClockFacts {
  readonly utc_ms: number;
  /** The newest thing that was surely there before: the program, the last record. */
  readonly newest_ms: number;
  readonly newest: string;
  /** By how much UTC and the monotonic clock went apart since the program began, s, and whether the latter ever went back. */
  readonly apart_s: number;
  readonly isMonotonic: boolean;
  /** A run that was cut off is taken up: by how much UTC is off stands in its record. */
  readonly goesOn: boolean;
}

/** Whether somebody says why it is not known. */
export function isUnknown(fact: object): fact is Unknown {
  return Object.hasOwn(fact, 'unknown');
}
