import type { Clock } from '../../drivers/contract/clock.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import type { Random } from '../../drivers/contract/random.ts';
import type { Link } from '../../drivers/contract/transport.ts';

/** What travels on the wire of a fake instrument. */
export type Request =
  | { readonly op: 'id' }
  | { readonly op: 'read'; readonly keys: readonly string[] }
  | { readonly op: 'set'; readonly key: string; readonly value: number }
  | { readonly op: 'watchdog'; readonly timeout_s: number };

export interface Reply {
  readonly id?: string;
  readonly values?: readonly number[];
}

/** One line of an instrument's own log: what it received and what came of it. */
export interface Received {
  /** Order of all that happens in a scenario: sending and arriving. */
  readonly sentOrder: number;
  readonly sent_s: number;
  readonly at_s: number;
  readonly key: string;
  readonly value: number;
  /** What the instrument held before. */
  readonly before: number;
  readonly effect: 'done' | 'refused' | 'ignored' | 'watchdog' | 'hand';
  /** True pressure and current when it came, for the judges. */
  readonly pressure_barg: number;
  readonly current_A: number;
}

export interface InstrumentOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly order: () => number;
  /** One way over the wire: this and up to as much again, s. */
  readonly latency_s: number;
  /** A reply names its request, so that the link drops a late one. */
  readonly namesReplies: boolean;
  readonly held: Readonly<Record<string, number>>;
  /** What is measured beside what is held. */
  readonly measure: (key: string) => number | undefined;
  /** Called before and after anything that acts on the plant. */
  readonly beforeChange: () => void;
  readonly truth: () => { readonly pressure_barg: number; readonly current_A: number };
  /** What the instrument's own watchdog does when nobody has talked to it for the armed time. */
  readonly watchdogSets?: readonly (readonly [key: string, value: number])[];
}

/**
 * An instrument that lives in memory and outlives every run: holds set values, answers after its latency, keeps its
 * own log of what reached it, and has a watchdog that any exchange feeds.
 */
export class FakeInstrument {
  readonly id: string;
  readonly held: Map<string, number>;
  readonly log: Received[] = [];
  /** Ends of outages: when the first reply after one left here. */
  readonly answeredAgain: number[] = [];
  armed_s = 0;
  /** Disturbances, each until its time. */
  isCut = false;
  silence: 'no' | 'deaf' | 'mute' = 'no';
  extra_s = 0;
  loss = 0;
  refuses: ReadonlySet<string> = new Set();
  ignores: ReadonlySet<string> = new Set();
  /** Requests that arrived, for the judge of silence after the end. */
  heard = 0;
  /** When each arrived, s. */
  readonly heardAt: number[] = [];
  heard_s = 0;
  readonly #options: InstrumentOptions;
  readonly #links = new Set<FakeLink>();
  #isOut = false;

  constructor(options: InstrumentOptions) {
    this.id = options.id;
    this.#options = options;
    this.held = new Map(Object.entries(options.held));
  }

  makeLink(): Link<Request, Reply> {
    return new FakeLink(this, this.#options, this.#links);
  }

  /** The wire is cut, at once, or mended. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (!isCut) return;
    this.#isOut = true;
    for (const link of [...this.#links]) link.lose();
  }

  hush(silence: 'no' | 'deaf' | 'mute'): void {
    this.silence = silence;
    if (silence !== 'no') this.#isOut = true;
  }

  /** Somebody at the front panel, or another controller. */
  byHand(key: string, value: number): void {
    this.#change(key, value, 'hand', this.#options.order(), this.#options.clock.now_s());
  }

  /** What the instrument does with a request that has arrived; undefined: it says nothing. */
  take(request: Request, sentOrder: number, sent_s: number): Reply | DeviceError | undefined {
    const { clock } = this.#options;
    if (this.silence === 'deaf') return undefined;
    this.heard++;
    this.heard_s = clock.now_s();
    this.heardAt.push(this.heard_s);
    this.#feed();
    const reply = this.#answer(request, sentOrder, sent_s);
    return this.silence === 'mute' ? undefined : reply;
  }

  /** A reply has reached the other end. */
  answered(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    this.answeredAgain.push(this.#options.clock.now_s());
  }

  #answer(request: Request, sentOrder: number, sent_s: number): Reply | DeviceError {
    switch (request.op) {
      case 'id':
        return { id: this.id };
      case 'watchdog':
        this.armed_s = request.timeout_s;
        this.#feed();
        return {};
      case 'read':
        this.#options.beforeChange();
        return { values: request.keys.map(key => this.#value(key)) };
      case 'set': {
        const { key, value } = request;
        if (this.refuses.has(key)) {
          this.#note(key, value, 'refused', sentOrder, sent_s);
          return new DeviceError('refused', this.id, `${key} = ${value}: not now`);
        }
        this.#change(key, value, this.ignores.has(key) ? 'ignored' : 'done', sentOrder, sent_s);
        return {};
      }
    }
  }

  #value(key: string): number {
    return this.#options.measure(key) ?? this.held.get(key) ?? Number.NaN;
  }

  #change(key: string, value: number, effect: Received['effect'], order: number, sent_s: number): void {
    this.#options.beforeChange();
    this.#note(key, value, effect, order, sent_s);
    if (effect !== 'ignored') this.held.set(key, value);
  }

  #note(key: string, value: number, effect: Received['effect'], sentOrder: number, sent_s: number): void {
    const before = this.held.get(key) ?? Number.NaN;
    const at_s = this.#options.clock.now_s();
    this.log.push({ sentOrder, sent_s, at_s, key, value, before, effect, ...this.#options.truth() });
  }

  #cancelWatchdog: () => void = () => {};

  #feed(): void {
    this.#cancelWatchdog();
    const sets = this.#options.watchdogSets;
    if (sets === undefined || this.armed_s === 0) return;
    this.#cancelWatchdog = this.#options.clock.schedule(this.armed_s, () => {
      for (const [key, value] of sets) {
        this.#change(key, value, 'watchdog', this.#options.order(), this.#options.clock.now_s());
      }
    });
  }
}

