import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  isHeld,
  type ProgramRow,
  type ProgramRunner,
  type ProgramTicket,
} from '../../../drivers/contract/program/program.ts';
import type { FollowedProgram } from '../../../profiles/language/followed/followed.ts';
import type { OpenSpectrum, Recording } from '../../record/recording.ts';

/** Kind of dataset: the rows that the instrument itself has stored of its program. */
export const PROGRAM_ROWS = 'program-rows';
const COLUMNS = [
  'record_count',
  'cycle_count',
  'step_count',
  'stepTime_s',
  'instrumentTime_s',
  'voltage_V',
  'current_A',
  'stepCharge_Ah',
  'stepEnergy_Wh',
];

/** A program that was found on the instrument, and how many of its rows are in records already. */
export interface FoundProgram {
  readonly ticket: ProgramTicket;
  readonly kept: number;
}

/** What a program on a cycler is followed with. */
export interface CyclerProgramParts {
  readonly device: Pick<Device, 'id' | 'state'>;
  readonly runner: ProgramRunner;
  readonly clock: Clock;
  readonly recording: Recording;
  readonly poll_s: number;
  /** What is started: its name, its text, and the label that it gets. */
  readonly name: string;
  readonly text: string;
  readonly label: string;
  /** Taken up in place of a start. */
  readonly found?: FoundProgram | undefined;
  /** Keeps a ticket where it outlives this process; undefined: the program has ended. */
  readonly keep: (ticket: ProgramTicket | undefined) => void;
}

/**
 * One program of a cycler under way: started once or taken up, watched, its rows downloaded as they come and put into the
 * record. It sets nothing: the instrument drives by itself and within its own limits, whatever becomes of us; the safe state
 * ends it.
 */
export class CyclerProgram implements FollowedProgram {
  ended = 0;
  failure = '';
  readonly #parts: CyclerProgramParts;
  readonly #kept: number;
  readonly #took_s: number[] = [];
  #claimed = 0;
  #isBegun = false;
  #isOver = false;
  #isSilent = false;
  #ticket: ProgramTicket | undefined;
  #last: ProgramRow | undefined;
  #rows: OpenSpectrum | undefined;
  /** Steps that had begun before this run looked on. */
  #before = 0;

  constructor(parts: CyclerProgramParts) {
    this.#parts = parts;
    this.#kept = parts.found?.kept ?? 0;
  }

  /** It was running before this process began. */
  get isTakenUp(): boolean {
    return this.#parts.found !== undefined;
  }

  claim(steps: number): number {
    this.#claimed += steps;
    if (!this.#isBegun) {
      this.#isBegun = true;
      void this.#run();
    }
    return this.#claimed;
  }

  took_s(step: number): number {
    return this.#took_s[step - 1] ?? Number.NaN;
  }

  isBefore(step: number): boolean {
    return step <= this.#before;
  }

  /** Looks no more; the instrument is left as it is. */
  letGo(): void {
    this.#isOver = true;
  }

  /** It has been ended, which was proved. */
  forget(): void {
    this.#parts.keep(undefined);
  }

