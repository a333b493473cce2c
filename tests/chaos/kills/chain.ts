import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardMarkSchema } from '../../../control/guard/guard-log.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { type Controller, startController } from '../wires/controller.ts';
import { mountDisk, unmountDisk } from '../wires/disk.ts';
import { type Instruments, openInstrumentsProcess } from '../wires/instruments.ts';
import { utc_s } from '../wires/seen.ts';
import { type BenchSize, instrumentsOf, type KillFiles, writeKillBench } from './bench.ts';
import { type Done, type Fault, type Found, type Moment, nothingFound } from './fault.ts';
import { judgeNextStart, judgeOff, judgeVent } from './off.ts';
import { type Counted, judgeRecord } from './record.ts';
import { awaitMoment, lastWords, resultOf } from './under-way.ts';

/** One bench and what happens on it: a run is begun, killed, taken up, killed again, until one ends by itself. */

export interface Plan {
  readonly number: number;
  readonly fault: Fault;
  readonly moment: Moment;
  readonly seed: number;
}

/** Where a chain lives. */
export interface Place {
  readonly root: string;
  readonly clock: Clock;
  readonly folder: string;
  readonly size: BenchSize;
  /** So many are due here: the runs are long enough for them. */
  readonly kills: number;
  /** What was on disks of its own is kept beside them. */
  readonly keeps: boolean;
}