/** The wire: frames in order, each way with latency; loses frames, can be cut. */
class FakeLink implements Link<Request, Reply> {
  readonly where: string;
  readonly namesReplies: boolean;
  readonly #of: FakeInstrument;
  readonly #options: InstrumentOptions;
  readonly #links: Set<FakeLink>;
  readonly #lostListeners: ((reason: DeviceError) => void)[] = [];
  readonly #strayListeners: (() => void)[] = [];
  #isOpen = false;
  #waiting: { readonly request: Request; readonly settle: (reply: Reply | DeviceError) => void } | undefined;
  #lastOut_s = 0;
  #lastBack_s = 0;

  constructor(of: FakeInstrument, options: InstrumentOptions, links: Set<FakeLink>) {
    this.where = `fake://${options.id}`;
    this.namesReplies = options.namesReplies;
    this.#of = of;
    this.#options = options;
    this.#links = links;
  }

  async open(): Promise<void> {
    await this.#options.clock.sleep(this.#delay_s());
    if (this.#of.isCut) throw new DeviceError('closed', this.where, 'nobody answers there');
    this.#isOpen = true;
    this.#links.add(this);
  }

  send(request: Request): Promise<Reply> {
    const { clock, order } = this.#options;
    if (!this.#isOpen) return Promise.reject(new DeviceError('closed', this.where, 'the wire is gone'));
    const sentOrder = order();
    const sent_s = clock.now_s();
    return new Promise((resolve, reject) => {
      const waiting = {
        request,
        settle: (reply: Reply | DeviceError) =>
          reply instanceof DeviceError ? reject(reply) : resolve(reply),
      };
      this.#waiting = waiting;
      if (this.#options.random.uniform() < this.#of.loss) return;
      // A wire keeps the order: nothing overtakes.
      this.#lastOut_s = Math.max(this.#lastOut_s, sent_s + this.#delay_s());
      clock.schedule(this.#lastOut_s - sent_s, () => {
        if (!this.#isOpen) return;
        const reply = this.#of.take(request, sentOrder, sent_s);
        if (reply !== undefined) this.#back(reply, waiting);
      });
    });
  }

  #back(reply: Reply | DeviceError, waiting: object): void {
    const { clock, random } = this.#options;
    if (random.uniform() < this.#of.loss) return;
    const now_s = clock.now_s();
    this.#lastBack_s = Math.max(this.#lastBack_s, now_s + this.#delay_s() + this.#of.extra_s);
    clock.schedule(this.#lastBack_s - now_s, () => {
      if (!this.#isOpen) return;
      this.#of.answered();
      const current = this.#waiting;
      if (current === undefined || (this.namesReplies && current !== waiting)) {
        if (!this.namesReplies) for (const listener of this.#strayListeners) listener();
        return;
      }
      this.#waiting = undefined;
      current.settle(misread(current.request, reply));
    });
  }

  #delay_s(): number {
    return this.#options.latency_s * (1 + this.#options.random.uniform());
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  onLost(listener: (reason: DeviceError) => void): void {
    this.#lostListeners.push(listener);
  }

  onStray(listener: () => void): void {
    this.#strayListeners.push(listener);
  }

  lose(): void {
    if (!this.#isOpen) return;
    this.#end();
    for (const listener of this.#lostListeners) {
      listener(new DeviceError('closed', this.where, 'the wire was cut'));
    }
  }

  async close(): Promise<void> {
    this.#end();
    await this.#options.clock.sleep(0.001);
  }

  #end(): void {
    this.#isOpen = false;
    this.#links.delete(this);
  }
}

/** A reply of another shape than the request asks for is seen by the codec. */
function misread(request: Request, reply: Reply | DeviceError): Reply | DeviceError {
  if (reply instanceof DeviceError) return reply;
  const fits =
    request.op === 'read'
      ? reply.values?.length === request.keys.length
      : request.op === 'id'
        ? reply.id !== undefined
        : reply.values === undefined && reply.id === undefined;
  return fits ? reply : new DeviceError('garbled', 'fake', 'an answer of another shape');
}
