import type { LanguageEnv } from '../env.ts';
import type { OutputValues } from '../output.ts';

/**
 * Whether a constant current has come to the voltage that limits it. The voltage decides, as well as its meter is declared; a
 * current that reads a little below the set one is the zero of its meter until it falls by more than that.
 */

/** Without a declared accuracy a voltage counts as reached within this part of it and `HELD_V`. */
const REACHED_FRAC = 1e-3;
/** What a channel holds a voltage to, V. Basis default. */
const HELD_V = 1e-3;
/** A current below this part of what is asked, less what its meter may be off, gives way to the voltage. */
const GIVES_WAY_FRAC = 0.98;
/** Below this part of it a current gives way whatever its meter declares. */
const HALF = 0.5;
/** Another meter than the channel's own may show the voltage so far aside, as a part of it ... */
const BESIDE_FRAC = 0.01;
/** ... then the current has to fall by so many times what its meter declares: k = 2 is left by one of twenty. */
const SURELY = 2;

/** What an instrument declares at a value, in its unit; NaN: nothing. */
function declared(env: LanguageEnv, role: string, at: number): number {
  const found = env.accuracy?.(role);
  return found === undefined ? Number.NaN : (found.reading_pct / 100) * Math.abs(at) + found.abs;
}

/** The channel is at the voltage that limits it: in the newest readings of this step, each look anew. */
export function isAtVoltage(
  env: LanguageEnv,
  measured: { readonly voltage: string; readonly current: string },
  { current, voltage }: OutputValues,
  set_s: number,
): boolean {
  if (!(env.arrived_s(measured.voltage) > set_s) || !(env.arrived_s(measured.current) > set_s)) return false;
  if (current === undefined || voltage === undefined) return true;
  const shown_V = env.value(measured.voltage);
  const left_V = current >= 0 ? voltage - shown_V : shown_V - voltage;
  if (left_V <= 0) return true;
  const meter_V = declared(env, measured.voltage, voltage);
  const near_V = Number.isNaN(meter_V) ? REACHED_FRAC * Math.abs(voltage) + HELD_V : meter_V + HELD_V;
  const meter_A = declared(env, measured.current, current);
  const asked_A = Math.abs(current);
  /** A current that falls short says nothing by itself: a lead that is off reads 0 A at any voltage. */
  const fallsBelow_A = (times: number): number =>
    GIVES_WAY_FRAC * asked_A - (Number.isNaN(meter_A) ? 0 : times * meter_A);
  const isBelow = (limit_A: number): boolean => Math.abs(env.value(measured.current)) < limit_A;
  if (left_V <= near_V) {
    // Half of the current could be the meter's own: only the voltage can tell.
    const isCoarse = fallsBelow_A(1) < HALF * asked_A;
    return isCoarse || isBelow(fallsBelow_A(1));
  }
  const isAside = left_V <= near_V + BESIDE_FRAC * Math.abs(voltage);
  return isAside && isBelow(Math.max(fallsBelow_A(SURELY), HALF * asked_A));
}
