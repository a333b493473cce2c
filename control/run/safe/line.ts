import { messageOf } from '../../../drivers/contract/errors.ts';
import { aloneTime_s } from '../../../drivers/contract/watchdog.ts';
import type { SafeStep } from '../../bench/bench.ts';
import type { Unproven } from '../../contract/cause.ts';
import { proves, type SafeIo, type SafePlan, type SafeTarget } from './plan.ts';

/** A line that writes: a device's own safe list, or one role. */
type WritingStep = Exclude<SafeStep, { vent: string }>;

/** A line that failed is tried again after this, s. */
const RETRY_S = 0.5;
/** An output that could not be switched off so many times in a row is left to its own watchdog. */
const TRIES_BEFORE_ALONE = 3;

/** What a line writes, in words. */
function wordsOf(step: WritingStep): string {
  return 'device' in step ? `${step.device} safe` : `${step.set} = ${step.to}`;
}

/**
 * One line on the way into the safe state: tried in its turn, and from then on again and again until it is done; a
 * device that was lost, the moment it answers.
 */
export class SafeLine {
  readonly step: WritingStep;
  readonly device: string | undefined;
  readonly #plan: SafePlan;
  readonly #io: SafeIo;
  #start_s = Number.NaN;
  /** Counts drives; what an older one still brings says nothing any more. */
  #turn = 0;
  #isBusy = false;
  #wasTried = false;
  #isDone = false;
  #failures = 0;
  #nextTry_s = 0;
  #aloneUntil_s = Number.NEGATIVE_INFINITY;
  #reason = '';

  constructor(step: WritingStep, plan: SafePlan, io: SafeIo) {
    this.step = step;
    this.device = 'device' in step ? step.device : plan.deviceOf[step.set];
    this.#plan = plan;
    this.#io = io;
  }

  /** Its walk has begun. */
  begin(start_s: number): void {
    this.#start_s = start_s;
  }

  /** The role that it sets; undefined for a device's own list. */
  get role(): string | undefined {
    return 'set' in this.step ? this.step.set : undefined;
  }

