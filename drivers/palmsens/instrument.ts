import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { decodeError } from '../protocol/method-script/errors.ts';
import type { TextAddress } from '../transport/text/wire.ts';
import type { Identity } from './asks.ts';
import type { Model } from './models.ts';
import { type Purpose, RunningScript } from './running.ts';
import { silenceScript } from './scripts.ts';
import { openTalk, type Talk } from './talk.ts';

/** After an answer with `!` the instrument wants to be left alone for 50..100 ms (recalled); a little longer, s. */
const AFTER_ERROR_s = 0.15;
/** A command is answered, and a script that is aborted has ended, within, s. */
const ANSWER_s = 0.5;
/** A script without a measurement of its own has run through within, s; one that only starts has begun. */
const THROUGH_s = 0.9;
/** Output that has been silent for so long has stopped, s. */
const QUIET_s = 0.1;
/** Numbers of scripts stay whole in 28 bits. */
const NUMBERS = 100_000_000;
/** Lines that are kept of an answer. */
const MOST_LINES = 20;

/** Where it is, and which model. */
export interface InstrumentOptions {
  readonly address: TextAddress;
  readonly clock: Clock;
  readonly model: Model;
}

/** Writes a script with the number it is given. */
type Writes = (number: number) => readonly string[];

/** The instrument's command line: one script at a time, and what ends it. */
export class Instrument {
  /** The newest script. */
  script: RunningScript | undefined;
  readonly #clock: Clock;
  readonly #model: Model;
  readonly #talk: Talk;
  #lines: string[] = [];
  #heard_s = Number.NEGATIVE_INFINITY;
  #number: number;
  /** Counts what is asked of it: what was overtaken must not go on writing. */
  #turn = 0;
  #recovery: Promise<void> | undefined;
  #lost: (reason: DeviceError) => void = () => {};
  #ended: DeviceError | undefined;

