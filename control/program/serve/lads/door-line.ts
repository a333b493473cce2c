import type { MessagePort } from 'node:worker_threads';
import type { DoorCalls, DoorState, ToThread } from './line.ts';

/** The door as the thread of the OPC UA view knows it. */
export class DoorLine {
  readonly calls: DoorCalls;
  /** As the door said last. */
  state: DoorState;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { done(value: never): void; fail(error: Error): void }>();
  #next = 0;

  /** `onClose`: the door is being closed. */
  constructor(port: MessagePort, state: DoorState, onClose: () => void) {
    this.#port = port;
    this.state = state;
    port.on('message', (message: ToThread) => {
      if (message.type === 'state') this.state = message.state;
      else if (message.type === 'close') onClose();
      else {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.error === undefined) waiting?.done(message.value as never);
        else waiting?.fail(new Error(message.error));
      }
    });
    const over = <N extends keyof DoorCalls>(call: N): DoorCalls[N] =>
      ((...args: readonly unknown[]) => this.#ask(call, args)) as DoorCalls[N];
    this.calls = {
      runs: over('runs'),
      benches: over('benches'),
      bench: over('bench'),
      methods: over('methods'),
      result: over('result'),
      report: over('report'),
      signIn: over('signIn'),
      ask: over('ask'),
    };
  }

  #ask(call: keyof DoorCalls, args: readonly unknown[]): Promise<unknown> {
    const id = this.#next++;
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done, fail });
      this.#port.postMessage({ type: 'ask', id, call, args });
    });
  }
}
