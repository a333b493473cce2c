import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { Listeners } from '../../../drivers/contract/listeners.ts';
import type { SafeProof } from '../../bench/bench.ts';
import type { Unproven } from '../../contract/cause.ts';
import { inEnglish, type Said, say } from '../../contract/said/said.ts';
import { inWords, type Words } from '../../contract/words-later.ts';
import type { Sink } from '../../record/recording.ts';
import type { Gate } from '../../tick/gate.ts';
import type { ProcessImage } from '../../tick/image.ts';
import { isLeft, lastingProofs, proves, type SafeIo, type SafePlan, type SafeTarget } from './plan.ts';
import { type SafeOutcome, SafeWalk } from './walk.ts';

/** A proof that was given and holds no longer is driven again after this, s. */
const AGAIN_S = 1;
/** What could not be proved is tried again after this, s; the pause doubles up to the last one. */
const RETRY_FIRST_S = 10;
const RETRY_LAST_S = 300;

/** What a closed bench answers. */
const GONE: SafeOutcome = {
  took_s: 0,
  unproven: [{ what: 'the bench is closed', otherwise: 'look at the bench itself' }],
};

/**
 * The safe state of a bench as one activity of its session: whoever asks for it, there is one walk at a time. It stays
 * in charge after the walk, until a person takes over: a proof that no longer holds, or a device that comes back, has
 * everything driven again.
 */
export class SafeState {
  readonly #plan: SafePlan;
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #gate: Gate;
  readonly #image: ProcessImage;
  readonly #clock: Clock;
  readonly #sink: Sink;
  readonly #isLeft: (device: string) => boolean;
  readonly #io: SafeIo;
  /** The next walk, made beforehand: nothing is built between a trip and the first frame. */
  #ready: SafeWalk;
  #walk: SafeWalk | undefined;
  #walking: Promise<SafeOutcome> | undefined;
  #isInCharge = false;
  #outcome: SafeOutcome | undefined;
  #ended_s = 0;
  #retry_s = RETRY_FIRST_S;
  #hasReturned = false;
  readonly #letGo = new AbortController();
  readonly #lasting: readonly SafeProof[];
  /** Each walk's end: what is proved now and what not. */
  readonly ended$ = new Listeners<SafeOutcome>();

  constructor(parts: {
    plan: SafePlan;
    devices: ReadonlyMap<string, Device>;
    gate: Gate;
    image: ProcessImage;
    clock: Clock;
    sink: Sink;
    /** Another run needs this device; absent: there is none. */
    isLeft?: ((device: string) => boolean) | undefined;
  }) {
    this.#isLeft = parts.isLeft ?? (() => false);
    this.#plan = parts.plan;
    this.#lasting = lastingProofs(parts.plan);
    this.#devices = parts.devices;
    this.#gate = parts.gate;
    this.#image = parts.image;
    this.#clock = parts.clock;
    this.#sink = parts.sink;
    this.#io = this.#makeIo();
    this.#ready = new SafeWalk(this.#plan, this.#io);
    for (const device of parts.devices.values()) {
      device.onState(state => {
        if (state !== 'ready') return;
        this.#hasReturned = true;
        this.#walk?.answersAgain(device.id);
      });
    }
  }

  /** True while a walk is under way. */
  get isUnderWay(): boolean {
    return this.#walking !== undefined;
  }

