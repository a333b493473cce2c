/**
 * What a cycler runs by itself. The program (its step file, procedure, schedule) lies in the instrument and runs on without
 * us: a cut line, a stopped controller or a restart end nothing. Whoever comes back asks what runs on the channel, says which
 * rows are known already, and gets the others.
 */

/**
 * What the channel does. `unknown`: the instrument said something that is none of these.
 *
 * | state | the cell |
 * |---|---|
 * | idle | is left alone; nothing has been started, or it was cleared |
 * | running | is driven, or rests by the program |
 * | paused | is left alone; the program would go on when told |
 * | finished | is left alone; the program came to its own end |
 * | stopped | is left alone; somebody ended the program |
 * | fault | is left alone; the instrument's own limits ended the program |
 */
export type ProgramState = 'idle' | 'running' | 'paused' | 'finished' | 'stopped' | 'fault' | 'unknown';

/** Whether a program holds the channel: it drives, or would go on. What is not known counts as held. */
export const isHeld = (state: ProgramState): boolean =>
  state === 'running' || state === 'paused' || state === 'unknown';

/** What a cycler can of the below; for checks before anything starts. */
export interface ProgramAbility {
  /** In which language programs are: as `cellbench convert --to` names it; `own`: only by the maker's editor. */
  readonly format: 'neware' | 'maccor' | 'own';
  /** Whether a program is handed over as text; else a person puts it there and it is named. */
  readonly takesFiles: boolean;
  /** Whether rows can be had from it; else only what is polled is known. */
  readonly givesRows: boolean;
  /** What a label may be. */
  readonly label: RegExp;
  /** The channel drives no further than this, low and high; absent: not known beforehand. */
  readonly drives?: {
    readonly voltage_V: readonly [number, number];
    readonly current_A: readonly [number, number];
  };
}

/** A program: its text, or the name under which a person has put it into the instrument. */
export type Program = { readonly name: string; readonly text: string } | { readonly name: string };

/** What the channel does now, as the instrument says it. */
export interface ProgramNow {
  /** Seconds of the clock, when the answer came. */
  readonly t_s: number;
  readonly state: ProgramState;
  /** Label of the newest test of the channel (barcode, test name); empty where it has none. */
  readonly label: string;
  /** Number or name of that test by which the instrument tells it from all others; empty where it has none. */
  readonly test: string;
  /** Rows that the instrument has of it. */
  readonly records: number;
  /** The instrument's own word for its state. */
  readonly said: string;
}

/**
 * One program that was started, by what it is found again after anything. Plain JSON: kept outside of the process (a file, the
 * record) it outlives the controller.
 */
export interface ProgramTicket {
  readonly label: string;
  /** As in `ProgramNow`; empty as long as it is not known. */
  readonly test: string;
  /** Rows that have been handed over: 1..records; the next one is records + 1. */
  readonly records: number;
}

/** One stored row. NaN where the instrument gives none. Current positive into the cell. */
export interface ProgramRow {
  /** Number of the row within its test, from 1 without a gap. */
  readonly record: number;
  readonly cycle: number;
  readonly step: number;
  /** What the step does, in the instrument's word. */
  readonly kind: string;
  /** Seconds since the step began. */
  readonly stepTime_s: number;
  /** The instrument's own calendar time, as it writes it: of its clock and zone, not of ours. */
  readonly at: string;
  readonly voltage_V: number;
  readonly current_A: number;
  /** Of the step so far, as a size. */
  readonly stepCharge_Ah: number;
  readonly stepEnergy_Wh: number;
}

/** What has become of a ticket. */
export type Reconciled =
  /** The newest test of the channel is ours; it may run or have ended. */
  | { readonly is: 'ours'; readonly ticket: ProgramTicket; readonly now: ProgramNow }
  /** Another test has been started on the channel since; rows of ours can still be had by its number. */
  | { readonly is: 'followed'; readonly ticket: ProgramTicket; readonly now: ProgramNow }
  /** Nothing of it is there: it was never started, or the instrument has forgotten it. */
  | { readonly is: 'missing'; readonly now: ProgramNow };

/** A device that runs programs by itself. All reject with a DeviceError; one at a time, but for `abort`. */
export interface ProgramRunner {
  readonly ability: ProgramAbility;
  /** Puts the program where the instrument reads it, and proves that it is there as it was given. Starts nothing. */
  load(program: Program): Promise<void>;
  /**
   * Starts what was loaded last. Resolves once the channel says that it runs under this label. The order is sent once,
   * never again: `refused` when the instrument says no or the channel is held, `timeout` when no answer came and the
   * channel does not show it either. Then it is not known whether it begins yet: `reconcile` before anything else.
   * @param label tells this test from all others of the channel; not used there before
   */
  start(label: string): Promise<ProgramTicket>;
  /** What the channel does now. */
  watch(): Promise<ProgramNow>;
  /**
   * Hands over the rows behind `ticket.records`, each once, in order, without a gap; resolves with the ticket behind the last
   * of them. A row that comes twice or belongs to another test is `garbled`; what was handed over before is right. Rows that
   * are missing between others are asked for again; then `lacks` is told their numbers, and it goes on behind them. Without
   * `lacks` they are `garbled`, too.
   */
  download(
    ticket: ProgramTicket,
    hear: (row: ProgramRow) => void,
    lacks?: (from: number, to: number) => void,
  ): Promise<ProgramTicket>;
  /** What has become of it, after a cut line or a restart of ours. Changes nothing. */
  reconcile(ticket: ProgramTicket): Promise<Reconciled>;
  /**
   * Ends the program at once, in front of everything else, and proves by asking that the channel is not held any more.
   * With a ticket: only if the test on the channel is this one; `refused` otherwise.
   */
  abort(ticket?: ProgramTicket): Promise<ProgramNow>;
}
