import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Bench } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { StartRow } from '../contract/start-check.ts';
import type { Recording } from '../record/recording.ts';
import type { CyclerProgram } from './program/cycler-program.ts';
import type { BenchSession } from './session.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly bench: Bench;
  /** Where a device stands in the bench file, `file:line`, for messages. */
  readonly entryOf: (device: string) => string;
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly recording: Recording;
  /** Control period, s: sequencer, gate, silence checks. */
  readonly control_s: number;
  /** What is recorded is handed to the disk this often, s. */
  readonly flush_s: number;
  /** All that would be needed to go on is written down this often, s, and at each change of state. */
  readonly checkpoint_s: number;
  /** Called at the end of each control tick: who watches this process hears that it goes on. */
  readonly beat?: () => void;
  /** Goes through the list before a start, once the readings are there; absent: nothing is asked (a rehearsal). */
  readonly preStart?: ((session: BenchSession) => readonly StartRow[]) | undefined;
  /** Another run on this bench needs this device now: its part of the safe state is that one's. Absent: there is no other. */
  readonly isLeft?: ((device: string) => boolean) | undefined;
  /** Its polls fall together with those of other sessions on the same clock: what they share is read once. */
  readonly isAligned?: boolean | undefined;
  /** It is written down at each beginning and end of a step, too. */
  readonly checkpointsSteps: boolean;
  /** The program of a cycler that the present run follows; absent, or none: it drives the outputs itself. */
  readonly program?: (() => CyclerProgram | undefined) | undefined;
}
