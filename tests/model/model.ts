import type { RunEvent, RunState } from '../../control/contract/run-state.ts';

/**
 * What must be, told a second time and without a line of control: which alarms stand, which way a run may take, what may be
 * set. It sees frames before they are judged, and events as they are written; whatever differs is a violation.
 */

/** One limit as the model knows it. */
interface Limit {
  readonly id: string;
  readonly device: 'supply' | 'plc';
  /** Place of its channel in a frame. */
  readonly channel: number;
  readonly bench: number;
  readonly reaction: 'warn' | 'hold' | 'stop' | 'trip';
  readonly isAlways: boolean;
}

/** The limits of the bench under test, the gravest first: so they act on one reading. */
export const LIMITS: readonly Limit[] = [
  { id: 'current-high', device: 'supply', channel: 0, bench: 110, reaction: 'trip', isAlways: true },
  { id: 'h2-trip', device: 'plc', channel: 2, bench: 2, reaction: 'trip', isAlways: true },
  { id: 'pressure-stop', device: 'plc', channel: 0, bench: 12, reaction: 'stop', isAlways: true },
  { id: 'h2-hold', device: 'plc', channel: 2, bench: 1.5, reaction: 'hold', isAlways: false },
  { id: 'pressure-warn', device: 'plc', channel: 0, bench: 10, reaction: 'warn', isAlways: true },
];
export const STALE_S = 2;

/** The ways from state to state, written out by hand. */
const WAYS: Readonly<Record<string, readonly RunState[]>> = {
  Idle: ['Starting', 'Aborting'],
  Starting: ['Execute', 'Stopping', 'Aborting'],
  Execute: ['Holding', 'Completing', 'Stopping', 'Aborting'],
  Holding: ['Held', 'Stopping', 'Aborting'],
  Held: ['Unholding', 'Stopping', 'Aborting'],
  Unholding: ['Execute', 'Holding', 'Stopping', 'Aborting'],
  Completing: ['Complete', 'Stopping', 'Aborting'],
  Complete: ['Resetting', 'Aborting'],
  Stopping: ['Stopped', 'Aborting'],
  Stopped: ['Resetting', 'Aborting'],
  Aborting: ['Aborted'],
  Aborted: ['Clearing', 'Aborting'],
  Clearing: ['Stopped', 'Aborting'],
  Resetting: ['Idle', 'Aborting'],
};
const RUNNING = ['Starting', 'Execute', 'Holding', 'Held', 'Unholding', 'Completing', 'Stopping', 'Aborting'];

interface Alarm {
  limit: number;
  isActive: boolean;
  isLatched: boolean;
  isAcknowledged: boolean;
}

