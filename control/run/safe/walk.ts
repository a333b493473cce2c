import type { SafeProof, SafeStep } from '../../bench/bench.ts';
import type { Unproven } from '../../contract/cause.ts';
import { SafeLine } from './line.ts';
import { isLeft, lastingProofs, proves, type SafeIo, type SafePlan } from './plan.ts';
import { controlledVent } from './vent.ts';

/** How the way into the safe state ended. Time alone proves nothing: only an empty `unproven` does. */
export interface SafeOutcome {
  /** From the beginning to the end, the vent included, s. */
  readonly took_s: number;
  /** What could not be done or proved, each with the next independent means. Empty = the safe state is proved. */
  readonly unproven: readonly Unproven[];
}

/** Lines that are not done are looked at this often, s. */
const TEND_S = 0.1;
/** So long, s, what cannot be proved is tried again before it is named: a lost line may take that to come back. */
const PATIENCE_S = 15;
/** But no longer than this in all: a sensor that never proves must not keep the end from being named, s. */
const PATIENCE_MOST_S = 60;
/** All lines done and still no proof: driven again after this, s; each time after twice as long, up to the last. */
const UNHEARD_FIRST_S = 5;
const UNHEARD_LAST_S = 60;
/** What is done is read back in turn, one line each so long, s: somebody may have changed it since. */
const LOOK_S = 1;
/** A vent whose pressure comes back is walked again so often before it is named. */
const VENTS_AGAIN = 3;
/** A proof that no longer holds drives all lines again, at most this often, s. */
const REDRIVE_S = 1;

interface Watched {
  readonly proof: SafeProof;
  hasHeld: boolean;
}

/**
 * One walk into the safe state: every line in order, each with its own time, past failures; then the proofs by fresh
 * readings; then the controlled vents and the lines behind them. Meanwhile, and until everything is proved or has had its
 * chance, it goes on: what failed is tried again, what no longer holds is driven again.
 */
export class SafeWalk {
  readonly #plan: SafePlan;
  readonly #io: SafeIo;
  /** The lines that come before the first vent, and those behind it. */
  readonly #before: readonly SafeLine[];
  readonly #behind: readonly SafeLine[];
  readonly #proofs: readonly Watched[];
  #start_s = Number.NaN;
  /** Only readings after this prove anything. */
  #driven_s = Number.NaN;
  #sweeping: Promise<void> | undefined;
  #looks = 0;
  #unheard_s = UNHEARD_FIRST_S;
  /** When the last drive had been gone through once. */
  #swept_s = Number.NaN;
  /** When a line was found changed at the end: it has its chance, too. */
  #ended_s = 0;

  constructor(plan: SafePlan, io: SafeIo) {
    this.#plan = plan;
    this.#io = io;
    const vent = plan.steps.findIndex(step => 'vent' in step);
    const before = vent < 0 ? plan.steps : plan.steps.slice(0, vent);
    const linesOf = (steps: readonly SafeStep[]): SafeLine[] =>
      steps.flatMap(step => ('vent' in step ? [] : [new SafeLine(step, plan, io)]));
    this.#before = linesOf(before);
    this.#behind = linesOf(plan.steps.slice(before.length));
    this.#proofs = plan.proof.map(proof => ({ proof, hasHeld: false }));
  }