  /** It has had its turn. */
  get wasTried(): boolean {
    return this.#wasTried;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Tried and not done. */
  get isOpen(): boolean {
    return this.#wasTried && !this.#isDone;
  }

  /** Its condition is not read: it can only wait. */
  get waits(): boolean {
    return !this.#isDone && this.#waitsFor() !== '';
  }

  /** To be driven again: what was written may not hold any more. */
  reset(): void {
    this.#isDone = false;
    this.#isBusy = false;
    this.#turn++;
    this.#nextTry_s = 0;
  }

  /** Writes now, if its condition is read. Resolves true when it is done, false when it is not within its time. */
  async attempt(): Promise<boolean> {
    this.#wasTried = true;
    if (this.#isLeft()) {
      this.#leave();
      return true;
    }
    if (this.#io.clock.now_s() < this.#aloneUntil_s) return false;
    const waitsFor = this.#waitsFor();
    if (waitsFor !== '') {
      this.#reason = waitsFor;
      return false;
    }
    const turn = ++this.#turn;
    const { clock } = this.#io;
    this.#isBusy = true;
    const work = this.#io.write(targetOf(this.step)).then(
      () => this.#succeeded(turn),
      (error: unknown) => this.#failed(turn, messageOf(error)),
    );
    const { within_s } = this.step;
    await new Promise<void>(resolve => {
      const cancel = clock.schedule(within_s, () => {
        this.#failed(turn, `not done within ${within_s} s`, true);
        resolve();
      });
      void work.then(resolve).finally(cancel);
    });
    return this.#isDone;
  }

  /** Tries again what is not done, when it is time. */
  tend(): void {
    if (!this.isOpen || this.#isBusy || this.#io.clock.now_s() < this.#nextTry_s) return;
    if (this.device !== undefined && !this.#io.answers(this.device)) return;
    if (this.#waitsFor() === '') void this.attempt();
  }

  /** Reads back once more what has been done: somebody may have changed it since. Undone, if it does not hold. */
  async check(): Promise<void> {
    const turn = this.#turn;
    if (
      this.#isLeft() ||
      !this.#isDone ||
      (await this.#io.holds(targetOf(this.step))) !== false ||
      turn !== this.#turn
    )
      return;
    this.reset();
    this.#reason = 'somebody has changed it';
    this.#io.note({ what: 'line', ok: false, text: `${wordsOf(this.step)}: somebody has changed it` });
  }

  /** A device that was lost answers again: at once, whatever is under way. */
  answersAgain(): void {
    if (!this.isOpen) return;
    this.#aloneUntil_s = Number.NEGATIVE_INFINITY;
    this.#nextTry_s = 0;
    this.#isBusy = false;
    this.tend();
  }

  /** Another run needs what it sets: it is that one's, however often this one is driven meanwhile. */
  #isLeft(): boolean {
    return this.device !== undefined && this.#io.isLeft(this.device);
  }

  #leave(): void {
    this.#turn++;
    this.#isBusy = false;
    this.#isDone = true;
    this.#reason = '';
    const text = `${wordsOf(this.step)} left as it is: another run needs ${this.device}`;
    this.#io.note({ what: 'line', ok: true, text });
  }

  /** What could not be done, and the next means; undefined if it is done. */
  unproven(): Unproven | undefined {
    if (this.#isDone || !this.#wasTried) return undefined;
    return { what: `${wordsOf(this.step)} (${this.#reason})`, otherwise: this.step.otherwise };
  }

  #waitsFor(): string {
    const { when } = this.step;
    if (when === undefined) return '';
    const { value } = this.#io.read(when.role);
    return proves(when, value) ? '' : `waits for ${when.role} ${when.is} ${when.limit}, reads ${value}`;
  }

  #succeeded(turn: number): void {
    if (turn !== this.#turn) return;
    this.#isBusy = false;
    this.#isDone = true;
    this.#failures = 0;
    this.#reason = '';
    const took_s = this.#io.clock.now_s() - this.#start_s;
    const text = `${wordsOf(this.step)} (${took_s.toFixed(3)} s)`;
    const whose = 'device' in this.step ? { device: this.step.device } : {};
    this.#io.note({ what: 'line', ok: true, took_s, text, ...whose });
  }

  /** `isLate`: the write is still under way and may yet succeed. */
  #failed(turn: number, reason: string, isLate = false): void {
    if (turn !== this.#turn || this.#isDone) return;
    this.#isBusy = isLate;
    if (this.#reason !== reason) {
      const text = `${wordsOf(this.step)} FAILED: ${reason}; next means: ${this.step.otherwise}`;
      this.#io.note({ what: 'line', ok: false, text });
    }
    this.#reason = reason;
    if (isLate) return;
    this.#failures++;
    this.#nextTry_s = this.#io.clock.now_s() + RETRY_S;
    this.#leaveToWatchdog();
  }

  /** An output that cannot be switched off: our polls would keep its own watchdog quiet, so there are none for a while. */
  #leaveToWatchdog(): void {
    const { step, device } = this;
    const watchdog_s = device === undefined ? undefined : this.#plan.watchdog_s[device];
    if (!('device' in step) || watchdog_s === undefined || this.#failures < TRIES_BEFORE_ALONE) return;
    if (!this.#io.answers(step.device)) return;
    const alone_s = aloneTime_s(watchdog_s);
    this.#io.leaveAlone(step.device, alone_s);
    this.#aloneUntil_s = this.#io.clock.now_s() + alone_s;
    this.#nextTry_s = this.#aloneUntil_s;
    const text = `${step.device} left alone for ${alone_s.toFixed(1)} s, so that its own watchdog (${watchdog_s} s) switches it off`;
    this.#io.note({ what: 'line', ok: false, text });
  }
}

function targetOf(step: WritingStep): SafeTarget {
  return 'device' in step ? { device: step.device } : { role: step.set, value: step.to };
}
