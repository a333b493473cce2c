import type { Cancel, Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import type { Lane, WireTurns } from '../contract/transport.ts';

/** One alarm that is always set to the earliest time asked for. */
export interface Alarm {
  at(time_s: number): void;
  cancel(): void;
}

/** An alarm that rings `ring`. */
export function makeAlarm(clock: Clock, ring: () => void): Alarm {
  let set: Cancel | undefined;
  let at_s = Number.POSITIVE_INFINITY;
  return {
    at(time_s) {
      if (set !== undefined && at_s <= time_s) return;
      set?.();
      at_s = time_s;
      set = clock.schedule(time_s - clock.now_s(), () => {
        set = undefined;
        ring();
      });
    },
    cancel: () => set?.(),
  };
}

/** The deadline of the exchange that is out. */
export interface Deadline {
  /** From now on. */
  start(): void;
  /** When it was started last, s. */
  readonly started_s: number;
  /** It was answered. */
  stop(): void;
  /** For good. */
  cancel(): void;
}

/**
 * Calls `over` where `limit_s` has passed. One timer goes on from exchange to exchange: making one for each costs more than
 * sending. The timer phase of the event loop comes before the sockets are read: after a stall of our own process the reply may
 * already lie in the buffer. One turn of grace lets it in.
 */
export function makeDeadline(clock: Clock, limit_s: number, over: () => void): Deadline {
  let end_s = Number.POSITIVE_INFINITY;
  let started_s = Number.NEGATIVE_INFINITY;
  let set: Cancel | undefined;
  let count = 0;
  const wait = (for_s: number): void => {
    set = clock.schedule(for_s, () => {
      set = undefined;
      const left_s = end_s - clock.now_s();
      if (left_s === Number.POSITIVE_INFINITY) return;
      if (left_s > 1e-6) wait(left_s);
      else inTurn(count);
    });
  };
  const inTurn = (of: number): void =>
    clock.nextTurn(() => {
      if (of === count && end_s !== Number.POSITIVE_INFINITY) over();
    });
  return {
    start() {
      count++;
      started_s = clock.now_s();
      end_s = started_s + limit_s;
      if (set === undefined) wait(limit_s);
    },
    stop() {
      end_s = Number.POSITIVE_INFINITY;
    },
    get started_s() {
      return started_s;
    },
    cancel: () => set?.(),
  };
}

/** Our turn on a wire that several may share. */
export interface Turn {
  /** Whether the wire is ours to send on; asks for it otherwise. */
  isOurs(lane: Lane): boolean;
  /** The exchange is over. */
  give(): void;
  /** Asks no more. */
  drop(): void;
}

/** `use` is called when the turn comes; it is given back at once where `isUsed` says that nothing was made of it. */
export function makeTurn(turns: WireTurns | undefined, use: () => void, isUsed: () => boolean): Turn {
  if (turns === undefined) return { isOurs: () => true, give: () => {}, drop: () => {} };
  let isOurs = false;
  const give = (): void => {
    if (!isOurs) return;
    isOurs = false;
    turns.give();
  };
  return {
    isOurs(lane) {
      if (isOurs) return true;
      turns.ask(lane, () => {
        isOurs = true;
        use();
        if (!isUsed()) give();
      });
      // Where it came at once it has been used, or been of no use: there is nothing left to do.
      return false;
    },
    give,
    drop() {
      isOurs = false;
      turns.drop();
    },
  };
}

/** Does it once, when everything that is due in this turn of the process has been done. */
export function makeSoon(clock: Clock, work: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    clock.nextTurn(() => {
      isDue = false;
      work();
    });
  };
}

/** Drops what a link has received, and calls `done` once: also where the link does not say that it has, after `limit_s`. */
export function flushed(
  link: { flush(): Promise<void> },
  clock: Clock,
  limit_s: number,
  done: () => void,
): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    cancel();
    done();
  };
  const cancel = clock.schedule(limit_s, once);
  link.flush().then(once, once);
}

/** Whatever a link rejected with: what is no DeviceError is an answer that cannot be read. */
export function asDeviceError(thrown: unknown, where: string): DeviceError {
  return thrown instanceof DeviceError
    ? thrown
    : new DeviceError('garbled', where, messageOf(thrown), thrown);
}
