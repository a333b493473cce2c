import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as serialport from 'serialport';
import type { Cancel, Clock } from '../../contract/clock.ts';
import { DeviceError, plainReason } from '../../contract/errors.ts';
import type { Lane, WireTurns } from '../../contract/transport.ts';

/** The library is loaded with the first serial wire. */
const load = createRequire(import.meta.url);
/** A port that will not close within this time is left to the operating system. */
const CLOSE_LIMIT_s = 1;
/** Silence that ends a frame: 3.5 characters, from 19200 bit/s on fixed (Modbus over Serial Line V1.02, 2.5.1.1), s. */
const FRAME_GAP_CHARACTERS = 3.5;
const FRAME_GAP_LEAST_s = 0.00175;
/** Start bit, 8 data bits, parity or second stop bit, stop bit. */
export const CHARACTER_BITS = 11;
/** No answer is as short: what is not longer and has no edge but one is the line that turns round. */
const TURN_ROUND_MAX = 4;

/** Where a serial line is and how it runs. */
export interface SerialSettings {
  /** Serial port; on Linux best by its lasting name under `/dev/serial/by-id`. */
  readonly path: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly dataBits?: 7 | 8;
  readonly stopBits?: 1 | 2;
}

/** One of those who share a line: what it hears. */
export interface Member {
  /** Address of its instrument. */
  readonly unit: number;
  /** Bytes while it has the turn. */
  received(chunk: Buffer): void;
  /** Bytes that nobody asked for and that may be its instrument's. */
  stray(chunk: Buffer): void;
  /** The port is gone. */
  lost(reason: DeviceError): void;
}

/** A place on a shared line. */
export interface Place {
  readonly turns: WireTurns;
  /** Opens the port for the first, joins for the others. Rejects with `closed` or `config`. */
  open(): Promise<void>;
  write(frame: Buffer): void;
  /** Drops what has been received and not been read yet. */
  flush(): Promise<void>;
  /** Leaves; resolves when the port is closed where it was the last. */
  close(): Promise<void>;
}

const RANK: Readonly<Record<Lane, number>> = { urgent: 0, front: 1, normal: 2 };

/** A port with those who use it, as long as there is one. */
class SharedPort {
  readonly settings: SerialSettings;
  readonly members = new Set<Member>();
  opened: Promise<void> | undefined;
  readonly #clock: Clock;
  readonly #gap_s: number;
  #port: serialport.SerialPort | undefined;
  #holder: Member | undefined;
  readonly #waiting: { readonly member: Member; lane: Lane; readonly go: () => void }[] = [];
  #freeAt_s = Number.NEGATIVE_INFINITY;
  #cancelWake: Cancel | undefined;

  constructor(settings: SerialSettings, clock: Clock) {
    this.settings = settings;
    this.#clock = clock;
    this.#gap_s = Math.max(FRAME_GAP_LEAST_s, (FRAME_GAP_CHARACTERS * CHARACTER_BITS) / settings.baud);
  }

