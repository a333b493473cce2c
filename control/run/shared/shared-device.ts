import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device, DeviceState, SafeReport } from '../../../drivers/contract/device.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { badFrame, type Frame } from '../../../drivers/contract/frame.ts';
import type { Quantity } from '../../../drivers/contract/units.ts';
import { WriteTurns } from './write-turns.ts';

/** One of several runs on a bench, as the instruments know it that they share. */
export interface Sharer {
  /** Name of its subject. */
  readonly name: string;
  /** A run is under way that the instruments of the bench are for. */
  readonly isUnderWay: () => boolean;
}

/** What a run sees of an instrument that others see, too. */
export interface SharedView extends Device {
  /** Who else needs it now, by name: until nobody does, its safe state is left to the others. */
  others(): readonly string[];
}

/** How much of its period a reading may be old, so that it serves the next run that asks. */
const FRESH_FRAC = 0.5;

/** Whoever asks for its safe state so soon after another one joins that one, s. */
const JOINED_S = 1;

/** An open view: its set points count while its run is under way. */
interface Member {
  readonly of: Sharer;
  readonly held: Map<Quantity, number>;
}

/**
 * An instrument of the bench that several runs use at a time (a chamber, a PLC, a gas line). It is opened once, armed once and
 * polled once; every run gets the same reading. A set point is one run's, or several runs' that ask for the same value: another
 * value is refused while one of them is under way. Its safe state is driven by the last one: while another run needs it, it stays.
 */
export class SharedDevice {
  readonly #device: Device;
  readonly #clock: Clock;
  readonly #poll_s: number;
  readonly #members = new Set<Member>();
  readonly #turns: WriteTurns;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #reading: Promise<Frame> | undefined;
  #last: Frame | undefined;
  #driving: { readonly since_s: number; readonly report: Promise<SafeReport> } | undefined;
  #armed: { readonly timeout_s: number; readonly answer: Promise<number | undefined> } | undefined;

  constructor(device: Device, clock: Clock, poll_s: number) {
    this.#device = device;
    this.#clock = clock;
    this.#poll_s = poll_s;
    this.#turns = new WriteTurns(device);
  }

