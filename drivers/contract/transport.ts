import type { DeviceError } from './errors.ts';

/**
 * Another message of the same request leaves, or the first one after a wait. `mustEnd`: though something urgent waits or has
 * left, which otherwise ends it here: what has begun must not be left half done. Urgent ones always go on. @throws DeviceError `cancelled` where nothing more may leave
 */
export type GoOn = (mustEnd?: boolean) => void;

/**
 * The raw wire to one instrument or one bus: bytes out, one reply back. It knows framing, not time:
 * deadlines, order, quiet time and reconnecting belong to the line above (`drivers/transport/line.ts`).
 * One instance lives for one connection; after a loss a fresh one is made, never the old one reopened.
 */
export interface Link<Req, Rep> {
  /** For messages, e.g. `tcp://127.0.0.1:502`, `/dev/ttyUSB0`. */
  readonly where: string;
  /**
   * True if a reply names the request it answers (Modbus TCP transaction id, ProPar sequence number,
   * OPC UA request handle), so that the link itself drops a late one. False on Modbus RTU: there the line
   * must guard against a late reply of A being taken for the answer to B.
   */
  readonly namesReplies: boolean;
  /**
   * True where the instrument keeps a question that comes while it is still busy with another one, and replies are
   * named (Modbus TCP, OPC UA): what got no answer may then be asked again at once. Absent: only after a quiet time.
   */
  readonly queuesRequests?: boolean;
  /**
   * Whether the answer to this order, late, cannot be taken for that of any other question, so that others may be asked meanwhile
   * (`exchange` with `once`). Absent: where `queuesRequests`.
   */
  tellsApart?(request: Req): boolean;
  /**
   * Where the instrument keeps an order that comes while a question is out: urgent ones do not wait for its answer. `in order`:
   * what is sent first is carried out first, so that urgent ones need not wait for each other either; `any order`: it may work
   * at several at once, so that they do. Absent: nothing may come before the answer (a serial line), or the instrument is not
   * known to keep it (lines of text).
   */
  readonly takesUrgent?: 'in order' | 'any order';
  /**
   * True where the stream loses no bytes and the link finds the next answer by itself after a damaged one: no quiet time is
   * needed then, the probe is asked at once. Absent: more bytes of it may come and be taken for another answer.
   */
  readonly findsNext?: boolean;
  /** True on a serial line: what was asked before it was closed may be answered when it is open again. */
  readonly isSerial?: boolean;
  /** Where several instruments share one wire: whose turn it is. Absent: the wire is this instrument's alone. */
  readonly turns?: WireTurns;
  /**
   * Opens the wire. Rejects with a DeviceError `closed`; with `refused` where the other side knows us and does not let us in (a
   * password): it is then tried seldom. Leaves nothing open.
   */
  open(): Promise<void>;
  /**
   * Sends at once and resolves with the reply. Rejects with `garbled` (wrong CRC, length, node, echo), `busy` (to be
   * asked again), `refused` or `local` (the instrument's own error) or `closed`. Need not time out: the line may give
   * a request up and send another one; the reply of the first is then dropped where it can be told apart.
   * @param lane how it came to be sent, for a link that writes a log; the wire treats all alike
   * @param goOn asked before each further message of a request that is several: its answer has a time of its own
   */
  send(request: Req, lane?: Lane | 'probe', goOn?: GoOn): Promise<Rep>;
  /** Drops every byte received so far. Called after a quiet time, never while a request is out. */
  flush(): Promise<void>;
  /** Called once when the wire is gone for good. */
  onLost(listener: (reason: DeviceError) => void): void;
  /**
   * Called when bytes arrive that nobody asked for; only links whose replies are nameless have it. `isRepeat`: they are the
   * answer before once more; told also where the next request is out already, which they then were taken to answer.
   */
  onStray?(listener: (isRepeat?: boolean) => void): void;
  /** Resolves when the wire is really closed (bounded: destroyed if it will not close). */
  close(): Promise<void>;
}

/** The order of those who share one wire: nobody sends, and nobody drops bytes, but in its turn. */
export interface WireTurns {
  /** `go` is called when it is ours, perhaps at once; asked again before that, the more urgent lane counts. */
  ask(lane: Lane, go: () => void): void;
  /** Ours no more: the exchange is over. */
  give(): void;
  /** Asks no more, and gives it back where it is ours. */
  drop(): void;
  /** How many share the wire now. */
  readonly sharers: number;
}

/** A question whose answer cannot be mistaken for any other: the identity of the instrument. */
export interface Probe<Req, Rep> {
  readonly ask: Req;
  isAnswer(reply: Rep): boolean;
}

/**
 * Who goes first on the line.
 * - urgent: before everything that waits, also during a quiet time, without the minimum gap after a normal
 *   exchange. For the safe state only: a trip may not wait. An instrument that drops such a frame is caught
 *   by the read-back, and the frame repeated. Urgent after urgent keeps the gap: nothing is won by flooding.
 * - front: before normal ones, but in step with the line (gap, quiet time). For read-backs of urgent writes.
 * - normal: polls and setpoints, first come first served.
 */
export type Lane = 'urgent' | 'front' | 'normal';

/** One exchange at a time over one link, in order of lanes, each within its deadline. */
export interface Line<Req, Rep> {
  readonly where: string;
  /**
   * Resolves with the reply to this very request; rejects with a DeviceError. `once`: a write that is never sent again, whatever
   * becomes of its answer (an order to start).
   */
  exchange(request: Req, lane?: Lane, kind?: 'read' | 'write' | 'once'): Promise<Rep>;
  /** The question asked after trouble, once the instrument's identity is known. */
  setProbe(probe: Probe<Req, Rep>): void;
  /** Gives up all waiting normal writes: after a safe write an older setpoint must not reach the wire. */
  cancelWrites(reason: string): void;
  /** Gives up everything that waits in the normal lane, reads too. */
  cancelWaiting(reason: string): void;
  /** How often the line has been brought back into step; the first value after that is suspect. */
  readonly resyncs: number;
  /** Gives the line up: it is to be made afresh. The instrument has forgotten what was set up (it was off at the mains). */
  lose(reason: DeviceError): void;
  /** Called once when the line is dead (link lost, or silent for too long). Every waiter is rejected first. */
  onLost(listener: (reason: DeviceError) => void): void;
  close(reason: string): Promise<void>;
}
