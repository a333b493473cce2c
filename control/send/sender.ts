import type { Clock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Random } from '../../drivers/contract/random.ts';
import type { SinkStatus, SinkTarget } from '../contract/sinks.ts';
import { type BatchLimits, type LineBatch, readBatch, restOf } from './journal-lines.ts';
import type { Line, Position } from './positions.ts';
import type { Answer, Post } from './post.ts';
import { type DeadLetter, rowsTaken, type SendingFile } from './sending-file.ts';

/** What one sink's sender is made of. */
export interface SenderParts {
  readonly target: SinkTarget;
  /** The journal's path. */
  readonly journal: string;
  readonly file: SendingFile;
  readonly clock: Clock;
  readonly random: Random;
  readonly post: Post;
  readonly limits?: BatchLimits;
}

/** As InfluxDB advises: some 5000 lines, 1 MB before it is compressed. */
const LIMITS: BatchLimits = { lines: 5000, chars: 1_000_000 };
const FEWEST_CHARS = 1000;
/** Nothing new: look again so much later, s. */
const LOOK_AGAIN_S = 1;
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 300;
/** A store that asks for more than this is asked again all the same, s. */
const LONGEST_ASKED_S = 3600;
/** A store that took nothing yet and refuses so many single lines refuses us, not the lines. */
const REFUSES_ALL = 8;

