import type { Clock } from '../../../drivers/contract/clock.ts';
import type { EmulatedDevice } from '../../../sim/wire-client.ts';
import type { Controller } from '../wires/controller.ts';
import type { Instruments } from '../wires/instruments.ts';
import type { BenchSize } from './bench.ts';

/** What is done to a run under way, and what has to come of it. */

/** When it is done: as the instruments see the run. `starting`: within seconds of the program's start. */
export type Moment = 'starting' | 'ramp' | 'load' | 'pressure';

/** What a fault has to work with. */
export interface Stage {
  readonly clock: Clock;
  /** Share 0..1 by chance, seeded. */
  readonly chance: () => number;
  readonly instruments: Instruments;
  readonly controller: Controller;
  /** Its guard; undefined: there is none yet. */
  readonly guard: number | undefined;
  /** Folder of the run. */
  readonly out: string;
  /** The computer's clock is set by so much, s. */
  readonly setClock: (by_s: number) => void;
}

/** What came of it by our hands. */
export interface Done {
  /** When what counts was done, s since 1970; absent: when it was begun. */
  readonly at_s?: number;
  /** Takes away what is still there, before the next run. */
  readonly undo?: () => void | Promise<void>;
}

/**
 * `dies`: the program is gone without a word, and the run is taken up. `ends`: the program leads its run to its end. `either`:
 * it goes on, or ends by itself. `goes on`: nothing else.
 */
export type Outcome = 'dies' | 'ends' | 'either' | 'goes on';

export interface Fault {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly outcome: Outcome;
  /** The output must be off so soon: the declared time of the slowest layer that has to act, s. */
  readonly off_s: number;
  /** Undefined: this machine does not allow it. */
  readonly act: (stage: Stage) => Promise<Done | undefined>;
  /** Absent: the small bench. */
  readonly bench?: BenchSize;
  /** Nobody is left who could let the pressure off: the next start does. */
  readonly leavesPressure?: true;
  /** Nobody takes the run up: another one is begun on the bench as it was left. */
  readonly isGivenUp?: true;
  /** Of what cannot be reached no state can be proved while that is so. */
  readonly lost?: EmulatedDevice;
  readonly diskFull?: true;
}

/** What one kill has shown. */
export interface Found {
  /** From the fault to the output off; undefined: it was off, or stayed on as it should. */
  off_s: number | undefined;
  /** Who put it off, or `went on`. */
  readonly layers: string[];
  readonly unsafe: string[];
  rows_lost: number;
  readonly wrongCounters: string[];
  /** Anything else that is not as it should be. */
  readonly other: string[];
  skipped: string | undefined;
}

export function nothingFound(): Found {
  return {
    off_s: undefined,
    layers: [],
    unsafe: [],
    rows_lost: 0,
    wrongCounters: [],
    other: [],
    skipped: undefined,
  };
}
