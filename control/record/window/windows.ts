import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import { type TrendRole, trendRole } from './trend-role.ts';
import type { TrendWindow, WindowAsked } from './trend-window.ts';
import type { WindowAnswer, WindowQuestion } from './window-messages.ts';

const THREAD = siblingUrl(import.meta.url, './window-thread');
/** More questions at once are turned away: a page asks anew when it has its answer. */
const MOST_WAITING = 64;

interface Waiting {
  readonly resolve: (windows: readonly TrendWindow[]) => void;
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
  ask({ roles, from_s, to_s, columns }: WindowAsked): Promise<readonly TrendWindow[]> {
    const found: TrendRole[] = [];
    for (const name of roles) {
      const role = trendRole(name, this.#roles);
      if (role === undefined) return Promise.reject(new RangeError(`no trend of "${name}"`));
      found.push(role);
    }
    if (this.#isHeld) return Promise.reject(new Error('the record is being closed'));
    if (this.#waiting.size >= MOST_WAITING)
      return Promise.reject(new Error(`${MOST_WAITING} questions are waiting already`));
    return this.#post({
      type: 'window',
      id: this.#next++,
      path: this.#path,
      roles: found,
      from_s,
      to_s,
      columns,
    });
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
    await this.#worker?.terminate();
    this.#end('the program is ending');
  }

  #post(question: WindowQuestion): Promise<readonly TrendWindow[]> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      worker.postMessage(question);
    });
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.on('message', ({ id, windows, error }: WindowAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(windows);
      else waiting?.reject(new Error(error));
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
