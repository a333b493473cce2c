import type { Worker } from 'node:worker_threads';
import { startThread as startWorker } from '../../contract/code/threads.ts';
import { DeviceError } from '../../contract/errors.ts';
import { siblingUrl } from '../../contract/sibling.ts';
import type { Link } from '../../contract/transport.ts';
import type { OpcuaAnswer, OpcuaRequest } from './request.ts';
import type { OpcuaLinkOptions } from './session.ts';

export type { OpcuaAnswer, OpcuaReading, OpcuaRequest, OpcuaStatus } from './request.ts';
export type { EngineeringUnits } from './units.ts';

/**
 * OPC UA in a thread of its own: decoding an answer takes the library milliseconds, and its heap of some 100 MB
 * makes long garbage collections. Neither may stand between another device's reply and a trip.
 */

/** What the thread is asked. `link` numbers the links, `id` the questions. */
export type ToThread =
  | { readonly to: 'prepare'; readonly id: number }
  | {
      readonly to: 'open';
      readonly id: number;
      readonly link: number;
      readonly options: Omit<OpcuaLinkOptions, 'clock' | 'nextHeartbeat'>;
    }
  | {
      readonly to: 'send';
      readonly id: number;
      readonly link: number;
      readonly request: OpcuaRequest;
      readonly beat: number;
    }
  | { readonly to: 'close'; readonly id: number; readonly link: number };

/** A DeviceError on its way between threads. */
export interface ThreadError {
  readonly code: DeviceError['code'];
  readonly where: string;
  readonly message: string;
}

/** What the thread answers, and `lost` when a link is gone. */
export type FromThread =
  | { readonly from: 'done'; readonly id: number; readonly answer?: OpcuaAnswer }
  | { readonly from: 'failed'; readonly id: number; readonly error: ThreadError }
  | { readonly from: 'lost'; readonly link: number; readonly error: ThreadError };

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    {
      /** Number of the link that asks; none for the library itself. */
      readonly link: number | undefined;
      resolve(answer: OpcuaAnswer | undefined): void;
      reject(error: Error): void;
    }
  >;
  readonly lost: Map<number, (reason: DeviceError) => void>;
}

let thread: Thread | undefined;
let nextId = 0;
let nextLink = 0;

function startThread(): Thread {
  const worker = startWorker(siblingUrl(import.meta.url, './thread'), {
    // Not the parent's own flags: some of them are for its entry file only.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const started: Thread = { worker, waiting: new Map(), lost: new Map() };
  worker.on('message', (message: FromThread) => {
    if (message.from === 'lost') started.lost.get(message.link)?.(revive(message.error));
    else {
      const waiter = started.waiting.get(message.id);
      started.waiting.delete(message.id);
      if (message.from === 'done') waiter?.resolve(message.answer);
      else waiter?.reject(revive(message.error));
    }
    rest(started);
  });
  const end = (text: string): void => {
    const reason = new DeviceError('closed', 'OPC UA', text);
    if (thread === started) thread = undefined;
    for (const waiter of started.waiting.values()) waiter.reject(reason);
    for (const lose of started.lost.values()) lose(reason);
    started.waiting.clear();
  };
  worker.on('error', error =>
    end(`the client's thread failed: ${error instanceof Error ? error.message : error}`),
  );
  worker.on('exit', () => end("the client's thread has ended"));
  return started;
}

/** The thread holds the process only while somebody waits for it or a link is open. */
function rest({ worker, waiting, lost }: Thread): void {
  if (waiting.size + lost.size > 0) worker.ref();
  else worker.unref();
}

/** What a link that is closed still waits for will never come: the library drops an answer that it cannot read. */
function forget(from: Thread, link: number, reason: DeviceError): void {
  for (const [id, waiter] of from.waiting) {
    if (waiter.link !== link) continue;
    from.waiting.delete(id);
    waiter.reject(reason);
  }
  rest(from);
}

function revive({ code, where, message }: ThreadError): DeviceError {
  return new DeviceError(
    code,
    where,
    message.startsWith(`${where}: `) ? message.slice(where.length + 2) : message,
  );
}

type Question = ToThread extends infer Q ? (Q extends ToThread ? Omit<Q, 'id'> : never) : never;

function ask(question: Question): Promise<OpcuaAnswer | undefined> {
  thread ??= startThread();
  const { worker, waiting } = thread;
  const id = nextId++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { link: 'link' in question ? question.link : undefined, resolve, reject });
    worker.ref();
    worker.postMessage({ ...question, id } satisfies { id: number });
  });
}

/**
 * Starts the thread and loads the library there (some 0.7 s), and makes the client's own key once per user and machine.
 * Rejects with `closed` if that fails.
 */
export async function prepareOpcua(): Promise<void> {
  await ask({ to: 'prepare' });
}

/** One OPC UA session as a link; see `opcuaSessionLink`, which does the work in the thread. */
export function opcuaLink(options: Omit<OpcuaLinkOptions, 'clock'>): Link<OpcuaRequest, OpcuaAnswer> {
  const { nextHeartbeat, ...target } = options;
  const { endpoint } = target;
  const link = nextLink++;
  const listeners: ((reason: DeviceError) => void)[] = [];
  let gone: DeviceError | undefined;
  const lose = (reason: DeviceError): void => {
    if (gone !== undefined) return;
    gone = reason;
    thread?.lost.delete(link);
    for (const listener of listeners) listener(reason);
  };
  return {
    where: endpoint,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'any order',
    async open() {
      if (gone !== undefined) throw gone;
      const opening = ask({ to: 'open', link, options: target });
      thread?.lost.set(link, lose);
      await opening.catch(error => {
        thread?.lost.delete(link);
        throw error;
      });
      if (gone !== undefined) throw gone;
    },
    async send(request) {
      if (gone !== undefined) throw gone;
      const beat = request.kind === 'read' && request.heartbeat !== undefined ? nextHeartbeat() : 0;
      return (await ask({ to: 'send', link, request, beat })) ?? { readings: [] };
    },
    // Replies carry the handle of their request: what is late finds no taker in the library.
    flush: () => Promise.resolve(),
    onLost: listener => {
      listeners.push(listener);
    },
    async close() {
      lose(new DeviceError('closed', endpoint, 'closed by us'));
      if (thread === undefined) return;
      await ask({ to: 'close', link }).catch(() => {
        // A thread that is gone has closed its links.
      });
      if (thread !== undefined) forget(thread, link, new DeviceError('closed', endpoint, 'closed by us'));
    },
  };
}
