import { seededRandom } from '../../../drivers/contract/random.ts';
import type { Controller, Exit } from '../wires/controller.ts';
import { safeValues } from '../wires/safe-values.ts';
import { utc_s } from '../wires/seen.ts';
import { type Done, type Fault, type Found, type Moment, nothingFound } from './fault.ts';
import { judgeNextStart, judgeOff, judgeSafe, judgeVent } from './off.ts';
import { type Counted, judgeRecord } from './record.ts';
import { type Place, Stand } from './stand.ts';
import { awaitMoment, lastWords, resultOf } from './under-way.ts';

/** One bench and what happens on it: a run is begun, killed, taken up, killed again, until one ends by itself. */

export interface Plan {
  readonly number: number;
  readonly fault: Fault;
  readonly moment: Moment;
  readonly seed: number;
}

/** A program that ends by itself: safe state, vent, waiting for what was lost. */
const ENDS_S = 75;
/** What has to come of a fault that changes nothing is looked at after, s. */
const AFTER_S = 1.5;
/** From the fault to the guard's last word, s. */
const GUARD_THROUGH_S = 40;

const TRIES = 3;
const WANT_OF_BREATH = /no readings? from|without an answer|no answer within|is bad/;

/** In order, by a person. */
const LAST_STOP: Fault = { name: 'stop', moments: [], outcome: 'ends', off_s: 10, act: async () => ({}) };

interface UnderWay {
  readonly controller: Controller;
  readonly out: string;
  readonly started_s: number;
  readonly shift_s: number;
  /** Where the log of the instruments stood at its start. */
  readonly from: number;
  readonly base: Counted | undefined;
  readonly lastWords: readonly number[];
  isMisread: boolean;
  readonly disturbed: (readonly [number, number])[];
  /** It goes on with a run that this kill has cut off, and nobody has seen yet that it does. */
  takesUp: Found | undefined;
}

/** A bench with its instruments and the run under way on it. */
export class Chain {
  readonly #stand: Stand;
  #run: UnderWay | undefined;

  constructor(place: Place) {
    this.#stand = new Stand(place);
  }

  /** Does one of them to the run under way, and sees to it that there is one again. */
  async carryOut(plan: Plan): Promise<Found> {
    const found = nothingFound();
    const { fault, moment } = plan;
    const { clock } = this.#stand.place;
    const random = seededRandom(plan.seed);
    const chance = (): number => random.uniform();
    const run = await this.#at(moment, chance(), found);
    if (run === undefined) return found;
    const { instruments } = this.#stand;
    this.#isTakenUp(run);
    const begin_s = utc_s(clock);
    const done = await fault.act({
      clock,
      chance,
      instruments,
      controller: run.controller,
      guard: this.#stand.mark?.guard,
      out: run.out,
      setClock: by_s => this.#stand.setClock(this.#stand.shift_s + by_s),
    });
    if (done === undefined) {
      found.skipped = 'this machine does not allow it';
      return found;
    }
    await this.#judge(found, plan, run, { ...done, at_s: done.at_s ?? begin_s });
    return found;
  }

