import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { endThread, startThread } from '../../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { RowsAsked } from './row-pages.ts';

const THREAD = siblingUrl(import.meta.url, './download-thread');
/** More at once are turned away: each has a thread. */
const MOST = 2;

/** What a thread answers. `text` null: there is no more. */
export interface Page {
  readonly text: string | null;
  readonly error?: string;
  /** The record has no such instrument. */
  readonly isUnknown?: boolean;
}

/** All rows of an instrument out of a record that is being written, page by page: as many are read as are taken. */
export class Downloads {
  readonly #path: string;
  readonly #workers = new Set<Worker>();
  #isHeld = false;

  /** `path`: of run.sqlite. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Begins one; resolves with its pages, the first of them the line of names. Rejects with a RangeError for an instrument that
   * the record does not have, with another Error where it cannot be read now; so do its pages.
   */
  async begin(asked: RowsAsked): Promise<AsyncIterable<string>> {
    if (this.#isHeld) throw new Error('the record is being closed');
    if (this.#workers.size >= MOST) throw new Error(`${MOST} are under way already`);
    const worker = startThread(THREAD, {
      workerData: { path: this.#path, asked },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#workers.add(worker);
    worker.unref();
    try {
      const head = await this.#next(worker);
      return this.#pages(worker, head ?? '');
    } catch (error) {
      await this.#end(worker);
      throw error;
    }
  }

  /** Ends what is under way, so that the writer of the file can close it; until `goOn` nothing is begun. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    await Promise.all([...this.#workers].map(worker => this.#end(worker)));
  }

  goOn(): void {
    this.#isHeld = false;
  }

  async *#pages(worker: Worker, head: string): AsyncGenerator<string> {
    try {
      yield head;
      for (;;) {
        const text = await this.#next(worker);
        if (text === null) return;
        if (text !== '') yield text;
      }
    } finally {
      await this.#end(worker);
    }
  }

  async #next(worker: Worker): Promise<string | null> {
    if (!this.#workers.has(worker)) throw new Error('the record is being closed');
    const gone = new AbortController();
    worker.once('exit', () => gone.abort());
    worker.postMessage('next');
    const page = await once(worker, 'message', { signal: gone.signal }).then(
      ([found]) => found as Page,
      () => ({ text: null, error: 'the record is being closed' }) satisfies Page as Page,
    );
    if (page.error === undefined) return page.text;
    throw page.isUnknown === true ? new RangeError(page.error) : new Error(page.error);
  }

  async #end(worker: Worker): Promise<void> {
    this.#workers.delete(worker);
    await endThread(worker);
  }
}
