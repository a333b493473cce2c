import type { Clock } from '../../../drivers/contract/clock.ts';
import type { EmulatedDevice } from '../../../sim/wire-client.ts';
import type { BenchFiles } from './bench.ts';
import type { Controller, Exit } from './controller.ts';
import type { Instruments } from './instruments.ts';
import type { Moment } from './moments.ts';

/** What an ending is: what is done to a run, when it may come, and how the run has to end. */

/** What an ending has to work with. */
export interface Stage {
  readonly clock: Clock;
  /** Share 0..1 by chance, seeded. */
  readonly chance: () => number;
  readonly instruments: Instruments;
  readonly controller: Controller;
  readonly files: BenchFiles;
  /** Folder of the run. */
  readonly out: string;
  readonly scratch: string;
  /** Starts another controller on this bench file. */
  readonly second: (bench: string) => Controller;
}

/** How the run has to end. */
export interface Expectation {
  /** Exit codes that are right at load. */
  readonly codes: readonly number[];
  /** The program has to be gone this long after the act, s. */
  readonly within_s: number;
  /** What the reason must say, and what it must not. */
  readonly says?: RegExp;
  readonly saysNot?: RegExp;
  /** This device cannot be reached any more: what stands on it must be named, or is switched off by itself. */
  readonly lost?: EmulatedDevice;
  /** The program dies where it stands: its guard and the supply's own watchdog are left. */
  readonly dies?: boolean;
  /** The folder of the run cannot be written any more. */
  readonly diskFull?: boolean;
}

/** An ending under way: what has to be undone, and what went wrong with others than the run itself. */
export interface Done {
  readonly undo?: () => Promise<void> | void;
  readonly wrong?: readonly string[];
}

export interface Kind {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly expect: Expectation;
  /** Undefined: this machine does not allow it. */
  readonly act: (stage: Stage) => Promise<Done | undefined>;
  /** The run's folder must be a disk of its own, which can be filled. */
  readonly ownDisk?: boolean;
  /** Before the program starts. */
  readonly before?: (instruments: Instruments) => Promise<void>;
  /** The page is served, on a port of ours that is taken, or from a project without a built page. */
  readonly page?: 'port-taken' | 'missing';
}

/** `4`, or the signal that ended it. */
export function shown(exit: Exit): string {
  return exit.code === null ? String(exit.signal) : String(exit.code);
}