  /**
   * The instrument for one run, closed as yet. `ahead_s`: how far that run's clock is ahead of ours, where it goes on with the
   * time of a program that is gone.
   */
  viewFor(of: Sharer, ahead_s = 0): SharedView {
    const device = this.#device;
    const member: Member = { of, held: new Map() };
    const listeners = new Set<(state: DeviceState, reason: string) => void>();
    let isOpen = false;
    let unsubscribe = (): void => {};
    const tell = (state: DeviceState, reason: string): void => {
      for (const listener of listeners) listener(state, reason);
    };
    const seen = (frame: Frame): Frame => (ahead_s === 0 ? frame : { ...frame, t_s: frame.t_s + ahead_s });
    const closed = (): Frame =>
      badFrame(
        device.id,
        this.#clock.now_s() + ahead_s,
        device.channels.length,
        `${device.id}: not connected`,
      );
    const others = (): string[] => this.#othersOf(member).map(({ of: { name } }) => name);
    return {
      ...described(device),
      get state() {
        return isOpen ? device.state : 'closed';
      },
      get retries() {
        return device.retries ?? 0;
      },
      get notices() {
        return device.notices ?? [];
      },
      others,
      connect: async () => {
        await this.#open();
        this.#members.add(member);
        isOpen = true;
        unsubscribe = device.onState(tell);
        tell('ready', 'shared');
      },
      read: async () => (isOpen ? seen(await this.#read()) : closed()),
      ...(device.readNow === undefined ? {} : { readNow: () => (isOpen ? seen(this.#readNow()) : closed()) }),
      write: async (key, value, options) => {
        if (!isOpen) throw new DeviceError('closed', device.id, `${key} not written: not connected`);
        if (options?.urgent === true) {
          const needed = others();
          if (needed.length > 0)
            throw new DeviceError('refused', device.id, `${key} is left to ${needed.join(', ')}`);
          member.held.delete(key);
          return device.write(key, value, options);
        }
        this.#mustBeFree(member, key, value);
        member.held.set(key, value);
        await this.#turns.write(member, key, value);
      },
      cancelWrites: reason => this.#turns.cancel(member, reason),
      safe: (): Promise<SafeReport> => {
        const needed = others();
        if (needed.length === 0) {
          member.held.clear();
          return this.#drive();
        }
        const reason = `left to ${needed.join(', ')}`;
        const failed = device.safeList.map(([key]) => ({ key, reason }));
        return Promise.resolve({ device: device.id, done: [], failed });
      },
      armWatchdog: timeout_s => this.#arm(timeout_s),
      leaveAlone: for_s => {
        if (others().length === 0) device.leaveAlone(for_s);
      },
      onState(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        unsubscribe();
        this.#turns.cancel(member, 'closed');
        this.#members.delete(member);
        tell('closed', 'asked to');
        if (this.#members.size === 0) await this.#close();
      },
    };
  }

  #othersOf(member: Member): Member[] {
    return [...this.#members].filter(one => one !== member && one.of.isUnderWay());
  }

  #mustBeFree(member: Member, key: Quantity, value: number): void {
    for (const { of, held } of this.#othersOf(member)) {
      const other = held.get(key);
      if (other === undefined || other === value) continue;
      const text = `${key} ${value}: ${of.name} holds it at ${other}, expected the same value, or a run that begins when that one is over`;
      throw new DeviceError('refused', this.#device.id, text);
    }
  }

  /** One that is lost comes back by itself, or is named by whoever waits for its readings. */
  async #open(): Promise<void> {
    await this.#closing;
    if (this.#device.state === 'ready' && this.#members.size > 0) return;
    if (this.#members.size > 0) throw new DeviceError('closed', this.#device.id, 'is lost');
    this.#opening ??= this.#device.connect().finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  async #close(): Promise<void> {
    this.#armed = undefined;
    this.#last = undefined;
    const closing = this.#device.close();
    // Whoever opens it next waits for the end, whichever.
    this.#closing = closing.catch(() => {});
    await closing;
  }

  #read(): Promise<Frame> {
    if (this.#reading !== undefined) return this.#reading;
    const last = this.#last;
    if (last !== undefined && this.#clock.now_s() - last.t_s < FRESH_FRAC * this.#poll_s)
      return Promise.resolve(last);
    this.#reading = this.#device
      .read()
      .then(frame => {
        this.#last = frame;
        return frame;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  /** Without a line every run asks at the same time: what was read then is for all of them. */
  #readNow(): Frame {
    const { readNow } = this.#device;
    if (readNow === undefined) throw new Error(`${this.#device.id} has a line`);
    if (this.#last?.t_s !== this.#clock.now_s()) this.#last = readNow();
    return this.#last;
  }

  /** Runs that end at the same moment drive it once: each further order would overtake the one before. */
  #drive(): Promise<SafeReport> {
    const since_s = this.#clock.now_s();
    if (this.#driving !== undefined && since_s - this.#driving.since_s < JOINED_S)
      return this.#driving.report;
    const report = this.#device.safe();
    const driving = { since_s, report };
    this.#driving = driving;
    void report.finally(() => {
      if (this.#driving === driving) this.#driving = undefined;
    });
    return report;
  }

  #arm(timeout_s: number): Promise<number | undefined> {
    if (this.#armed?.timeout_s !== timeout_s)
      this.#armed = { timeout_s, answer: this.#device.armWatchdog(timeout_s) };
    return this.#armed.answer;
  }
}

/** What of an instrument is the same for everybody: what it is, and what only reads. */
function described(
  device: Device,
): Omit<
  Device,
  | 'state'
  | 'connect'
  | 'read'
  | 'readNow'
  | 'write'
  | 'cancelWrites'
  | 'safe'
  | 'armWatchdog'
  | 'leaveAlone'
  | 'onState'
  | 'close'
  | 'retries'
  | 'notices'
> {
  const { id, driver, channels, settables, onLoss, safeList } = device;
  const { watchdog, dataFiles, impedance, sweep, programs, program } = device;
  return {
    id,
    driver,
    channels,
    settables,
    onLoss,
    safeList,
    ...(watchdog === undefined ? {} : { watchdog }),
    ...(dataFiles === undefined ? {} : { dataFiles }),
    ...(impedance === undefined ? {} : { impedance }),
    ...(sweep === undefined ? {} : { sweep }),
    ...(programs === undefined ? {} : { programs }),
    ...(program === undefined ? {} : { program }),
    ...(device.readBack === undefined
      ? {}
      : { readBack: key => device.readBack?.(key) ?? Promise.resolve(Number.NaN) }),
    ...(device.measure === undefined ? {} : { measure: device.measure.bind(device) }),
    ...(device.onNews === undefined ? {} : { onNews: device.onNews.bind(device) }),
    ...(device.onClock === undefined ? {} : { onClock: device.onClock.bind(device) }),
    ...(device.readWatchdog === undefined ? {} : { readWatchdog: device.readWatchdog.bind(device) }),
  };
}
