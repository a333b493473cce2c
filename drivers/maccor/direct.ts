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
  let isOn = false;
  let said_s = Number.NEGATIVE_INFINITY;

  const output = ({ current_A, max_V, min_V }: Points): MacParams => ({
    Current: Math.abs(current_A),
    Voltage: current_A < 0 ? min_V : max_V,
    Power: UNUSED,
    Resistance: 0,
    CurrentRange: range,
    ChMode: current_A > 0 ? 'C' : current_A < 0 ? 'D' : 'R',
  });
  const setTo = (change: Partial<Points>): MacAsk => ({
    fClass: 6,
    fNum: 8,
    chan,
    isDirect: true,
    params: () => output({ ...points, ...change }),
    done() {
      said_s = now_s();
      Object.assign(points, change);
    },
  });
  const on: MacAsk = {
    fClass: 6,
    fNum: 7,
    chan,
    isDirect: true,
    params: () => ({
      TestName: 'Random',
      ...output(points),
      // Rest cannot be said here: a charge of no current.
      ...(points.current_A === 0 ? { ChMode: 'C' } : {}),
      DataTime: record_s,
      DataV: 0,
      DataI: 0,
    }),
    done() {
      isOn = true;
      said_s = now_s();
    },
  };
  const off: MacAsk = {
    fClass: 6,
    fNum: 5,
    chan,
    done() {
      isOn = false;
    },
  };

  /** While it is off a set point waits for the output: the tester has no place for it. */
  function point(name: keyof Points): WriteSpec<MacAsk, MacReply> {
    return {
      encode(value) {
        const change = { [name]: value };
        return isOn ? setTo(change) : { ...status, done: () => Object.assign(points, change) };
      },
      readback: status,
      decode: reply => held(name, reply),
      settle_ms: SHOWS_ms,
    };
  }

  function held(name: keyof Points, reply: MacReply): number {
    if (!isOn) return points[name];
    if (statOf(reply).word !== 'Active') return Number.NaN;
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

  return {
    writes: {
      outputSet_on: {
        encode: value => (value === 1 ? on : off),
        readback: status,
        decode: reply => statOf(reply).on,
        settle_ms: SHOWS_ms,
      },
      currentSet_A: point('current_A'),
      voltageMaxSet_V: point('max_V'),
      voltageMinSet_V: point('min_V'),
    },
    hold: {
      fClass: 6,
      fNum: 8,
      chan,
      isDirect: true,
      params: () => output(points),
      done() {
        said_s = now_s();
      },
    },
    isDue: at_s => isOn && at_s - said_s >= watchdog_s / 3,
    see(reply) {
      if (statOf(reply).state !== 'running') isOn = false;
    },
  };
}
