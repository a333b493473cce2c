import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  isHeld,
  type ProgramRow,
  type ProgramRunner,
  type ProgramTicket,
} from '../../../drivers/contract/program/program.ts';
import type { FollowedProgram } from '../../../profiles/language/followed/followed.ts';
import type { OpenSpectrum, Recording } from '../../record/recording.ts';
import { isNextStep, PROGRAM_ROWS, type ProgramRowsAbout } from '../../record/series/program-rows.ts';

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

/** After the end of a run the last rows may take so long, polls, and at least s. */
const LAST_POLLS = 3;
const LAST_S = 5;
/** A program that is over, and whose last rows do not come so often in a row: they never will. */
const LAST_TRIES = 10;
/** So often is looked whether they are there, s. */
const LAST_LOOK_S = 0.1;

/** What a program on a cycler is followed with. */
export interface CyclerProgramParts {
  readonly device: Pick<Device, 'id' | 'state' | 'channels'>;
  readonly runner: ProgramRunner;
  readonly clock: Clock;
  readonly recording: Recording;
  readonly poll_s: number;
  /** What is started: its name, its text, and the label that it gets. */
  readonly name: string;
  readonly text: string;
  readonly label: string;
  /** What an earlier run has left: taken up in place of a start. */
  readonly found?: ProgramTicket | undefined;
  /** Keeps a ticket where it outlives this process; undefined: the program has ended. */
  readonly keep: (ticket: ProgramTicket | undefined) => void;
}

/**
 * One program of a cycler under way: started once or taken up, watched, its rows downloaded as they come and put into the
 * record, all of them from the first one on. It sets nothing: the instrument drives by itself and within its own limits,
 * whatever becomes of us; the safe state ends it.
 */
export class CyclerProgram implements FollowedProgram {
  ended = 0;
  failure = '';
  readonly #parts: CyclerProgramParts;
  readonly #took_s: number[] = [];
  #claimed = 0;
  #isBegun = false;
  #isOver = false;
  #isSilent = false;
  #isPaused = false;
  #isDriving = false;
  /** How often in a row the last rows did not come. */
  #without = 0;
  #ticket: ProgramTicket | undefined;
  #last: ProgramRow | undefined;
  #rows: OpenSpectrum | undefined;

  constructor(parts: CyclerProgramParts) {
    this.#parts = parts;
  }

  /** It was found on the instrument and holds the channel: the proofs of the safe state cannot be given. */
  get isDriving(): boolean {
    return this.#isDriving;
  }

