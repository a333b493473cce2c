import type { OpcuaReading } from '../transport/opcua/link.ts';

/**
 * Whether the source of a value lives: a gateway whose PLC is gone goes on answering Good with the last value, and only the
 * source time stamp stands still (OPC UA part 4, 7.11: when the source had the value).
 */

/** Watches the source time stamp of one node. */
export interface Freshness {
  /** Why the reading is too old, empty if it is not. */
  look(reading: OpcuaReading): string;
}

/** So many stamps in a row that are each newer than the one before are a clock that was set back. */
const AFTER_A_STEP_BACK = 3;

/**
 * A stamp may stand still for `staleAfter_s` by our clock, `now_s`. How old the first one is, the server's own two stamps
 * tell: its clock need not be ours. An older stamp than the newest is no sign of life: two gateways that stand behind one
 * address show their stale copies in turn.
 */
export function freshness(staleAfter_s: number, now_s: () => number): Freshness {
  let newest_ms = Number.NaN;
  let since_s = 0;
  let before_ms = Number.NaN;
  let inARow = 0;
  return {
    look({ sourceTime_ms, serverTime_ms }) {
      if (sourceTime_ms === undefined)
        return 'the server gives no source time stamp (staleAfter_s asks for one)';
      const now = now_s();
      if (sourceTime_ms < before_ms) inARow = 0;
      else if (sourceTime_ms > before_ms) inARow++;
      before_ms = sourceTime_ms;
      const isFirst = Number.isNaN(newest_ms);
      if (
        isFirst ||
        sourceTime_ms > newest_ms ||
        (sourceTime_ms < newest_ms && inARow >= AFTER_A_STEP_BACK)
      ) {
        const age_s = isFirst && serverTime_ms !== undefined ? (serverTime_ms - sourceTime_ms) / 1000 : 0;
        newest_ms = sourceTime_ms;
        since_s = now - Math.max(0, age_s);
      }
      const stood_s = now - since_s;
      if (stood_s <= staleAfter_s) return '';
      return `its source time stamp has stood still for ${stood_s.toFixed(1)} s, at most ${staleAfter_s} s is taken as alive`;
    },
  };
}
