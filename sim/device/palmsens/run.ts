import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Spectrum } from '../../plant/parts/model.ts';
import { LOOPS, Stop, stepsThrough } from './loops.ts';
import { Memory } from './memory.ts';
import type { Script, Statement } from './parse.ts';
import type { Measured, Potentiostat, PotentiostatPlate } from './potentiostat.ts';
import { packageVariable, type Variable } from './words.ts';

/** What a script runs on. */
export interface Bench {
  readonly clock: Clock;
  readonly timeFactor: number;
  readonly cell: Potentiostat;
  readonly plate: PotentiostatPlate;
  impedance(frequencies_Hz: Float64Array): Spectrum;
  /** Sends one line. */
  send(line: string): void;
}

/** A frequency takes so long beside its periods, s, and so many of them (an estimate of users). */
const POINT_s = 0.05;
const PERIODS = 3;

/** One run of one script. */
export class Run {
  readonly #bench: Bench;
  readonly #script: Script;
  readonly #memory: Memory;
  #isAborted = false;
  #isFinishing = false;
  #leaves = false;
  #wake = new AbortController();
  #halted: Promise<void> | undefined;
  #resume: () => void = () => {};
  #timer_s = 0;
  #package: Variable[] | undefined;
  #errorAtNext: string | undefined;

  constructor(script: Script, bench: Bench) {
    this.#script = script;
    this.#bench = bench;
    this.#memory = new Memory(script.variables);
  }