/** More than any kill takes. */
const ROUNDS_EACH = 3;
const EXAMPLE = 'examples/pem-500kw';
/** A program that ends by itself: safe state, vent, waiting for what was lost. */
const ENDS_S = 75;
/** What has to come of a fault that changes nothing is looked at after, s. */
const AFTER_S = 1.5;
/** From the fault to the guard's last word, s. */
const GUARD_THROUGH_S = 40;

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
  readonly #place: Place;
  readonly #clockFile: string;
  #instruments: Instruments | undefined;
  #files: KillFiles | undefined;
  #run: UnderWay | undefined;
  #runs = 0;
  #shift_s = 0;
  readonly #mounted: string[] = [];

  constructor(place: Place) {
    this.#place = place;
    mkdirSync(place.folder, { recursive: true });
    this.#clockFile = join(place.folder, 'clock-shift');
    writeFileSync(this.#clockFile, '0');
  }

  /** Does one of them to the run under way, and sees to it that there is one again. */
  async carryOut(plan: Plan): Promise<Found> {
    const found = nothingFound();
    const { fault, moment } = plan;
    const { clock } = this.#place;
    const random = seededRandom(plan.seed);
    const chance = (): number => random.uniform();
    const run = await this.#underWay();
    const instruments = this.#on();
    const isOld = run.disturbed.length > 0;
    const reached = await awaitMoment(moment, chance(), { ...run, instruments, clock, isOld });
    if (!reached) {
      const text = `${moment} was never reached: exit ${run.controller.exit()?.code ?? 'none'}: ${resultOf(run.out)?.reason ?? lastWords(run.controller)}`;
      (run.takesUp ?? found).other.push(run.takesUp === undefined ? text : `not taken up: ${text}`);
      if (run.takesUp !== undefined) found.other.push('not done: the run before was not taken up');
      await this.#abandon();
      return found;
    }
    this.#isTakenUp(run);
    const begin_s = utc_s(clock);
    const done = await fault.act({
      clock,
      chance,
      instruments,
      controller: run.controller,
      guard: this.#mark()?.guard,
      out: run.out,
      setClock: by_s => {
        this.#shift_s += by_s;
        writeFileSync(this.#clockFile, String(this.#shift_s));
      },
    });
    if (done === undefined) {
      found.skipped = 'this machine does not allow it';
      return found;
    }
    await this.#judge(found, plan, run, { ...done, at_s: done.at_s ?? begin_s });
    return found;
  }

  async #judge(
    found: Found,
    { fault }: Plan,
    run: UnderWay,
    done: Done & { readonly at_s: number },
  ): Promise<void> {
    const { clock } = this.#place;
    const instruments = this.#on();
    const { at_s } = done;
    const { controller, out } = run;
    if (fault.outcome === 'goes on' || fault.outcome === 'either') await clock.sleep(AFTER_S);
    else if (fault.outcome === 'dies') await this.#guardIsThrough(fault, controller, at_s);
    else if ((await controller.gone(ENDS_S)) === undefined)
      found.other.push(`hangs: the program is still there ${ENDS_S} s after: ${lastWords(controller)}`);
    let exit = controller.exit();
    // It was about to end.
    if (fault.outcome === 'either' && exit === undefined && !this.#isOn())
      exit = await controller.gone(ENDS_S);
    const isGoingOn = exit === undefined && (fault.outcome === 'goes on' || fault.outcome === 'either');
    if (fault.outcome !== 'goes on' && fault.outcome !== 'either' && exit === undefined)
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
      silent_s: fault.outcome === 'dies' ? at_s : (exit?.at_s ?? Number.POSITIVE_INFINITY),
      isGoingOn,
    });
    await done.undo?.();
    await instruments.heal();
    await instruments.fault('supply', { delay_ms: LATE_MS });
    const now_s = utc_s(clock);
    run.disturbed.push([at_s - 0.3, now_s + 0.5]);
    if (fault.lost === 'supply') run.isMisread = true;
    if (isGoingOn) return;
    this.#run = undefined;
    if (fault.leavesPressure !== true) judgeVent(found, log, 'by those who are left');
    const cut_s = fault.outcome === 'dies' || fault.diskFull === true ? at_s : (exit?.at_s ?? now_s);
    const counted = this.#judgeRecord(found, fault, run, cut_s);
    if (fault.outcome === 'dies') await this.#takeUp(found, run, counted);
    else this.#judgeEnd(found, fault, run);
  }

  #judgeRecord(found: Found, fault: Fault, run: UnderWay, cut_s: number): Counted | undefined {
    const { out, started_s, shift_s, base, lastWords, isMisread } = run;
    const disturbed = fault.outcome === 'dies' ? run.disturbed.slice(0, -1) : run.disturbed;
    const log = this.#on().log.slice(run.from);
    try {
      const segment = { out, from_s: started_s, shift_s, base, lastWords, disturbed, isMisread };
      return judgeRecord(found, { ...segment, cut_s, isCut: fault.outcome === 'dies' }, log);
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
  async #takeUp(found: Found, run: UnderWay, counted: Counted | undefined): Promise<void> {
    if (counted === undefined) {
      if (run.base !== undefined) found.other.push('the run cannot be taken up: it remembers nothing');
      return;
    }
    const looked = existsSync(this.#of().mark) ? ['--acknowledge', 'chaos'] : [];
    const lastWords = [...run.lastWords, counted.t_s];
    this.#start(['resume', run.out, '--no-serve', ...looked], run.out, counted, lastWords, found);
  }

  /** It carries current again: from the safe state on. */
  #isTakenUp(run: UnderWay): void {
    if (run.takesUp !== undefined) judgeNextStart(run.takesUp, this.#on().log.slice(run.from));
    run.takesUp = undefined;
  }

  /** Until the program and all that it had started have gone and the output is off, or it takes too long. */
  async #guardIsThrough({ off_s }: Fault, controller: Controller, at_s: number): Promise<void> {
    const { clock } = this.#place;
    while (utc_s(clock) < at_s + GUARD_THROUGH_S) {
      const isNobody = controller.exit() !== undefined && controller.leftBehind().length === 0;
      if (isNobody && (!this.#isOn() || utc_s(clock) > at_s + off_s + 2)) break;
      await clock.sleep(0.25);
    }
    await clock.sleep(0.2);
  }

  #isOn(): boolean {
    const last = this.#on().log.findLast(seen => seen.what === 'stack');
    return last?.what === 'stack' && last.output_on === 1;
  }

  #mark() {
    const path = this.#of().mark;
    if (!existsSync(path)) return undefined;
    return guardMarkSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  }

  #on(): Instruments {
    if (this.#instruments === undefined) throw new Error('the instruments are not there');
    return this.#instruments;
  }

  #of(): KillFiles {
    if (this.#files === undefined) throw new Error('the bench is not there');
    return this.#files;
  }

  /** Runs under way as it was, or a new one on instruments that are there. */
  async #underWay(): Promise<UnderWay> {
    if (this.#run !== undefined) return this.#run;
    const { root, clock, folder, size } = this.#place;
    if (this.#instruments === undefined) {
      const example = join(root, EXAMPLE);
      this.#instruments = await openInstrumentsProcess(instrumentsOf(example, size, 1), clock);
      this.#files = writeKillBench(
        example,
        join(folder, 'bench'),
        size,
        this.#instruments.endpoints,
        ROUNDS_EACH * this.#place.kills + 5,
      );
      await this.#instruments.fault('supply', { delay_ms: LATE_MS });
    }
    const out = join(folder, `run-${++this.#runs}`);
    if (mountDisk(out)) this.#mounted.push(out);
    const { bench, method, mark } = this.#of();
    const looked = existsSync(mark) ? ['--acknowledge', 'chaos'] : [];
    const args = ['--real', '--bench', bench, '--method', method, '--no-serve', '--out', out, ...looked];
    return this.#start(args, out, undefined, [], undefined);
  }

  #start(
    args: readonly string[],
    out: string,
    base: Counted | undefined,
    lastWords: UnderWay['lastWords'],
    takesUp: Found | undefined,
  ): UnderWay {
    const { root, clock } = this.#place;
    const unsettle = join(root, 'tests/chaos/kills/unsettle.ts');
    const controller = startController(root, args, clock, {
      NODE_OPTIONS: `--import=${unsettle} --disable-warning=ExperimentalWarning`,
      CELLBENCH_CHAOS_CLOCK: this.#clockFile,
    });
    const from = this.#on().log.length;
    const started_s = controller.started_s;
    const now = { shift_s: this.#shift_s, disturbed: [], isMisread: false };
    this.#run = { controller, out, started_s, from, base, lastWords, takesUp, ...now };
    return this.#run;
  }

  /** Something went wrong with the harness or the program: everything is ended, the next one begins anew. */
  async #abandon(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    const all = run === undefined ? [] : [...run.controller.leftBehind(), run.controller.pid];
    for (const pid of all) endProcess(pid);
    await run?.controller.gone(5);
    await this.#instruments?.end();
    this.#instruments = undefined;
    this.#shift_s = 0;
    writeFileSync(this.#clockFile, '0');
  }

  /** The run under way is stopped in order; what is still to be seen of it is judged. */
  async close(): Promise<Found> {
    const found = nothingFound();
    const run = this.#run;
    try {
      if (run !== undefined) {
        const { clock } = this.#place;
        const instruments = this.#on();
        if (
          !(await awaitMoment('load', 0.5, { ...run, instruments, clock, isOld: run.disturbed.length > 0 }))
        ) {
          (run.takesUp ?? found).other.push(`not taken up: ${lastWords(run.controller)}`);
        } else {
          this.#isTakenUp(run);
          process.kill(run.controller.pid, 'SIGINT');
          const exit = await run.controller.gone(ENDS_S);
          if (exit?.code !== 3)
            found.other.push(`the last stop: exit ${exit?.code}: ${lastWords(run.controller)}`);
          const fault = {
            name: 'stop',
            moments: [],
            outcome: 'ends',
            off_s: 10,
            act: async () => ({}),
          } as const;
          this.#judgeRecord(found, fault, run, exit?.at_s ?? utc_s(clock));
          judgeVent(found, instruments.log.slice(run.from), 'after the last stop');
        }
      }
    } finally {
      await this.#abandon();
      for (const path of this.#mounted) {
        if (this.#place.keeps) cpSync(path, `${path}-kept`, { recursive: true });
        unmountDisk(path);
      }
    }
    return found;
  }
}

/** How late the supply answers, ms. */
const LATE_MS = 40;

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone.
  }
}