  /** Walks; call once. The first line's frame is on its way before this returns its promise. Never rejects. */
  async run(): Promise<SafeOutcome> {
    const { clock } = this.#io;
    this.#start_s = clock.now_s();
    this.#driven_s = this.#start_s;
    this.#swept_s = this.#start_s;
    for (const line of this.#before) line.begin(this.#start_s);
    for (const line of this.#behind) line.begin(this.#start_s);
    const swept = this.#sweep();
    const cancelTending = clock.every(TEND_S, () => this.#tend());
    const cancelLooking = clock.every(LOOK_S, () => this.#lookAgain());
    const cancel = (): void => {
      cancelTending();
      cancelLooking();
    };
    this.#io.signal.addEventListener('abort', cancel, { once: true });
    try {
      await swept;
      await Promise.all(this.#proofs.map(watched => this.#prove(watched)));
      this.#sayHowFar();
      let vents = await this.#ventAndBehind();
      await this.#checkOnceMore();
      const latest_s = clock.now_s() + PATIENCE_MOST_S;
      const isWaiting = (): boolean => clock.now_s() < Math.min(latest_s, this.#patience_s());
      while (this.#open().length > 0 && isWaiting() && !this.#io.signal.aborted) {
        await clock.sleep(TEND_S, this.#io.signal);
      }
      // What made gas meanwhile may have brought the pressure back.
      for (let again = 0; again < VENTS_AGAIN && vents.length === 0 && this.#isPressureBack(); again++) {
        for (const line of this.#behind) line.reset();
        vents = await this.#ventAndBehind();
      }
      return this.#end([...this.#open(), ...(vents.length > 0 ? vents : this.#pressureBack())]);
    } finally {
      this.#io.signal.removeEventListener('abort', cancel);
      cancel();
    }
  }

  /**
   * Drives every line again, the outputs at once: something does not hold, or somebody asks for it. Lines that are being
   * driven right now go on: all of them once more would keep a slow line from ever being read.
   */
  redrive(text: string): void {
    this.#io.note({ what: 'watch', ok: false, text: `driven again: ${text}` });
    this.#driven_s = this.#io.clock.now_s();
    const isSweeping = this.#sweeping !== undefined;
    for (const line of this.#before) {
      if (isSweeping && !('device' in line.step)) continue;
      line.reset();
      if (isSweeping) void line.attempt();
    }
    for (const line of this.#behind) if (line.wasTried) line.reset();
    if (!isSweeping) void this.#sweep();
  }

  /** A device answers again. */
  answersAgain(device: string): void {
    for (const line of this.#standing()) if (line.device === device) line.answersAgain();
  }

  #sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepOnce().finally(() => {
      this.#sweeping = undefined;
      this.#swept_s = this.#io.clock.now_s();
    });
    return this.#sweeping;
  }

  /** A device that has failed once does not hold up the others: its further lines are tried beside them. */
  async #sweepOnce(): Promise<void> {
    const failed = new Set<string>();
    const beside: Promise<void>[] = [];
    for (const line of this.#before) {
      if (line.isDone || this.#isSuperseded(line)) continue;
      const { device } = line;
      const done = line.attempt().then(ok => {
        if (!ok && !line.waits && device !== undefined) failed.add(device);
      });
      if (device !== undefined && failed.has(device)) beside.push(done);
      else await done;
    }
    await Promise.all(beside);
  }

  /** The lines that are done, one at each call, in turn. */
  #lookAgain(): void {
    if (this.#sweeping !== undefined) return;
    const done = this.#standing().filter(line => line.isDone);
    if (done.length > 0) void done[this.#looks++ % done.length].check();
  }

  #tend(): void {
    for (const line of this.#standing()) line.tend();
    const now_s = this.#io.clock.now_s();
    for (const watched of this.#proofs) {
      if (this.#holds(watched.proof)) watched.hasHeld = true;
      else if (this.#isDue(watched, now_s)) {
        watched.hasHeld = false;
        const { role, is, limit } = watched.proof;
        this.redrive(`${role} reads ${this.#io.read(role).value}, expected ${is} ${limit}`);
      }
    }
  }

  /**
   * A proof that has held and is contradicted drives again at once. One that never held, or that nobody has read since the
   * drive, when all lines say that they are done: a slow device is still busy with what it was told, and telling it all
   * over again would keep it from being read at all.
   */
  #isDue({ proof, hasHeld }: Watched, now_s: number): boolean {
    // What is not read says nothing before the writes have let it be read.
    const isUnread = Number.isNaN(this.#io.read(proof.role).value);
    if (isUnread && this.#sweeping !== undefined) return false;
    const since_s = now_s - (isUnread ? Math.max(this.#driven_s, this.#swept_s) : this.#driven_s);
    if (since_s < Math.max(REDRIVE_S, this.#fresh_s(proof))) return false;
    if (hasHeld && this.#io.read(proof.role).t_s > this.#driven_s) return true;
    if (since_s <= this.#unheard_s) return false;
    if (!this.#standing().every(line => line.isDone || line.waits || !line.wasTried)) return false;
    this.#unheard_s = Math.min(UNHEARD_LAST_S, 2 * this.#unheard_s);
    return true;
  }

  /** Lines that count: of those in front of the vent, what a line behind it has set otherwise does no more. */
  #standing(): readonly SafeLine[] {
    return [...this.#before.filter(line => !this.#isSuperseded(line)), ...this.#behind];
  }

  #isSuperseded({ role }: SafeLine): boolean {
    return role !== undefined && this.#behind.some(line => line.wasTried && line.role === role);
  }

  #holds(proof: SafeProof): boolean {
    if (isLeft(this.#plan, this.#io, proof)) return true;
    const { value, t_s } = this.#io.read(proof.role);
    return t_s > this.#driven_s && proves(proof, value);
  }

  /** A reading that is newer than the drive must have had its chance, s. */
  #fresh_s(proof: SafeProof): number {
    return Math.max(proof.within_s, (this.#plan.poll_s[proof.role] ?? 0) * 2.5);
  }

  async #prove(watched: Watched): Promise<void> {
    const { clock } = this.#io;
    const { proof } = watched;
    const until_s = clock.now_s() + this.#fresh_s(proof);
    while (!this.#holds(proof) && clock.now_s() < until_s && !this.#io.signal.aborted) {
      await clock.sleep(Math.min(0.01, (this.#plan.poll_s[proof.role] ?? 0.04) / 4), this.#io.signal);
    }
    if (this.#holds(proof)) watched.hasHeld = true;
  }

  /** Resolves with the vents that could not be proved; the lines behind them speak for themselves. */
  async #ventAndBehind(): Promise<Unproven[]> {
    const unproven: Unproven[] = [];
    for (const step of this.#plan.steps.slice(this.#before.length)) {
      if ('vent' in step) {
        if (isLeft(this.#plan, this.#io, step)) continue;
        const left = await controlledVent(step, this.#plan, this.#io);
        if (left !== undefined) unproven.push(left);
      } else await this.#behind.find(line => line.step === step)?.attempt();
    }
    return unproven;
  }

  /** Somebody may have changed what was done: read back, and done again, unless a later line has set it otherwise. */
  async #checkOnceMore(): Promise<void> {
    const last = this.#standing();
    await Promise.all(last.map(line => line.check()));
    if (last.some(line => !line.isDone)) this.#ended_s = this.#io.clock.now_s();
  }

  #isPressureBack(): boolean {
    return !this.#io.signal.aborted && this.#pressureBack().length > 0;
  }

  /** Pressure that was let off and reads high again. */
  #pressureBack(): Unproven[] {
    return lastingProofs(this.#plan)
      .filter(proof => !this.#plan.proof.includes(proof))
      .flatMap(({ role, limit, otherwise }) => {
        const { value } = this.#io.read(role);
        return value < limit || isLeft(this.#plan, this.#io, { role })
          ? []
          : [{ what: `${role} < ${limit} again (reads ${value})`, otherwise }];
      });
  }

  /** What is not done or does not hold now. */
  #open(): Unproven[] {
    const lines = this.#standing().flatMap(line => line.unproven() ?? []);
    const proofs = this.#proofs.flatMap(({ proof }) => {
      if (this.#holds(proof)) return [];
      const { role, is, limit, otherwise } = proof;
      return [{ what: `${role} ${is} ${limit} (reads ${this.#io.read(role).value})`, otherwise }];
    });
    return [...lines, ...proofs];
  }

  /** An own watchdog must have had its time, too. */
  #patience_s(): number {
    const longest_s = Math.max(0, ...Object.values(this.#plan.watchdog_s).map(s => 1.5 * s + 5));
    return (
      Math.max(this.#driven_s, this.#ended_s) + Math.max(PATIENCE_S, Math.min(longest_s, 4 * PATIENCE_S))
    );
  }

  #sayHowFar(): void {
    const took_s = this.#io.clock.now_s() - this.#start_s;
    const open = this.#open();
    const ok = open.length === 0;
    const text = ok
      ? `safe state proved after ${took_s.toFixed(3)} s`
      : `not proved after ${took_s.toFixed(3)} s, tried on: ${open.map(u => u.what).join('; ')}`;
    this.#io.note({ what: 'proof', ok, took_s, text });
  }

  #end(unproven: readonly Unproven[]): SafeOutcome {
    const took_s = this.#io.clock.now_s() - this.#start_s;
    const ok = unproven.length === 0;
    const named = unproven.map(u => `${u.what}: ${u.otherwise}`).join('; ');
    const text = ok
      ? `safe and proved after ${took_s.toFixed(1)} s`
      : `after ${took_s.toFixed(1)} s NOT PROVED: ${named}`;
    this.#io.note({ what: 'outcome', ok, took_s, text, unproven });
    return { took_s, unproven };
  }
}
