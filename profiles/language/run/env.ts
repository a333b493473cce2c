import type { StepEnv } from '../../steps/step.ts';
import type { FollowedProgram } from '../followed/followed.ts';
import type { KeptRows } from './beside/record-rules.ts';
import type { MeasuringEnv } from './measure/measuring.ts';
import type { Output } from './output.ts';

/** Where a set point goes in a hold, and how fast there and back, in its unit (per s). */
export interface HoldPoint {
  readonly role: string;
  readonly to: number;
  /** Slower than the bench's own ramp; absent: that one. */
  readonly ramp_per_s?: number | undefined;
}

/** The bench as a method of the language sees it. */
export interface LanguageEnv extends StepEnv, MeasuringEnv {
  /** Members of a measured role: 1 of a single one, 0 where it is not measured. */
  count(role: string): number;
  /** Newest usable values of all members, from place `first` on; NaN where there is none. */
  fill(role: string, into: Float64Array, first: number): void;
  /** Measured roles that scatter whatever the load is: pressures, gases, temperatures, flows. Absent: none is known. */
  readonly gauges?: readonly string[] | undefined;
  /** What the instrument of a measured role declares, k = 2: part of the reading and as much beside it; absent: nothing. */
  accuracy?(role: string): { readonly reading_pct: number; readonly abs: number } | undefined;
  /** A column of a data file at s seconds of its time, in the unit of its name; undefined: no such file. */
  data(name: string, column: string): ((at_s: number) => number) | undefined;
  /** Where a data file ends, s of its time; Infinity where it repeats. */
  dataEnd_s(name: string): number;
  /** Asks whoever is at the bench; once for each `what`. */
  askPerson(t_s: number, what: string, text: string): void;
  /** Who has confirmed it; undefined: nobody yet. */
  confirmedBy(what: string): string | undefined;
  /** What the method works out of other roles, in the order of its program; NaN: not known. The row is written anew by the next look. */
  showDerived(t_s: number, values: Float64Array): void;
  /** From now on readings are kept by this rule of the method, and the newest and the next one in any case. */
  keepBy(rule: KeptRows): void;
  /** The newest reading and the next one are kept: something changes between them. */
  keepEdge(): void;
  /** Every reading between these times of the run is kept, s. */
  keepAll(from_s: number, to_s: number): void;
  /** How the electrical output of this bench is driven; undefined: nothing electrical is under test. */
  readonly output: Output | undefined;
  /** The program of an instrument that the method follows; absent: it drives the output itself. */
  readonly program?: FollowedProgram | undefined;
  /** Where set points of a stack go in a hold, if they stand beyond; absent: all stay. */
  readonly holdPoints?: readonly HoldPoint[];
  /** The device under test carries load now; an unknown current counts as load. */
  isLoaded(): boolean;
  /** Rated charge of the cell under test, Ah; NaN of everything else. */
  readonly capacity_Ah: number;
  /** Cells in series of the device under test. */
  readonly cells_count: number;
}