/** The model of one session. */
export class Model {
  readonly violations: string[] = [];
  state: RunState = 'Idle';
  /** From a trip, or any way into the safe state, until a person has reset: only the safe state sets. */
  isTripped = false;
  /** What a person has asked for in this moment. */
  asks = '';
  readonly #alarms = new Map<string, Alarm>(
    LIMITS.map(({ id, bench }) => [
      id,
      { limit: bench, isActive: false, isLatched: false, isAcknowledged: false },
    ]),
  );
  readonly #last_s: Record<string, number> = { supply: 0, plc: 0 };
  readonly #due = new Set<string>();

  wrong(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }

  #of(id: string): Alarm {
    const found = this.#alarms.get(id);
    if (found === undefined) throw new Error(`no limit ${id}`);
    return found;
  }

  /** A frame comes, and nobody has looked at it yet. */
  before(device: string, t_s: number, values: ArrayLike<number>, isBad: boolean): void {
    this.#last_s[device] = t_s;
    this.#due.clear();
    // A trip of this reading leads into Aborting, in which what counts while running counts, too.
    let isRunning = RUNNING.includes(this.state);
    for (const { id, channel, isAlways, device: of, reaction } of LIMITS) {
      if (of !== device) continue;
      const alarm = this.#of(id);
      const isBeyond = isBad || !(values[channel] <= alarm.limit);
      if (isBeyond && (isAlways || isRunning)) {
        if (!alarm.isActive) this.#due.add(id);
        if (!alarm.isActive && reaction === 'trip') {
          this.isTripped = true;
          isRunning = true;
        }
      } else this.#clears(alarm);
    }
  }

  /** It has been judged. */
  after(state: RunState): void {
    for (const id of this.#due) this.wrong(`lost: ${id} was beyond its limit and nothing came of it`);
    this.#due.clear();
    if (state !== this.state) this.wrong(`state: ${state} without an event`);
  }

  #clears(alarm: Alarm): void {
    alarm.isActive = false;
    if (alarm.isAcknowledged) alarm.isLatched = false;
  }

  /** An alarm was raised. */
  raised(id: string, now_s: number): void {
    const limit = LIMITS.find(one => one.id === id);
    if (limit === undefined) throw new Error(`no limit ${id}`);
    const isSilent = now_s - this.#last_s[limit.device] > STALE_S;
    if (!this.#due.delete(id) && !isSilent) this.wrong(`raised: ${id} without a cause`);
    const { reaction } = limit;
    const alarm = this.#of(id);
    alarm.isActive = true;
    alarm.isLatched = reaction !== 'warn';
    alarm.isAcknowledged = false;
    if (reaction === 'trip') this.isTripped = true;
    if (reaction === 'trip' && this.state !== 'Aborting' && this.state !== 'Aborted')
      this.wrong(`lost: ${id} tripped in ${this.state} and the bench did not abort`);
  }

  /** What must follow at once from a hold and a stop, told behind the event. */
  follows(id: string): void {
    const reaction = LIMITS.find(one => one.id === id)?.reaction;
    if (reaction === 'hold' && (this.state === 'Execute' || this.state === 'Unholding'))
      this.wrong(`lost: ${id} holds and the run goes on`);
    if (reaction === 'stop' && ['Starting', 'Execute', 'Holding', 'Held', 'Unholding'].includes(this.state))
      this.wrong(`lost: ${id} stops and the run goes on`);
  }

  /** The session says that it has gone on. */
  went(from: RunState, to: RunState, event: RunEvent): void {
    if (from !== this.state) this.wrong(`state: from ${from}, it was ${this.state}`);
    if (!WAYS[from].includes(to)) this.wrong(`state: ${from} -> ${to} (${event})`);
    if (to === 'Clearing' && this.asks !== 'clear') this.wrong('cleared: nobody asked for it');
    if (to === 'Resetting' && this.asks !== 'reset') this.wrong('reset: nobody asked for it');
    if (to === 'Unholding' && this.asks !== 'resume') this.wrong('resumed: nobody asked for it');
    if ((to === 'Clearing' || to === 'Resetting') && this.blocking().length > 0)
      this.wrong(`cleared: in spite of ${this.blocking().join(', ')}`);
    if (to === 'Unholding' && this.blocking().some(id => this.#of(id).isLatched))
      this.wrong(`resumed: in spite of ${this.blocking().join(', ')}`);
    if (to === 'Aborting') this.isTripped = true;
    if (to === 'Idle') {
      this.isTripped = false;
      for (const { id, bench } of LIMITS) this.#of(id).limit = bench;
    }
    this.state = to;
  }

  /** Something is set. */
  sets(what: string, isUrgent: boolean): void {
    if (this.isTripped && !isUrgent) this.wrong(`set: ${what} after a trip, and not by the safe state`);
  }

  /** A person acknowledges one alarm, or all. */
  acknowledged(id: string | undefined): void {
    for (const [of, alarm] of this.#alarms) {
      if (!(alarm.isActive || alarm.isLatched) || (id !== undefined && of !== id)) continue;
      alarm.isAcknowledged = true;
      if (!alarm.isActive) alarm.isLatched = false;
    }
  }

  /** Whether a person may have this limit now; taken where so. */
  mayChange(id: string, value: number): boolean {
    const limit = LIMITS.find(one => one.id === id);
    if (limit === undefined || !RUNNING.includes(this.state) || !(value <= limit.bench)) return false;
    this.#of(id).limit = value;
    return true;
  }

  /** Alarms but warnings that stand, or that nobody has acknowledged. */
  blocking(): string[] {
    return LIMITS.filter(({ id, reaction }) => {
      const { isActive, isLatched } = this.#of(id);
      return reaction !== 'warn' && (isActive || isLatched);
    }).map(({ id }) => id);
  }

  /**
   * What counts only while running is disarmed with the end of a run, and says so with the next look: of a device that is
   * silent that is no frame, so that the moment is the session's.
   */
  #disarmed(now_s: number, alarms: readonly { id: string; state: string }[]): void {
    if (RUNNING.includes(this.state)) return;
    for (const { id, device, isAlways } of LIMITS) {
      const isSilent = now_s - this.#last_s[device] > STALE_S;
      const isReturned = alarms.find(one => one.id === id)?.state !== 'active';
      if (!isAlways && isSilent && isReturned) this.#clears(this.#of(id));
    }
  }

  /** Between two moments: what stands is the same on both sides, and nobody is silent unnoticed. */
  compare(now_s: number, alarms: readonly { id: string; state: string; acknowledged: boolean }[]): void {
    this.#disarmed(now_s, alarms);
    const theirs = alarms.map(({ id, state, acknowledged }) => `${id} ${state} ${acknowledged}`).sort();
    const ours = [...this.#alarms]
      .filter(([, { isActive, isLatched }]) => isActive || isLatched)
      .map(([id, a]) => `${id} ${a.isActive ? 'active' : 'latched'} ${a.isAcknowledged}`)
      .sort();
    if (theirs.join() !== ours.join()) this.wrong(`alarms: found ${theirs.join()}, expected ${ours.join()}`);
    for (const { id, device, isAlways } of LIMITS) {
      const silent_s = now_s - this.#last_s[device];
      if (isAlways && silent_s > STALE_S + 0.6 && !this.#of(id).isActive)
        this.wrong(`lost: ${device} is silent for ${silent_s.toFixed(1)} s and ${id} does not say so`);
    }
  }
}