  /**
   * No walk is under way or about to begin: every proof holds, or what does not is named by the last walk; or the bench is
   * closed.
   */
  get isSettled(): boolean {
    if (this.#letGo.signal.aborted) return true;
    if (this.isUnderWay) return false;
    return (this.#outcome?.unproven.length ?? 0) > 0 || this.#notHolding() === '';
  }

  /** From the first walk until a person takes over. */
  get isInCharge(): boolean {
    return this.#isInCharge;
  }

  /** How the newest walk ended; undefined while none has. */
  get outcome(): SafeOutcome | undefined {
    return this.#outcome;
  }

  /**
   * Drives and proves the safe state, vent included. While a walk is under way everything is driven again and its
   * end is the answer for both. The first line's frame is on its way before this returns its promise. Never rejects.
   */
  enter(reason: Words): Promise<SafeOutcome> {
    this.#isInCharge = true;
    if (this.#letGo.signal.aborted) return Promise.resolve(GONE);
    if (this.#walking !== undefined) {
      this.#walk?.redrive(inWords(reason));
      return this.#walking;
    }
    this.#walk = this.#ready;
    this.#hasReturned = false;
    const walking = this.#walk.run().then(outcome => {
      this.#ready = new SafeWalk(this.#plan, this.#io);
      this.#walk = undefined;
      this.#walking = undefined;
      this.#outcome = outcome;
      this.#ended_s = this.#clock.now_s();
      this.ended$.tell(outcome);
      return outcome;
    });
    this.#walking = walking;
    return walking;
  }

  /** The bench is closed: nothing is driven any more. */
  letGo(): void {
    this.#letGo.abort();
  }

  /** Once per control tick: after a walk, sees to it that its proofs go on holding. */
  tick(): void {
    if (!this.#isInCharge || this.isUnderWay || this.#outcome === undefined) return;
    const since_s = this.#clock.now_s() - this.#ended_s;
    if (since_s < AGAIN_S) return;
    const lost = this.#notHolding();
    if (this.#outcome.unproven.length === 0) {
      if (lost !== '') this.#again(lost);
      return;
    }
    if (!this.#hasReturned && since_s < this.#retry_s) return;
    this.#retry_s = Math.min(RETRY_LAST_S, 2 * this.#retry_s);
    this.#again(this.#hasReturned ? 'a device is back' : 'not proved yet');
  }

  /** What does not hold now, in words; empty = every proof holds. */
  #notHolding(): string {
    return this.lost()?.what ?? '';
  }

  #lostProof(): SafeProof | undefined {
    return this.#lasting.find(
      proof => !proves(proof, this.#image.value(proof.role)) && !isLeft(this.#plan, this.#io, proof),
    );
  }

  /** The first proof that does not hold now, with the next independent means. */
  lost(): Unproven | undefined {
    const lost = this.#lostProof();
    if (lost === undefined) return undefined;
    const { role, is, limit, otherwise } = lost;
    return { what: `${role} reads ${this.#image.value(role)}, expected ${is} ${limit}`, otherwise };
  }

  /** What stands against a person's taking over; empty = nothing: the walk is over and the bench reads safe now. */
  against(): string {
    const found = this.notYet();
    return found === undefined ? '' : inEnglish(found);
  }

  /** The same as data; undefined: nothing. */
  notYet(): Said | undefined {
    if (this.isUnderWay) return say('beingDriven');
    const lost = this.#lostProof();
    if (lost === undefined) return undefined;
    const { role, is, limit } = lost;
    const reads = this.#image.value(role);
    return say('notSafe', { role, reads: Number.isNaN(reads) ? null : reads, is, limit });
  }

  /** A person takes over. Returns what stands against it; empty = done. */
  release(): string {
    const against = this.against();
    if (against !== '') return against;
    this.#isInCharge = false;
    this.#outcome = undefined;
    this.#retry_s = RETRY_FIRST_S;
    return '';
  }

  #again(text: string): void {
    this.#io.note({ what: 'watch', ok: false, text: `safe state again: ${text}` });
    void this.enter(text);
  }

  #makeIo(): SafeIo {
    return {
      clock: this.#clock,
      write: target => this.#write(target),
      read: role => ({ value: this.#image.value(role), t_s: this.#image.arrived_s(role) }),
      held: role => this.#gate.held.of(role),
      lastHeld: role => this.#gate.held.last(role),
      holds: target => this.#gate.holds(target),
      signal: this.#letGo.signal,
      isLeft: id => this.#isLeft(id),
      answers: id => this.#devices.get(id)?.state === 'ready',
      leaveAlone: (id, for_s) => this.#devices.get(id)?.leaveAlone(for_s),
      note: ({ what, ok, text, device, took_s, unproven }) => {
        const data = {
          what,
          ok,
          ...(device === undefined ? {} : { device }),
          ...(took_s === undefined ? {} : { took_s }),
          ...(unproven === undefined ? {} : { unproven }),
        };
        this.#sink.event({ t_s: this.#clock.now_s(), kind: 'safe', text, data });
      },
    };
  }

  #write(target: SafeTarget): Promise<void> {
    if ('role' in target) return this.#gate.force(target.role, target.value);
    const device = this.#devices.get(target.device);
    if (device === undefined) return Promise.reject(new Error(`no device "${target.device}"`));
    return this.#gate.safe(device);
  }
}