  async #run(): Promise<void> {
    try {
      this.#ticket = await (this.isTakenUp ? this.#takeUp() : this.#start());
      this.#parts.keep({ ...this.#ticket, records: this.#kept });
    } catch (error) {
      this.#fail(`${this.#parts.device.id}: ${messageOf(error)}`);
      return;
    }
    await this.#follow();
  }

  async #start(): Promise<ProgramTicket> {
    const { runner, name, text, label, keep } = this.#parts;
    await runner.load({ name, text });
    // Kept before the order leaves: whatever becomes of it, it is found again.
    keep({ label, test: '', records: 0 });
    const ticket = await runner.start(label);
    this.#say(`program ${label} started as test ${ticket.test}`);
    return ticket;
  }

  async #takeUp(): Promise<ProgramTicket> {
    const { runner, found, keep } = this.#parts;
    if (found === undefined) throw new Error('nothing to take up');
    const { label, test, records } = found.ticket;
    const seen = await runner.reconcile({ label, test, records });
    if (seen.is === 'ours') {
      this.#say(`program ${label} of an earlier run is ${seen.now.said}: taken up behind row ${this.#kept}`);
      return { ...seen.ticket, records: 0 };
    }
    keep(undefined);
    const what = seen.is === 'missing' ? 'is not on the cycler any more' : 'was followed by another one';
    throw new Error(
      `program ${label} of an earlier run ${what} (the channel is ${seen.now.said} with "${seen.now.label}"); nothing was started`,
    );
  }

  async #follow(): Promise<void> {
    const { clock, poll_s } = this.#parts;
    for (; !this.#isOver; await clock.sleep(poll_s)) {
      try {
        await this.#look();
      } catch (error) {
        if (this.#isOver) return;
        if (!this.#isSilent)
          this.#say(
            `is not heard (${messageOf(error)}): its program goes on by itself within its own limits, and nothing is known of it`,
          );
        this.#isSilent = true;
      }
    }
  }

  async #look(): Promise<void> {
    const { runner, keep } = this.#parts;
    const ticket = this.#ticket;
    if (ticket === undefined) return;
    const now = await runner.watch();
    const isOurs = now.test === ticket.test;
    const rows: ProgramRow[] = [];
    this.#ticket = await runner.download(ticket, row => rows.push(row)).finally(() => this.#take(rows));
    // Those of before came in one piece.
    if (this.isTakenUp && this.#before === 0) this.#before = this.ended + 1;
    if (this.#isSilent) this.#say('is heard again');
    this.#isSilent = false;
    if (!isOurs) {
      this.#fail(`another program, "${now.label}", is on the channel`);
      return;
    }
    if (isHeld(now.state)) return;
    if (now.records > (this.#ticket?.records ?? 0)) return;
    this.#isOver = true;
    keep(undefined);
    this.#say(`program ${this.#ticket?.label} is over (${now.said}); ${now.records} rows`);
    if (now.state === 'finished') this.#stepOver();
    this.#fail(
      now.state === 'finished'
        ? 'the cycler has come to the end of its program before the method'
        : `the cycler ended the program by itself: ${now.said}`,
    );
  }

  /** Counts steps by rows, and writes down those that no record has yet. */
  #take(rows: readonly ProgramRow[]): void {
    const { clock, recording } = this.#parts;
    for (const row of rows) {
      const last = this.#last;
      if (last !== undefined && isNextStep(last, row)) this.#stepOver();
      this.#last = row;
    }
    const fresh = rows.filter(row => row.record > this.#kept);
    if (fresh.length === 0) return;
    this.#rows ??= recording.spectrum({
      t_s: clock.now_s(),
      kind: PROGRAM_ROWS,
      name: this.#ticket?.label ?? '',
      columns: COLUMNS,
      about: JSON.stringify({ instrument: this.#parts.device.id, test: this.#ticket?.test }),
    });
    const t_s = clock.now_s();
    const all = fresh.map(row => valuesOf(row));
    this.#rows.add({
      rows: fresh.length,
      values: Float64Array.from(all.flatMap(values => [t_s, ...values])),
      quality: Uint8Array.from(all.flat(), value => (Number.isNaN(value) ? QUALITY.bad : QUALITY.good)),
      reasons: new Map(),
    });
    if (this.#ticket !== undefined) this.#parts.keep({ ...this.#ticket, records: rows.at(-1)?.record ?? 0 });
  }

  #stepOver(): void {
    this.#took_s.push(this.#last?.stepTime_s ?? Number.NaN);
    this.ended++;
  }

  #fail(reason: string): void {
    this.#isOver = true;
    this.failure = reason;
  }

  #say(text: string): void {
    const { recording, clock, device } = this.#parts;
    const data = { device: device.id, state: device.state };
    recording.event({ kind: 'device', data, t_s: clock.now_s(), text: `${device.id}: ${text}` });
  }
}

function isNextStep(last: ProgramRow, row: ProgramRow): boolean {
  return row.step !== last.step || row.cycle !== last.cycle || row.stepTime_s < last.stepTime_s;
}

/** The instrument's calendar time as it writes it, taken for UTC: of its own clock and zone. */
function valuesOf(row: ProgramRow): number[] {
  const at_s = Date.parse(`${row.at.replace(' ', 'T')}Z`) / 1000;
  return [
    row.record,
    row.cycle,
    row.step,
    row.stepTime_s,
    at_s,
    row.voltage_V,
    row.current_A,
    row.stepCharge_Ah,
    row.stepEnergy_Wh,
  ];
}