/** Tells one sink what the journal holds, from its cursor on. What is under way is one batch at most. */
export class Sender {
  readonly name: string;
  readonly #parts: SenderParts;
  readonly #key: string;
  readonly #positions: Map<string, Position>;
  #limits: BatchLimits;
  #state: SinkStatus['state'] = 'sending';
  #reason = '';
  #dead: number;
  #failures = 0;
  #hasTaken = false;
  #isEnded = false;
  #waking = new AbortController();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.name = parts.target.name;
    this.#key = sinkKey(parts.target);
    this.#positions = parts.file.positions(this.#key);
    this.#dead = parts.file.dead(this.#key);
    this.#limits = parts.limits ?? LIMITS;
  }

  /** The journal gets no more rows: `run` ends when all of them are sent. */
  ended(): void {
    this.#isEnded = true;
    this.#waking.abort();
  }

  /** Sends until the signal aborts, the store shuts us out, or all of an ended run is sent. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#state !== 'stopped') {
      const isLast = this.#isEnded;
      const batch = this.#read();
      if (batch === undefined) await this.#wait(0, signal);
      else if (batch.lines.length > 0) {
        const dead = await this.#deliver(batch.lines, signal);
        if (dead === undefined) return;
        if (!this.#acknowledge(batch, dead)) await this.#wait(0, signal);
      } else if (isLast) {
        this.#state = 'done';
        return;
      } else await this.#pause(LOOK_AGAIN_S, signal);
    }
  }

  /** How it is doing. `lag` costs a look into the journal. */
  status(): SinkStatus {
    const sent = rowsTaken(this.#positions) - this.#dead;
    const { rows, age_s } = this.#lag();
    const { name } = this;
    return {
      name,
      state: this.#state,
      reason: this.#reason,
      sent,
      dead: this.#dead,
      lag_rows: rows,
      lag_s: age_s,
    };
  }

  #lag(): { rows: number; age_s: number } {
    const { journal, clock } = this.#parts;
    try {
      const { rows, since_ns } = restOf(journal, this.#positions);
      const age_s = since_ns === undefined ? 0 : clock.utc_ms() / 1000 - Number(since_ns) / 1e9;
      return { rows, age_s: Math.max(0, age_s) };
    } catch (error) {
      this.#reason = messageOf(error);
      return { rows: Number.NaN, age_s: Number.NaN };
    }
  }

  #read(): LineBatch | undefined {
    try {
      return readBatch(this.#parts.journal, this.#positions, this.#limits);
    } catch (error) {
      this.#failed(messageOf(error));
      return undefined;
    }
  }

  #acknowledge({ to }: LineBatch, dead: readonly DeadLetter[]): boolean {
    const { file } = this.#parts;
    try {
      file.acknowledge(this.#key, to, dead);
      for (const [source, { row, ns }] of to) this.#positions.set(source, { row, ns });
      if (dead.length > 0) this.#dead = file.dead(this.#key);
      return true;
    } catch (error) {
      // What was sent is sent again: better than a cursor that is ahead of what is on the disk.
      this.#failed(`the cursor cannot be kept: ${messageOf(error)}`);
      return false;
    }
  }

  /** Sends lines until each is stored or refused alone; undefined: it was given up on the way. */
  async #deliver(lines: readonly Line[], signal: AbortSignal): Promise<DeadLetter[] | undefined> {
    const parts: (readonly Line[])[] = [lines];
    let dead: DeadLetter[] = [];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const answer = await this.#parts.post(part.map(line => line.text).join('\n'), signal);
      if (signal.aborted) return undefined;
      switch (answer.kind) {
        case 'taken':
          // What was refused while the store took nothing at all may have been us, not the line.
          if (!this.#hasTaken) parts.push(...dead.splice(0).map(({ line }) => [line]));
          this.#took();
          break;
        case 'tooLarge':
        case 'refused': {
          if (answer.kind === 'tooLarge') this.#sendLess();
          if (part.length > 1) parts.push(...halves(part));
          else dead.push({ line: part[0], status: answer.status, reason: answer.reason });
          if (this.#hasTaken || dead.length < REFUSES_ALL) break;
          const reason = `the store has taken nothing yet and refuses every line: ${answer.reason}`;
          if (!(await this.#later({ kind: 'later', reason, after_s: 0 }, signal))) return undefined;
          parts.splice(0, parts.length, lines);
          dead = [];
          break;
        }
        case 'shut':
          this.#state = 'stopped';
          this.#reason = `${answer.reason}; nothing more is sent until the program is started again`;
          return undefined;
        case 'later':
          if (!(await this.#later(answer, signal))) return undefined;
          parts.push(part);
      }
    }
    this.#took();
    return dead;
  }

  #took(): void {
    this.#hasTaken = true;
    this.#failures = 0;
    this.#state = 'sending';
    this.#reason = '';
  }

  #sendLess(): void {
    const { lines, chars } = this.#limits;
    this.#limits = { lines, chars: Math.max(FEWEST_CHARS, Math.floor(chars / 2)) };
  }

  async #later(answer: Extract<Answer, { kind: 'later' }>, signal: AbortSignal): Promise<boolean> {
    const { reason, after_s } = answer;
    const isCapped = after_s > LONGEST_ASKED_S;
    const asks = `; the store asks for ${Math.round(after_s)} s, it is asked again after ${LONGEST_ASKED_S} s`;
    this.#failed(isCapped ? `${reason}${asks}` : reason);
    await this.#wait(after_s, signal);
    return !signal.aborted;
  }

  #failed(reason: string): void {
    this.#state = 'waiting';
    this.#reason = reason;
    this.#failures++;
  }

  /** Longer each time, by chance between half and whole, so that several benches do not come back at once. */
  #wait(asked_s: number, signal: AbortSignal): Promise<void> {
    const longest_s = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** Math.min(30, this.#failures - 1));
    const wait_s = longest_s * (0.5 + 0.5 * this.#parts.random.uniform());
    return this.#parts.clock.sleep(Math.max(wait_s, Math.min(asked_s, LONGEST_ASKED_S)), signal);
  }

  #pause(pause_s: number, signal: AbortSignal): Promise<void> {
    if (this.#waking.signal.aborted) this.#waking = new AbortController();
    return this.#parts.clock.sleep(pause_s, AbortSignal.any([signal, this.#waking.signal]));
  }
}

/** What a sink's cursor stands under: a sink that is pointed elsewhere gets everything. */
export function sinkKey({ name, url, org, bucket }: SinkTarget): string {
  return JSON.stringify([name, url, org, bucket]);
}

/** The second half first: the first one is taken next. */
function halves(lines: readonly Line[]): [readonly Line[], readonly Line[]] {
  const middle = lines.length >> 1;
  return [lines.slice(middle), lines.slice(0, middle)];
}
