import type { Worker } from 'node:worker_threads';
import { endThread, startThread } from '../../../drivers/contract/code/threads.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import type { AlarmPage, AlarmsAsked } from '../alarms/past-alarm.ts';
import { type TrendRole, trendRole } from './trend-role.ts';
import type { RunMark, TrendWindow, WindowAsked } from './trend-window.ts';
import type { WindowAnswer, WindowQuestion } from './window-messages.ts';

const THREAD = siblingUrl(import.meta.url, './window-thread');
/** More questions at once are turned away: a page asks anew when it has its answer. */
const MOST_WAITING = 64;

interface Waiting {
  readonly resolve: (answer: WindowAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Windows of the trends of a run out of its record, read by a thread that is started with the first question. */
export class Windows {
  readonly #path: string;
  readonly #roles: RoleTable;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 0;
  #isHeld = false;

  /** `path`: of run.sqlite, written by this program or lying there; `roles`: those of its bench. */
  constructor(path: string, roles: RoleTable) {
    this.#path = path;
    this.#roles = roles;
  }

  /**
   * The windows in the order asked for.
   * Rejects with a RangeError for a name that the record has no trend of, with another Error where it cannot be read now.
   */
  async ask({ roles, from_s, to_s, columns }: WindowAsked): Promise<readonly TrendWindow[]> {
    const found: TrendRole[] = [];
    for (const name of roles) {
      const role = trendRole(name, this.#roles);
      if (role === undefined) throw new RangeError(`no trend of "${name}"`);
      found.push(role);
    }
    const question = { type: 'window', path: this.#path, roles: found, from_s, to_s, columns } as const;
    return (await this.#askThread({ ...question, id: this.#next++ })).windows;
  }

  /** Phases and alarms of a stretch, run time, s. Rejects with an Error where the record cannot be read now. */
  async marks(from_s: number, to_s: number): Promise<readonly RunMark[]> {
    const question = { type: 'marks', path: this.#path, from_s, to_s } as const;
    return (await this.#askThread({ ...question, id: this.#next++ })).marks;
  }

  /** A page of the history of alarms. Rejects with an Error where the record cannot be read now. */
  async alarms(asked: AlarmsAsked): Promise<AlarmPage> {
    const question = { type: 'alarms', path: this.#path, asked } as const;
    const { alarms } = await this.#askThread({ ...question, id: this.#next++ });
    if (alarms === undefined) throw new Error('the reading thread gave no alarms');
    return alarms;
  }

  /** Resolves when the file has been let go of, so that its writer can close it; until `goOn` nothing is read. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    if (this.#worker === undefined) return;
    await this.#post({ type: 'letGo', id: this.#next++ }).catch(() => {});
  }

  goOn(): void {
    this.#isHeld = false;
  }

  async close(): Promise<void> {
    this.#isHeld = true;
    if (this.#worker !== undefined) await endThread(this.#worker);
    this.#end('the program is ending');
  }

  #askThread(question: WindowQuestion): Promise<WindowAnswer> {
    if (this.#isHeld) throw new Error('the record is being closed');
    if (this.#waiting.size >= MOST_WAITING) throw new Error(`${MOST_WAITING} questions are waiting already`);
    return this.#post(question);
  }

  #post(question: WindowQuestion): Promise<WindowAnswer> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      worker.postMessage(question);
    });
  }

  #start(): Worker {
    const worker = startThread(THREAD, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.on('message', (answer: WindowAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(answer.error));
    });
    const end = (reason: string): void => {
      if (this.#worker === worker) this.#end(reason);
    };
    worker.on('error', error => end(`the reading thread has ended: ${messageOf(error)}`));
    worker.on('exit', () => end('the reading thread has ended'));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  /** The next question starts another thread. */
  #end(reason: string): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
