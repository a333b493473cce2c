import { DeviceError } from '../contract/errors.ts';
import type { SocketWire } from './socket.ts';

/** Questions after which an answer that has not come never will. */
const LATE_QUESTIONS = 100;

/** A question that waits for its answer. */
export interface OpenQuestion<Ask, Reply> {
  readonly ask: Ask;
  resolve(reply: Reply): void;
  reject(error: DeviceError): void;
}

/** Questions on a connection whose answers carry their number, in any order. */
export interface NamedQuestions<Ask, Reply> {
  /** Why nothing can be asked; undefined: it can. */
  readonly ended: DeviceError | undefined;
  /** The connection stands. */
  begin(): void;
  /** Sends a question under a number of its own. Rejects where the connection has ended, or `encode` throws: nothing was sent. */
  ask(ask: Ask, encode: (id: number) => Uint8Array): Promise<Reply>;
  /** The question that an answer of this number belongs to, which is no longer open; undefined: none, or long ago. */
  take(id: unknown): OpenQuestion<Ask, Reply> | undefined;
  /** An answer came that cannot be read: whoever asked last is told, the number of that question stays known. */
  damaged(reason: DeviceError): void;
  /** Nothing more comes: the connection is broken off, whoever waits is told, and who listens. */
  finish(reason: DeviceError): void;
  onLost(listener: (reason: DeviceError) => void): void;
  /** The same by us: nobody who listens is told. */
  close(): void;
}

/** `wire`: the connection, which may be made after this. */
export function namedQuestions<Ask, Reply>(
  where: string,
  wire: () => Pick<SocketWire, 'write' | 'destroy'>,
): NamedQuestions<Ask, Reply> {
  const open = new Map<number, OpenQuestion<Ask, Reply>>();
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  let lost: (reason: DeviceError) => void = () => {};
  let count = 0;

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    wire().destroy();
    for (const { reject } of open.values()) reject(reason);
    open.clear();
    lost(reason);
  }

  return {
    get ended() {
      return ended;
    },
    begin() {
      ended = undefined;
    },
    async ask(ask, encode) {
      if (ended !== undefined) throw ended;
      const id = ++count;
      const bytes = encode(id);
      return new Promise((resolve, reject) => {
        open.set(id, { ask, resolve, reject });
        // What the line has given up long ago is not waited for.
        for (const old of open.keys()) if (old < id - LATE_QUESTIONS) open.delete(old);
        wire().write(bytes);
      });
    },
    take(id) {
      if (typeof id !== 'number') return undefined;
      const asked = open.get(id);
      open.delete(id);
      return asked;
    },
    damaged(reason) {
      open.get(count)?.reject(reason);
    },
    finish,
    onLost(listener) {
      lost = listener;
    },
    close() {
      lost = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
    },
  };
}
