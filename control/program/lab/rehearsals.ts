import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, LabRefusal, type LabRehearsal, type Planned } from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import { findingOf, type Trouble } from './findings.ts';

/** Rehearsals that were asked for from outside: few at a time, each a process of its own that ends with the laboratory. */

const MOST_AT_A_TIME = 2;
const MOST_WAITING = 16;
const MOST_KEPT = 40;
/** One that takes longer is given up, s. */
const LONGEST_S = 1800;
const wall = realClock();
const SEVERITY = { trip: 'error', fail: 'error', warning: 'warning', note: 'note' } as const;

/** The files of one. */
export interface RehearsalFiles {
  readonly bench: string;
  readonly method: string;
  readonly subject?: string | undefined;
  readonly set: readonly string[];
}

type Message = { readonly done: number } | { readonly result: Rehearsal } | { readonly trouble: Trouble };

/** Carries them out one after the other and keeps the newest. */
export class Rehearsals implements Disposable {
  readonly #all = new Map<string, LabRehearsal>();
  readonly #waiting: { readonly id: string; readonly files: RehearsalFiles }[] = [];
  readonly #going = new Map<string, ChildProcess>();
  readonly #said: (text: string) => string;
  #isClosed = false;

  /** `said`: how what is wrong is told outside. */
  constructor(said: (text: string) => string) {
    this.#said = said;
  }

  /** @throws LabRefusal where too many wait already */
  ask(planned: Planned, files: RehearsalFiles): LabRehearsal {
    if (this.#isClosed || this.#waiting.length >= MOST_WAITING)
      throw new LabRefusal('clash', `${MOST_WAITING} rehearsals wait already, expected another try later`);
    const id = randomUUID();
    const asked: LabRehearsal = {
      id,
      planned,
      state: 'under way',
      done: null,
      reason: '',
      findings: [],
      result: null,
    };
    this.#all.set(id, asked);
    this.#waiting.push({ id, files });
    this.#forget();
    this.#goOn();
    return asked;
  }

  /** @throws LabRefusal for one that is not known (any more) */
  one(id: string): LabRehearsal {
    const found = this.#all.get(id);
    if (found === undefined) throw new LabRefusal('missing', 'no such rehearsal, or one of long ago');
    return found;
  }

  /** A person does not want it any more: it ends at once. @throws LabRefusal for one that is not known (any more) */
  giveUp(id: string): LabRehearsal {
    const before = this.one(id);
    if (before.state !== 'under way') return before;
    this.#all.set(id, { ...before, state: 'given up' });
    const at = this.#waiting.findIndex(one => one.id === id);
    if (at >= 0) this.#waiting.splice(at, 1);
    this.#going.get(id)?.kill('SIGKILL');
    return this.one(id);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const child of this.#going.values()) child.kill('SIGKILL');
  }

  #goOn(): void {
    while (this.#going.size < MOST_AT_A_TIME) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#carry(next.id, next.files);
    }
  }

  #carry(id: string, files: RehearsalFiles): void {
    const scratch = mkdtempSync(join(tmpdir(), 'cellbench-rehearsal-'));
    const child = fork(fileURLToPath(siblingUrl(import.meta.url, './rehearsal-process')), [scratch], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#going.set(id, child);
    const cancel = wall.schedule(LONGEST_S, () => {
      this.#fail(id, `takes longer than ${LONGEST_S / 60} min`);
      child.kill('SIGKILL');
    });
    child.once('spawn', () => {
      try {
        setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW);
      } catch {
        // Its priority is then ours.
      }
    });
    child.on('message', (message: Message) => this.#heard(id, message));
    const over = (): void => {
      if (!this.#going.delete(id)) return;
      cancel();
      rmSync(scratch, { recursive: true, force: true });
      this.#fail(id, 'its process has ended without a word');
      if (!this.#isClosed) this.#goOn();
    };
    child.once('error', over);
    child.once('exit', over);
    child.send(files, () => {});
  }

  #heard(id: string, message: Message): void {
    const before = this.#all.get(id);
    if (before?.state !== 'under way') return;
    if ('done' in message) this.#all.set(id, { ...before, done: message.done });
    else if ('trouble' in message) {
      const { text, findings } = message.trouble;
      this.#fail(
        id,
        this.#said(text),
        findings.map(one => ({ ...one, text: this.#said(one.text) })),
      );
    } else {
      const findings = message.result.findings.map(({ level, text }) => findingOf(text, SEVERITY[level]));
      this.#all.set(id, { ...before, state: 'done', done: 1, findings, result: { ...message.result } });
    }
  }

  /** One that is over already stays as it is. */
  #fail(id: string, reason: string, findings: readonly Finding[] = []): void {
    const before = this.#all.get(id);
    if (before?.state !== 'under way') return;
    this.#all.set(id, { ...before, state: 'failed', reason, findings: [...findings] });
  }

  /** The oldest of those that are over. */
  #forget(): void {
    const over = [...this.#all.values()].filter(({ state }) => state !== 'under way');
    for (const { id } of over.slice(0, Math.max(0, this.#all.size - MOST_KEPT))) this.#all.delete(id);
  }
}