  constructor({ address, clock, model }: InstrumentOptions) {
    this.#clock = clock;
    this.#model = model;
    // Not that of a script of an earlier connection.
    this.#number = Math.floor(clock.utc_ms() / 10) % NUMBERS;
    this.#talk = openTalk(address, clock, {
      line: text => this.#hear(text),
      lost: reason => {
        this.#ended = reason;
        this.#lost(reason);
      },
    });
  }

  get where(): string {
    return this.#talk.where;
  }

  open(): Promise<void> {
    return this.#talk.open();
  }

  onLost(listener: (reason: DeviceError) => void): void {
    this.#lost = listener;
    if (this.#ended !== undefined) listener(this.#ended);
  }

  close(): Promise<void> {
    this.#lost = () => {};
    this.#turn++;
    return this.#talk.close();
  }

  /** Does one thing; one that is still under way goes no further. */
  async inTurn<T>(work: (turn: number) => Promise<T>): Promise<T> {
    const turn = ++this.#turn;
    if (this.#recovery !== undefined) await this.#recovery;
    return work(turn);
  }

  until<T>(what: string, limit_s: number, look: () => T | undefined): Promise<T> {
    return this.#talk.until(what, limit_s, look);
  }

  /** Asks for firmware and serial number. What runs is ended only if the instrument does not answer because of it. */
  async identity(turn: number): Promise<Identity> {
    // A script that runs, or half of one that is still awaited, shows in what comes instead.
    const isBusy = (line: string): boolean => /^[PM*]/.test(line) || decodeError(line) !== undefined;
    let firmware = await this.#ask(turn, ['', 't'], FIRMWARE, isBusy).catch(() => undefined);
    if (firmware === undefined) {
      await this.#clock.sleep(AFTER_ERROR_s);
      this.#say(turn, ['', 'Z']);
      await this.#answerOf('Z').catch(() => '');
      await this.#quiet();
      firmware = await this.#ask(turn, ['t'], FIRMWARE);
    }
    const [, model, version = ''] = firmware;
    const isBeta = this.#lines.some(line => line === 'B*');
    const [, serial] = await this.#ask(turn, ['i'], /^i(\S+)$/);
    return { model, version, isBeta, serial };
  }

  /** Ends whatever runs, of whomever, then the cell is off and the output is ours. */
  async silence(turn: number): Promise<void> {
    this.#say(turn, ['', 'Z']);
    await this.#answerOf('Z').catch(() => '');
    await this.#clock.sleep(AFTER_ERROR_s);
    await this.#through(turn);
  }

  /** Ends the script under way, proves the cell off. */
  async cellOff(turn: number): Promise<void> {
    await this.#abort(turn);
    try {
      await this.#through(turn);
    } catch {
      await this.silence(turn);
    }
  }

  /** Ends the script under way, if one is; its own last command switches the cell off. */
  async stop(turn: number): Promise<void> {
    const { script } = this;
    await this.#abort(turn);
    if (script !== undefined && script.state !== 'ended') await this.cellOff(turn);
  }

  /** Starts a script; resolves once it says its number. @throws DeviceError `refused` with the instrument's error */
  async start(turn: number, of: (number: number) => readonly [ReturnType<Writes>, Omit<Purpose, 'number'>]) {
    const number = this.#next();
    const [lines, purpose] = of(number);
    const script = new RunningScript({ ...purpose, number }, this.#model);
    this.#send(turn, script, lines);
    await this.until('the start of a script', THROUGH_s, () => script.state !== 'sent' || undefined);
    if (script.state === 'failed') {
      await this.#recovery;
      throw new DeviceError('refused', this.where, script.error?.text ?? '');
    }
    return script;
  }

  /** Runs a short script to its end, or to its error. */
  async run(turn: number, writes: Writes): Promise<RunningScript> {
    const number = this.#next();
    const script = new RunningScript({ number }, this.#model);
    this.#send(turn, script, writes(number));
    await this.until('the end of a script', THROUGH_s, () => !script.isActive || undefined);
    await this.#recovery;
    return script;
  }

  /** Leaves the loop that runs, so that it begins again, if it has run for `after_s` and was not told for `again_s`. */
  keep(script: RunningScript, after_s: number, again_s: number): void {
    const now_s = this.#clock.now_s();
    if (now_s - script.loopSince_s < after_s) return;
    if (script.keptLoop === script.loops && now_s - script.keptAt_s < again_s) return;
    script.keptLoop = script.loops;
    script.keptAt_s = now_s;
    this.#talk.say(['Y']);
  }

  /** The same at once, and proves that the loop has begun again. */
  async keepNow(script: RunningScript): Promise<void> {
    const { loops } = script;
    this.keep(script, 0, 0);
    await this.until('a loop that begins again', THROUGH_s, () => {
      if (!script.isActive)
        throw new DeviceError('refused', this.where, 'its script ended when it was told to go on');
      return script.loops > loops || undefined;
    });
  }

  async #abort(turn: number): Promise<void> {
    const { script } = this;
    if (script?.isActive !== true) return;
    this.#say(turn, ['Z']);
    const ended = await this.until('the end of a script', ANSWER_s, () => {
      if (!script.isActive) return 'ended';
      return this.#lines.some(line => line.startsWith('Z!')) ? 'refused' : undefined;
    }).catch(() => 'silent');
    if (ended !== 'ended') await this.#clock.sleep(AFTER_ERROR_s);
  }

  /** A script that does nothing but switch the cell off has run through. */
  async #through(turn: number): Promise<void> {
    const script = await this.run(turn, silenceScript);
    if (script.state === 'ended') return;
    throw new DeviceError('refused', this.where, script.error?.text ?? 'the cell was not switched off');
  }

  #send(turn: number, script: RunningScript, lines: readonly string[]): void {
    this.#say(turn, lines);
    this.script = script;
  }

  #say(turn: number, lines: readonly string[]): void {
    if (turn !== this.#turn) throw new DeviceError('cancelled', this.where, 'overtaken');
    this.#lines = [];
    this.#talk.say(lines);
  }

  /** What answers a command: itself alone, or with an error. */
  #answerOf(command: string): Promise<string> {
    return this.until(`an answer to ${command}`, ANSWER_s, () =>
      this.#lines.find(line => line === command || (decodeError(line)?.command ?? '') !== ''),
    );
  }

  /** Rejects early with what comes in place of an answer. */
  #ask(
    turn: number,
    lines: readonly string[],
    expected: RegExp,
    isOther: (line: string) => boolean = () => false,
  ): Promise<RegExpExecArray> {
    this.#say(turn, lines);
    return this.until(`an answer to ${lines.at(-1)}`, ANSWER_s, () => {
      const match = this.#lines.map(line => expected.exec(line)).find(m => m !== null) ?? undefined;
      // The firmware is said in two lines, the second ends in a star.
      if (match !== undefined && (expected !== FIRMWARE || this.#lines.some(line => /^.?\*$/.test(line))))
        return match;
      const other = this.#lines.find(isOther);
      if (other !== undefined) throw new DeviceError('refused', this.where, `busy: ${other}`);
      return undefined;
    });
  }

  async #quiet(): Promise<void> {
    const until_s = this.#clock.now_s() + ANSWER_s;
    await this.#clock.sleep(AFTER_ERROR_s);
    while (this.#clock.now_s() < until_s && this.#clock.now_s() - this.#heard_s < QUIET_s)
      await this.#clock.sleep(QUIET_s / 2);
  }

  #next(): number {
    this.#number = (this.#number + 1) % NUMBERS;
    return this.#number;
  }

  #hear(line: string): void {
    this.#heard_s = this.#clock.now_s();
    if (line !== '') this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    const { script } = this;
    if (script?.isActive !== true) return;
    script.hear(line, this.#heard_s);
    // After an error nothing has switched the cell off.
    if (script.state === 'failed' && this.#recovery === undefined) this.#recovery = this.#recover(script);
  }

  async #recover(failed: RunningScript): Promise<void> {
    try {
      await this.#clock.sleep(AFTER_ERROR_s);
      if (this.script !== failed) return;
      const number = this.#next();
      const script = new RunningScript({ number }, this.#model);
      this.script = script;
      this.#talk.say(silenceScript(number));
      await this.until('the end of a script', THROUGH_s, () => !script.isActive || undefined);
    } catch {
      // Not proved off: the next question finds it out.
    } finally {
      this.#recovery = undefined;
    }
  }
}

/** `tes4_hr1100#Jan 28 2022 11:04:43`: model, version in two or four digits. */
const FIRMWARE = /^t([a-z0-9_]{5,6}?)(\d{2}|\d{4})#/;