  open(): Promise<void> {
    this.opened ??= new Promise((resolve, reject) => {
      const { SerialPort } = load('serialport') as typeof serialport;
      const { path, baud, parity, dataBits = 8, stopBits = 1 } = this.settings;
      const fresh = new SerialPort({ path, baudRate: baud, parity, dataBits, stopBits, autoOpen: false });
      // A listener before it opens: without one an unplugged adapter goes unnoticed and the read spins.
      fresh.on('data', (chunk: Buffer) => this.#take(chunk));
      fresh.on('close', () => this.#lose('port closed or unplugged'));
      fresh.on('error', error => this.#lose(plainReason(error)));
      this.#port = fresh;
      fresh.open(error => {
        if (error === null || error === undefined) resolve();
        else reject(new DeviceError('closed', path, plainReason(error), error));
      });
    });
    return this.opened;
  }

  write(frame: Buffer): void {
    this.#port?.write(frame);
  }

  flush(): Promise<void> {
    const port = this.#port;
    if (port === undefined || !port.isOpen) return Promise.resolve();
    return new Promise(resolve => port.flush(() => resolve()));
  }

  /** Nobody is left: closes for good. */
  async close(): Promise<void> {
    this.#cancelWake?.();
    const port = this.#port;
    // One that is opening yet is closed as soon as it is open.
    await this.opened?.catch(() => {});
    if (port === undefined || !port.isOpen) return;
    await new Promise<void>(resolve => {
      const cancel = this.#clock.schedule(CLOSE_LIMIT_s, resolve);
      port.close(() => {
        cancel();
        resolve();
      });
    });
  }

  /** `go` when it is this member's turn, at once if the line is free. */
  ask(member: Member, lane: Lane, go: () => void): void {
    const waits = this.#waiting.find(w => w.member === member);
    if (waits === undefined) this.#waiting.push({ member, lane, go });
    else if (RANK[lane] < RANK[waits.lane]) waits.lane = lane;
    this.#grant();
  }

  drop(member: Member): void {
    const at = this.#waiting.findIndex(w => w.member === member);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#holder === member) this.give(member);
  }

  give(member: Member): void {
    if (this.#holder !== member) return;
    this.#holder = undefined;
    this.#freeAt_s = this.#clock.now_s() + this.#gap_s;
    this.#grant();
  }

  #grant(): void {
    if (this.#holder !== undefined || this.#waiting.length === 0) return;
    const [next] = [...this.#waiting].sort((a, b) => RANK[a.lane] - RANK[b.lane]);
    const left_s = this.#freeAt_s - this.#clock.now_s();
    // Alone on the line the pause is the line's own business; an urgent one does not wait for it.
    if (left_s > 0 && this.members.size > 1 && next.lane !== 'urgent') {
      if (this.#cancelWake !== undefined) return;
      this.#cancelWake = this.#clock.schedule(left_s, () => {
        this.#cancelWake = undefined;
        this.#grant();
      });
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#holder = next.member;
    next.go();
  }

  #take(chunk: Buffer): void {
    const [only] = this.members.size === 1 ? this.members : [];
    const hearer = this.#holder ?? only;
    if (hearer !== undefined) hearer.received(chunk);
    if (hearer !== undefined || isTurnRound(chunk)) return;
    const owners = [...this.members].filter(m => m.unit === chunk[0]);
    for (const member of owners.length > 0 ? owners : [...this.members]) member.stray(chunk);
  }

  #lose(text: string): void {
    const reason = new DeviceError('closed', this.settings.path, text);
    forget(this);
    for (const member of [...this.members]) member.lost(reason);
  }
}

/** Whether bytes are no more than what a line shows that changes its direction. */
export function isTurnRound(bytes: Uint8Array): boolean {
  return bytes.length <= TURN_ROUND_MAX && bytes.every(byte => byte === 0 || byte === 0xff);
}

/** Ports in use in this process, by what their path leads to; and those that are closing yet. */
const ports = new Map<string, SharedPort>();
const closing = new Map<string, Promise<void>>();

function forget(port: SharedPort): void {
  for (const [key, known] of ports) if (known === port) ports.delete(key);
}

/** `/dev/serial/by-id/...` and `/dev/ttyUSB0` may be one port. */
function keyOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // Not plugged in: opening will say so.
  }
}

const written = ({ baud, parity, dataBits = 8, stopBits = 1 }: SerialSettings): string =>
  `${baud} bit/s ${dataBits}${parity[0].toUpperCase()}${stopBits}`;

/**
 * A place on the serial line at `settings.path`: all devices of this process that name one port share it, one question at
 * a time. Whose turn is next: urgent ones first, then read-backs, then polls, first come first served, so that no unit can
 * keep the line. A unit that is given up leaves; the port stays open for the others.
 */
export function placeOn(settings: SerialSettings, clock: Clock, member: Member): Place {
  let shared: SharedPort | undefined;
  const turns: WireTurns = {
    ask: (lane, go) => shared?.ask(member, lane, go),
    give: () => shared?.give(member),
    drop: () => shared?.drop(member),
    get sharers() {
      return Math.max(1, shared?.members.size ?? 1);
    },
  };
  const leave = async (): Promise<void> => {
    const port = shared;
    shared = undefined;
    if (port === undefined || !port.members.delete(member)) return;
    port.drop(member);
    if (port.members.size > 0) return;
    const key = keyOf(settings.path);
    forget(port);
    const closed = port.close().finally(() => {
      if (closing.get(key) === closed) closing.delete(key);
    });
    closing.set(key, closed);
    await closed;
  };
  return {
    turns,
    async open() {
      const key = keyOf(settings.path);
      // The next open fails on the port's lock until the old one is really closed.
      await closing.get(key);
      let port = ports.get(key);
      if (port !== undefined && written(port.settings) !== written(settings)) {
        const text = `runs with ${written(port.settings)} for another device of this bench, this one says ${written(settings)}`;
        throw new DeviceError('config', settings.path, text);
      }
      if (port === undefined) {
        port = new SharedPort(settings, clock);
        ports.set(key, port);
      }
      shared = port;
      port.members.add(member);
      try {
        await port.open();
      } catch (error) {
        await leave();
        throw error;
      }
    },
    write: frame => shared?.write(frame),
    flush: () => shared?.flush() ?? Promise.resolve(),
    close: leave,
  };
}
