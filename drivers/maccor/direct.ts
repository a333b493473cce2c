import type { Quantity } from '../contract/units.ts';
import type { WriteSpec } from '../device-table.ts';
import type { MacAsk, MacParams, MacReply } from './messages.ts';
import { currentOf, numberOf, statOf } from './status.ts';

/**
 * A channel in direct mode: a current with a voltage as its limit, mutually, until the next one is set. MacNet gives no set
 * point back: what is read back is what the channel does (4,7): it charges, discharges or rests with that current, or
 * stands at the limit with less. Current positive into the cell.
 */

/** What the bench says of it. */
export interface DirectOptions {
  readonly chan: number;
  readonly range: number;
  readonly record_s: number;
  /** `MacNetDirectModeWD` of the tester, s. */
  readonly watchdog_s: number;
  readonly currentMax_A: number;
  readonly voltageMin_V: number;
  readonly voltageMax_V: number;
}

/** The set points, as they were taken; before it is on they wait here. */
interface Points {
  current_A: number;
  max_V: number;
  min_V: number;
}
/** Outside of any range: not used. */
const UNUSED = 65536;
const RESET = 5;
/** A direct output shows within, ms (default). */
const SHOWS_ms = 3000;
/** Settled: so much of the range (default). */
export const TOLERANCE = 0.005;

/** Its writes, and the output said again so that the tester's watchdog is content. */
export interface Direct {
  readonly writes: Readonly<Record<Quantity, WriteSpec<MacAsk, MacReply>>>;
  readonly hold: MacAsk;
  /** Whether it must be said again by now. */
  isDue(now_s: number): boolean;
  /** What a state says of it: a channel that is not active is not ours any more. */
  see(reply: MacReply): void;
}

/** Direct mode of one channel; `status` asks for its state. */
export function directMode(
  { chan, range, record_s, watchdog_s, currentMax_A, voltageMin_V, voltageMax_V }: DirectOptions,
  status: MacAsk,
  now_s: () => number,
): Direct {
  const points: Points = { current_A: 0, max_V: voltageMax_V, min_V: voltageMin_V };
  /** We have switched it on, and say its output again. */
  let isOn = false;
  /** It was seen active, by whomever it was started; what is set goes to it. */
  let isActive = false;
  let said_s = Number.NEGATIVE_INFINITY;
  let started_s = Number.NEGATIVE_INFINITY;
  /** What was said last: an answer to anything before it comes too late to count. */
  let newest = 0;

  const output = ({ current_A, max_V, min_V }: Points): MacParams => ({
    Current: Math.abs(current_A),
    Voltage: current_A < 0 ? min_V : max_V,
    Power: UNUSED,
    Resistance: 0,
    CurrentRange: range,
    ChMode: current_A > 0 ? 'C' : current_A < 0 ? 'D' : 'R',
  });
  /** An order of direct mode; `done` only while nothing has been said after it. */
  function order(fNum: number, params: () => MacParams, done: () => void): MacAsk {
    let mine = 0;
    return {
      fClass: 6,
      fNum,
      chan,
      isDirect: fNum !== RESET,
      params() {
        mine = ++newest;
        return params();
      },
      done() {
        if (mine === newest) done();
      },
    };
  }
  const setTo = (change: Partial<Points>): MacAsk =>
    order(
      8,
      () => {
        // No current is wanted from now on, whatever becomes of the answer.
        if (change.current_A === 0) points.current_A = 0;
        return output({ ...points, ...change });
      },
      () => {
        said_s = now_s();
        Object.assign(points, change);
      },
    );
  const on = order(
    7,
    () => ({
      TestName: 'Random',
      ...output(points),
      // Rest cannot be said here: a charge of no current.
      ...(points.current_A === 0 ? { ChMode: 'C' } : {}),
      DataTime: record_s,
      DataV: 0,
      DataI: 0,
    }),
    () => {
      [isOn, isActive] = [true, false];
      started_s = said_s = now_s();
    },
  );
  const off = order(
    RESET,
    () => ({}),
    () => {
      [isOn, isActive] = [false, false];
    },
  );
  const hold = order(
    8,
    () => output(points),
    () => {
      said_s = now_s();
    },
  );

  /** While it is off a set point waits for the output: the tester has no place for it. Which it is shows when it leaves. */
  function point(name: keyof Points): WriteSpec<MacAsk, MacReply> {
    return {
      encode(value) {
        const change = { [name]: value };
        const kept = { ...status, done: () => void Object.assign(points, change) };
        return { ...setTo(change), instead: () => (isOn || isActive ? undefined : kept) };
      },
      readback: status,
      decode(reply) {
        see(reply);
        return held(name, reply);
      },
      settle_ms: SHOWS_ms,
    };
  }

  function held(name: keyof Points, reply: MacReply): number {
    const { word, on: isDriving } = statOf(reply);
    // One that is suspended goes on by itself: there nothing waits.
    if (!isOn && !isActive) return isDriving === 0 ? points[name] : Number.NaN;
    if (word !== 'Active') return Number.NaN;
    const { current_A: set_A, max_V, min_V } = points;
    const now_A = currentOf(reply);
    const limit_V = set_A < 0 ? min_V : max_V;
    const isAtLimit =
      Math.sign(now_A) === Math.sign(set_A) &&
      Math.abs(now_A) <= Math.abs(set_A) &&
      Math.abs(numberOf(reply, 'Voltage') - limit_V) <= TOLERANCE * voltageMax_V;
    const isDone = Math.abs(now_A - set_A) <= TOLERANCE * currentMax_A || isAtLimit;
    return name === 'current_A' ? (isAtLimit ? set_A : now_A) : isDone ? points[name] : Number.NaN;
  }

  /** A channel that is active no more is not ours; one that was just started may not show it yet. */
  function see(reply: MacReply): void {
    const wasActive = isActive;
    isActive = statOf(reply).state === 'running';
    if (!isActive && (wasActive || 1000 * (now_s() - started_s) > SHOWS_ms)) isOn = false;
  }

  return {
    writes: {
      outputSet_on: {
        encode: value => (value === 1 ? on : off),
        readback: status,
        decode(reply) {
          see(reply);
          return statOf(reply).on;
        },
        settle_ms: SHOWS_ms,
      },
      currentSet_A: point('current_A'),
      voltageMaxSet_V: point('max_V'),
      voltageMinSet_V: point('min_V'),
    },
    hold,
    isDue: at_s => isOn && at_s - said_s >= watchdog_s / 3,
    see,
  };
}