  /** Runs it to its end; its last lines, if any, stand in the output already. Resolves with an error's line, or nothing. */
  async whole(): Promise<string | undefined> {
    try {
      await this.#block(this.#script.main);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      // After an error nothing more is run: the cell stays as it is.
      if (error.code !== undefined) return `!${error.code}: Line ${error.line}`;
    }
    this.#isAborted = false;
    this.#isFinishing = true;
    await this.#block(this.#script.onFinished).catch((error: unknown) => {
      if (!(error instanceof Stop)) throw error;
    });
    return undefined;
  }

  /** `Z`. */
  abort(): void {
    // Its last commands are not to be ended.
    if (this.#isFinishing) return;
    this.#isAborted = true;
    this.#rouse();
  }

  /** `Y`. */
  leave(): void {
    this.#leaves = true;
    this.#rouse();
  }

  /** `h`, `H`. */
  halt(on: boolean): void {
    if (!on) this.#resume();
    else if (this.#halted === undefined)
      this.#halted = new Promise(resolve => {
        this.#resume = () => {
          this.#halted = undefined;
          resolve();
        };
      });
  }

  /** The next command ends with this error. */
  fail(code: string): void {
    this.#errorAtNext = code;
    this.#rouse();
  }

  #rouse(): void {
    this.#resume();
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async #block(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      if (this.#isAborted) throw new Stop(undefined, statement.line);
      if (this.#errorAtNext !== undefined) throw new Stop(this.#errorAtNext, statement.line);
      await this.#one(statement);
    }
  }

  async #one(statement: Statement): Promise<void> {
    const { command, args, line, body } = statement;
    const { cell, send, clock } = this.#bench;
    const fail = (code: string): never => {
      throw new Stop(code, line);
    };
    if (command in LOOPS) return this.#measuring(statement);
    if (this.#memory.calculate(command, args)) return;
    switch (command) {
      case 'loop':
        send('L');
        while (this.#memory.holds(args)) {
          await this.#block(body);
          // Nothing is measured inside: others get their turn.
          await this.#sleep(0.001);
        }
        send('+');
        return;
      case 'if':
        if (this.#memory.holds(args)) await this.#block(body);
        return;
      case 'set_pgstat_mode':
        cell.mode = this.#memory.read(args[0]).value;
        if (![2, 3, 6].includes(cell.mode) || (cell.mode === 6 && !this.#bench.plate.isGalvanostat))
          fail('0021');
        return;
      case 'set_range':
        if (args[0] !== 'ab')
          [cell.rangeLow_A, cell.rangeHigh_A] = Array(2).fill(this.#memory.read(args[1]).value);
        return;
      case 'set_autoranging':
        if (args[0] !== 'ab')
          [cell.rangeLow_A, cell.rangeHigh_A] = [
            this.#memory.read(args[1]).value,
            this.#memory.read(args[2]).value,
          ];
        return;
      case 'set_e':
        if (!this.#isPotential(this.#memory.read(args[0]).value)) fail('000F');
        cell.apply_V(this.#memory.read(args[0]).value);
        return;
      case 'set_i':
        if (Math.abs(this.#memory.read(args[0]).value) > this.#bench.plate.currentMax_A) fail('4003');
        cell.apply_A(this.#memory.read(args[0]).value);
        return;
      case 'cell_on':
      case 'cell_off':
        cell.switchCell(command === 'cell_on');
        return;
      case 'timer_start':
        this.#timer_s = clock.now_s();
        return;
      case 'timer_get':
        this.#memory.set(args[0], { type: 'eb', value: clock.now_s() - this.#timer_s, isWhole: false });
        return;
      case 'wait':
        return this.#sleep(this.#memory.read(args[0]).value);
      case 'abort':
        throw new Stop(undefined, line);
      case 'pck_start':
        this.#package = [];
        return;
      case 'pck_add':
        (this.#package ?? fail('400C')).push({ ...this.#memory.read(args[0]) });
        return;
      case 'pck_end':
        send(`P${(this.#package ?? fail('400C')).map(packageVariable).join(';')}`);
        this.#package = undefined;
        await clock.sleep(0);
        return;
    }
  }

  async #measuring(statement: Statement): Promise<void> {
    const { command, line } = statement;
    const { cell, send } = this.#bench;
    const isOpen = command === 'meas_loop_ocp';
    if (isOpen && cell.isOn) throw new Stop('0014', line);
    if (!isOpen && !cell.isOn) throw new Stop('4027', line);
    const isGalvanic = command === 'meas_loop_cp' || command === 'meas_loop_geis';
    if (isGalvanic !== (cell.mode === 6) && !isOpen) throw new Stop('0023', line);
    this.#leaves = false;
    send(`M${LOOPS[command]}`);
    if (command.endsWith('eis')) await this.#spectrum(statement);
    else if (command === 'meas_loop_lsv' || command === 'meas_loop_cv') await this.#sweep(statement);
    else await this.#standing(statement);
    this.#leaves = false;
    send('*');
  }

  /** `ca`, `cp`, `ocp`: a reading each interval while it runs, by the clock: whoever is to keep it running lives by that. */
  async #standing({ command, args, extras, body, line }: Statement): Promise<void> {
    const { cell } = this.#bench;
    const [interval_s, run_s] = args.slice(-2).map(arg => this.#memory.read(arg).value);
    if (command === 'meas_loop_ca') {
      const set_V = this.#memory.read(args[2]).value;
      if (!this.#isPotential(set_V)) throw new Stop('000F', line);
      cell.apply_V(set_V);
    }
    if (command === 'meas_loop_cp') cell.apply_A(this.#memory.read(args[2]).value);
    const from_s = this.#bench.clock.now_s();
    for (let n = 1; n * interval_s <= run_s * (1 + 1e-9); n++) {
      await this.#sleep(from_s + n * interval_s - this.#bench.clock.now_s(), 1);
      if (this.#leaves) return;
      if (command === 'meas_loop_ca') {
        this.#memory.set(args[0], { type: 'da', value: cell.set_V, isWhole: false });
        this.#measured(args[1], 'ba', cell.current());
      } else if (command === 'meas_loop_cp') {
        this.#measured(args[0], 'ab', cell.potential());
        this.#memory.set(args[1], { type: 'db', value: cell.set_A, isWhole: false });
      } else this.#measured(args[0], 'ab', cell.potential());
      this.#more(extras);
      await this.#block(body);
    }
  }

  async #sweep({ command, args, extras, body, line }: Statement): Promise<void> {
    const { cell, send } = this.#bench;
    const figures = args.slice(2).map(arg => this.#memory.read(arg).value);
    const [rate_V_per_s, step_V] = [...figures].reverse();
    const corners = figures.slice(0, -2);
    if (corners.some(corner => !this.#isPotential(corner))) throw new Stop('000F', line);
    const scans = Number(extras.find(([name]) => name === 'nscans')?.[1] ?? 1);
    const way = command === 'meas_loop_cv' ? [...corners, corners[0]] : corners;
    for (let scan = 1; scan <= scans; scan++) {
      if (scans > 1) send(`C${scan}`);
      for (const set_V of stepsThrough(way, step_V)) {
        cell.apply_V(set_V);
        await this.#sleep(step_V / rate_V_per_s);
        if (this.#leaves) return;
        this.#memory.set(args[0], { type: 'da', value: set_V, isWhole: false });
        this.#measured(args[1], 'ba', cell.current());
        this.#more(extras);
        await this.#block(body);
      }
      if (scans > 1) send('-');
    }
  }

  async #spectrum({ command, args, body, line }: Statement): Promise<void> {
    const { cell, plate } = this.#bench;
    const [amplitude, from_Hz, to_Hz, points, dc] = args.slice(3).map(arg => this.#memory.read(arg).value);
    const isVoltage = command === 'meas_loop_eis';
    if (isVoltage && cell.mode !== 3) throw new Stop('0023', line);
    if (isVoltage) cell.apply_V(dc);
    else cell.apply_A(dc);
    if (isVoltage && amplitude > plate.amplitudeMax_Vrms * 1.001) throw new Stop('0012', line);
    for (let n = 0; n < points; n++) {
      const frequency_Hz = points === 1 ? from_Hz : from_Hz * (to_Hz / from_Hz) ** (n / (points - 1));
      if (!(frequency_Hz > 0 && frequency_Hz <= plate.frequencyMax_Hz * 1.001)) throw new Stop('0011', line);
      await this.#sleep(POINT_s + PERIODS / frequency_Hz);
      if (this.#leaves) return;
      const shown = cell.potential();
      const { re_Ohm, im_Ohm } = this.#bench.impedance(Float64Array.of(frequency_Hz));
      const modulus = Math.hypot(re_Ohm[0], im_Ohm[0]);
      const peak_A = Math.SQRT2 * (isVoltage ? amplitude / modulus : amplitude);
      this.#memory.set(args[0], { type: 'dc', value: frequency_Hz, isWhole: false });
      const said = cell.signal(peak_A);
      this.#measured(args[1], 'cc', { value: re_Ohm[0], ...said });
      this.#measured(args[2], 'cd', { value: im_Ohm[0], status: said.status, range: shown.range });
      await this.#block(body);
    }
  }

  /** Variables that are measured beside those of the loop. */
  #more(extras: Statement['extras']): void {
    for (const [name, , type, variable] of extras) {
      if (name !== 'add_meas') continue;
      const { cell } = this.#bench;
      this.#measured(variable, type, type === 'ba' ? cell.current() : cell.potential());
    }
  }

  #measured(name: string, type: string, { value, status, range }: Measured): void {
    this.#memory.set(name, { type, value, isWhole: false, status, range });
  }

  #isPotential(value: number): boolean {
    const { potentialMin_V, potentialMax_V } = this.#bench.plate;
    return value >= potentialMin_V - 1e-9 && value <= potentialMax_V + 1e-9;
  }

  /** Seconds of its spectra and sweeps, which may run faster than the clock. */
  async #sleep(s: number, factor = this.#bench.timeFactor): Promise<void> {
    await this.#bench.clock.sleep(Math.max(0, s) / factor, this.#wake.signal);
    if (this.#halted !== undefined) await this.#halted;
    if (this.#isAborted) throw new Stop(undefined, 0);
  }
}