  /**
   * The run under way at that moment; undefined: it never came there, which is told. A new run that nothing was done to yet,
   * and that ends for want of a reading, says something of a busy machine alone: another one is begun.
   */
  async #at(moment: Moment, share: number, found: Found): Promise<UnderWay | undefined> {
    for (let attempt = 1; ; attempt++) {
      const run = await this.#underWay();
      const { instruments } = this.#stand;
      const { clock } = this.#stand.place;
      const isOld = run.disturbed.length > 0;
      if (await awaitMoment(moment, share, { ...run, instruments, clock, isOld })) return run;
      const told = resultOf(run.out)?.reason ?? lastWords(run.controller);
      const text = `${moment} was never reached: exit ${run.controller.exit()?.code ?? 'none'}: ${told}`;
      await this.#abandon();
      if (run.takesUp === undefined && !isOld && attempt < TRIES && WANT_OF_BREATH.test(told)) continue;
      if (run.takesUp === undefined) found.other.push(text);
      else {
        run.takesUp.other.push(`not taken up: ${text}`);
        found.other.push('not done: the run before was not taken up');
      }
      return undefined;
    }
  }

  async #judge(
    found: Found,
    { fault }: Plan,
    run: UnderWay,
    done: Done & { readonly at_s: number },
  ): Promise<void> {
    const { clock } = this.#stand.place;
    const instruments = this.#stand.instruments;
    const { at_s } = done;
    const { controller, out } = run;
    if (fault.outcome === 'goes on' || fault.outcome === 'either') await clock.sleep(AFTER_S);
    else if (fault.outcome === 'dies') await this.#guardIsThrough(fault, controller, at_s);
    else if ((await controller.gone(ENDS_S)) === undefined)
      found.other.push(`hangs: the program is still there ${ENDS_S} s after: ${lastWords(controller)}`);
    let exit = controller.exit();
    // It was about to end.
    if (fault.outcome === 'either' && exit === undefined && !this.#stand.isOn)
      exit = await controller.gone(ENDS_S);
    const isGoingOn = exit === undefined && (fault.outcome === 'goes on' || fault.outcome === 'either');
    if (fault.outcome === 'dies' && exit === undefined)
      found.other.push(`the program is still there: ${lastWords(controller)}`);
    if (fault.outcome === 'goes on' && exit !== undefined)
      found.other.push(
        `the run did not go on: exit ${exit.code ?? exit.signal}: ${resultOf(out)?.reason ?? lastWords(controller)}`,
      );
    const log = instruments.log.slice(run.from);
    judgeOff(found, {
      fault,
      log,
      at_s,
      silent_s: silentFrom_s(fault, exit, at_s),
      isGoingOn,
    });
    await done.undo?.();
    await this.#stand.heal();
    const now_s = utc_s(clock);
    run.disturbed.push([at_s - 0.3, now_s + 0.5]);
    if (fault.lost === 'supply') run.isMisread = true;
    if (isGoingOn) return;
    this.#run = undefined;
    if (fault.leavesPressure !== true) {
      judgeVent(found, log, 'by those who are left');
      if (fault.lost === undefined) judgeSafe(found, log, safeValues(this.#stand.files.bench).final);
    }
    const cut_s = fault.outcome === 'dies' || fault.diskFull === true ? at_s : (exit?.at_s ?? now_s);
    const left_s = fault.outcome === 'dies' ? at_s : Number.POSITIVE_INFINITY;
    const counted = this.#judgeRecord(found, fault, run, cut_s, left_s);
    if (fault.isGivenUp === true) await this.#underWay(found);
    else if (fault.outcome === 'dies') this.#takeUp(found, run, counted);
    else this.#judgeEnd(found, fault, run);
  }

  #judgeRecord(
    found: Found,
    fault: Fault,
    run: UnderWay,
    cut_s: number,
    left_s: number,
  ): Counted | undefined {
    const { out, started_s, shift_s, base, lastWords, isMisread } = run;
    const disturbed = fault.outcome === 'dies' ? run.disturbed.slice(0, -1) : run.disturbed;
    const log = this.#stand.instruments.log.slice(run.from);
    try {
      const segment = { out, from_s: started_s, shift_s, base, lastWords, disturbed, isMisread };
      return judgeRecord(found, { ...segment, cut_s, left_s, isCut: fault.outcome === 'dies' }, log);
    } catch (error) {
      found.other.push(`record: cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  /** The program led its run to an end: it says which, and the next run is another one. */
  #judgeEnd(found: Found, fault: Fault, { controller, out }: UnderWay): void {
    const exit = controller.exit();
    const codes = fault.diskFull === true ? [4, 5] : [4];
    if (exit !== undefined && (exit.code === null || !codes.includes(exit.code)))
      found.other.push(
        `exit ${exit.code ?? exit.signal}, expected ${codes.join(' or ')}: ${lastWords(controller)}`,
      );
    const result = resultOf(out);
    if (result === undefined && fault.diskFull !== true)
      found.other.push(`no result.json: ${lastWords(controller)}`);
    if (
      result !== undefined &&
      fault.lost === undefined &&
      result.unproven.length > 0 &&
      fault.diskFull !== true
    )
      found.unsafe.push(`not proved: ${result.unproven.map(({ what }) => what).join('; ')}`);
  }

  /** A run that was cut off goes on in another process, if it had begun to remember anything. */
  #takeUp(found: Found, run: UnderWay, counted: Counted | undefined): void {
    if (counted === undefined) {
      if (run.base !== undefined) found.other.push('the run cannot be taken up: it remembers nothing');
      return;
    }
    const lastWords = [...run.lastWords, counted.t_s];
    const args = ['resume', run.out, '--no-serve', ...this.#stand.word];
    this.#start(args, run.out, counted, lastWords, found);
  }

  /** It carries current again. */
  #isTakenUp(run: UnderWay): void {
    if (run.takesUp !== undefined) judgeNextStart(run.takesUp, this.#stand.instruments.log.slice(run.from));
    run.takesUp = undefined;
  }

  /** Until the program and all that it had started have gone and the output is off, or it takes too long. */
  async #guardIsThrough({ off_s }: Fault, controller: Controller, at_s: number): Promise<void> {
    const { clock } = this.#stand.place;
    while (utc_s(clock) < at_s + GUARD_THROUGH_S) {
      const isNobody = controller.exit() !== undefined && controller.leftBehind().length === 0;
      if (isNobody && (!this.#stand.isOn || utc_s(clock) > at_s + off_s + 2)) break;
      await clock.sleep(0.25);
    }
    await clock.sleep(0.2);
  }

  /** The run under way, or a new one; `after`: on the bench as this kill has left it. */
  async #underWay(after?: Found): Promise<UnderWay> {
    if (this.#run !== undefined) return this.#run;
    const { bench, method } = (await this.#stand.up()).files;
    // Whoever begins a run by a clock that stands before the last record is refused, and sets it right.
    this.#stand.setClock(0);
    const out = this.#stand.newFolder('run');
    const args = ['--real', '--bench', bench, '--method', method, '--no-serve', '--out', out];
    return this.#start([...args, ...this.#stand.word], out, undefined, [], after);
  }

  #start(
    args: readonly string[],
    out: string,
    base: Counted | undefined,
    lastWords: UnderWay['lastWords'],
    takesUp: Found | undefined,
  ): UnderWay {
    const from = this.#stand.instruments.log.length;
    const controller = this.#stand.start(args);
    const started_s = controller.started_s;
    const now = { shift_s: this.#stand.shift_s, disturbed: [], isMisread: false };
    this.#run = { controller, out, started_s, from, base, lastWords, takesUp, ...now };
    return this.#run;
  }

  /** Something went wrong with the harness or the program: everything is ended, the next one begins anew. */
  async #abandon(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    await this.#stand.down([run?.controller]);
  }

  /** The run under way is stopped in order; what is still to be seen of it is judged. */
  async close(): Promise<Found> {
    const found = nothingFound();
    const run = this.#run;
    try {
      if (run !== undefined) {
        const { clock } = this.#stand.place;
        const instruments = this.#stand.instruments;
        if (
          !(await awaitMoment('load', 0.5, { ...run, instruments, clock, isOld: run.disturbed.length > 0 }))
        ) {
          (run.takesUp ?? found).other.push(`not taken up: ${lastWords(run.controller)}`);
        } else {
          this.#isTakenUp(run);
          const left_s = utc_s(clock);
          process.kill(run.controller.pid, 'SIGINT');
          const exit = await run.controller.gone(ENDS_S);
          if (exit?.code !== 3)
            found.other.push(`the last stop: exit ${exit?.code}: ${lastWords(run.controller)}`);
          this.#judgeRecord(found, LAST_STOP, run, exit?.at_s ?? utc_s(clock), left_s);
          judgeVent(found, instruments.log.slice(run.from), 'after the last stop');
        }
      }
    } finally {
      await this.#abandon();
      this.#stand.close();
    }
    return found;
  }
}

/** From when on whatever reaches the instruments is not the controller's, s since 1970. */
function silentFrom_s({ outcome }: Fault, exit: Exit | undefined, at_s: number): number {
  if (outcome === 'dies') return at_s;
  if (exit === undefined) return Number.POSITIVE_INFINITY;
  // Its guard has ended it: that is heard here later than by the instruments.
  return exit.signal === 'SIGKILL' ? exit.at_s - 1 : exit.at_s;
}