  /**
   * Looks at the channel before a run begins: held by nobody, or by the very program that an earlier run has left there.
   * Nothing is ordered. @throws DeviceError with what stands against it
   */
  async prove(): Promise<void> {
    const { runner, found, keep, device } = this.#parts;
    const refused = (text: string): DeviceError =>
      new DeviceError('refused', device.id, `${text}; nothing was started or stopped`);
    if (found === undefined) {
      const { state, said, label } = await runner.watch();
      if (!isHeld(state)) return;
      throw refused(
        `the channel is ${said} with "${label}", which this run has not started: expected a free channel`,
      );
    }
    const { label } = found;
    const seen = await runner.reconcile(found);
    const { now } = seen;
    const shown = `the channel is ${now.said} with "${now.label}"`;
    if (seen.is !== 'ours') {
      // One channel runs one program: ours is over. The next start begins anew.
      keep(undefined);
      const what = seen.is === 'missing' ? 'is not on the cycler any more' : 'was followed by another one';
      throw refused(`program ${label} of an earlier run ${what} (${shown})`);
    }
    if (now.state === 'unknown')
      throw refused(`whether program ${label} of an earlier run drives the cell is not known (${shown})`);
    this.#ticket = { ...seen.ticket, records: 0 };
    this.#isDriving = isHeld(now.state);
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

  /** Looks no more; the instrument is left as it is. */
  letGo(): void {
    this.#isOver = true;
  }

  /** The run is over: takes the last rows, and looks no more. `isProved`: it has been ended, nobody has to come back to it. */
  async close(isProved: boolean): Promise<void> {
    const { clock, poll_s, keep } = this.#parts;
    const by_s = clock.now_s() + Math.max(LAST_POLLS * poll_s, LAST_S);
    while (this.#isBegun && !this.#isOver && clock.now_s() < by_s) await clock.sleep(LAST_LOOK_S);
    this.letGo();
    if (isProved) keep(undefined);
  }

  async #run(): Promise<void> {
    try {
      this.#ticket ??= await this.#start();
      if (this.#parts.found !== undefined)
        this.#say(`program ${this.#ticket.label} of an earlier run is taken up`);
      this.#parts.keep(this.#ticket);
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
    const isOurs = now.test === ticket.test && now.label === ticket.label;
    const rows: ProgramRow[] = [];
    const lacks = (from: number, to: number): void => this.#lack(ticket, from, to);
    await runner.download(ticket, row => rows.push(row), lacks).finally(() => this.#take(rows));
    if (this.#isSilent) this.#say(`is heard again: it is ${now.said}, ${rows.length} rows came of meanwhile`);
    this.#isSilent = false;
    if (!isOurs) {
      this.#fail(`another program, "${now.label}", is on the channel`);
      return;
    }
    const isPaused = isHeld(now.state) && now.state !== 'running';
    if (isPaused !== this.#isPaused)
      this.#say(isPaused ? `its program stands still (${now.said})` : `its program is ${now.said}`);
    this.#isPaused = isPaused;
    if (isHeld(now.state)) return;
    const { records = 0 } = this.#ticket ?? {};
    if (now.records > records) {
      this.#without = rows.length > 0 ? 0 : this.#without + 1;
      if (this.#without < LAST_TRIES) return;
      this.#lack(ticket, records + 1, now.records);
    }
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

  /** Counts steps by rows, and writes them down. */
  #take(rows: readonly ProgramRow[]): void {
    const { clock, recording } = this.#parts;
    for (const row of rows) {
      const last = this.#last;
      if (last !== undefined && isNextStep(last, row)) this.#stepOver();
      this.#last = row;
    }
    if (rows.length === 0 || this.#ticket === undefined) return;
    // Also where the rest of them did not come: none is asked for twice.
    this.#ticket = { ...this.#ticket, records: rows[rows.length - 1].record };
    const t_s = clock.now_s();
    this.#rows ??= recording.spectrum({
      t_s,
      kind: PROGRAM_ROWS,
      name: this.#ticket.label,
      columns: COLUMNS,
      about: JSON.stringify(this.#about(this.#ticket.test)),
    });
    const all = rows.map(row => valuesOf(row));
    this.#rows.add({
      rows: rows.length,
      values: Float64Array.from(all.flatMap(values => [t_s, ...values])),
      quality: Uint8Array.from(all.flat(), value => (Number.isNaN(value) ? QUALITY.bad : QUALITY.good)),
      reasons: new Map(),
    });
  }

  #about(test: string): ProgramRowsAbout {
    const { id, channels } = this.#parts.device;
    const accuracy = channels.filter(({ name }) => COLUMNS.includes(name)).map(c => [c.name, c.accuracy]);
    return { instrument: id, test, accuracy: Object.fromEntries(accuracy) };
  }

  #stepOver(): void {
    this.#took_s.push(this.#last?.stepTime_s ?? Number.NaN);
    this.ended++;
  }

  #fail(reason: string): void {
    this.#isOver = true;
    this.failure = reason;
  }

  /** Rows that the cycler counts and does not give: nobody knows what was in them. */
  #lack({ test }: ProgramTicket, from: number, to: number): void {
    const { recording, clock, device } = this.#parts;
    const which = from === to ? `row ${from} is` : `rows ${from} to ${to} are`;
    const text = `${device.id}: ${which} missing in what the cycler gives of test ${test}, also when asked again`;
    const data = { device: device.id, test, from, to };
    recording.event({ kind: 'rowsMissing', data, t_s: clock.now_s(), text });
  }

  #say(text: string): void {
    const { recording, clock, device } = this.#parts;
    const data = { device: device.id, state: device.state };
    recording.event({ kind: 'device', data, t_s: clock.now_s(), text: `${device.id}: ${text}` });
  }
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
