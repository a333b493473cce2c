import type { LanguageEnv } from '../env.ts';
import type { Into, OutputMode } from '../output.ts';

/** From where a set point of the output moves: what flows and stands there now, never a value that nobody has looked at. */

/** What an electrical step can drive. */
export type Driven = 'current' | 'voltage' | 'power' | 'resistance';

/** Less than this part of a set point: something else limits the output. */
const LIMITED_FRAC = 0.97;
/** A reading so far beyond what may be set, in parts of that range, is one at its end. */
const BEYOND_FRAC = 0.05;
type Told = Exclude<OutputMode, 'cccv'>;
const MODE: Readonly<Record<Driven, Told>> = { current: 'cc', voltage: 'cv', power: 'cp', resistance: 'cr' };

/** The voltage that the device under test shows now, V. */
export function voltageNow_V(env: LanguageEnv): number {
  return env.value(`${env.output?.subject ?? 'cell'}.voltage_V`);
}

/**
 * Where a set point of the output stands, as a beginning of a way; NaN: nobody knows. Nothing flows while the output is off,
 * which is 0 A and 0 W, and of a resistance the largest that may be set: 0 Ohm would be a short. A supply or a channel that
 * is held by another of its limits stands where it is measured, not at the limit that it has not come to, nor at a set value
 * of before.
 */
export function standingOf(env: LanguageEnv, what: Driven, role: string): number {
  const standing = standsAt(env, what, role);
  const { min = Number.NaN, max = Number.NaN } = env.output?.range(role) ?? {};
  if (what === 'resistance') return Math.min(max, Math.max(min, standing));
  if (what !== 'voltage') return standing;
  const within = Math.min(max, Math.max(min, standing));
  // A reading at the end of what may be set lies a little beyond it half of the time.
  return Math.abs(within - standing) <= BEYOND_FRAC * (max - min) ? within : standing;
}

/** Why a way has no beginning. */
export function unknownStanding(what: Driven): string {
  return `from which ${what} the way of per_ begins is not known: nothing usable is read there`;
}

function standsAt(env: LanguageEnv, what: Driven, role: string): number {
  const { output } = env;
  if (output === undefined || env.applied(output.roles.output) !== 1) return whileOff(env, what);
  const applied = env.applied(role);
  const shown = shownOf(env, what);
  if (isTold(env)) {
    // Of a channel that holds something else the set current is the most that it may give, not what flows.
    return drives(env, MODE[what]) && !Number.isNaN(applied) ? applied : shownOr(shown, what);
  }
  const isLimited = shown < LIMITED_FRAC * applied;
  if (isLimited) return Math.max(0, shown);
  // At the most that may be set it is a limit, and not what flows.
  const isLimit = Number.isNaN(applied) || applied >= output.range(role).max;
  if (Number.isNaN(shown) && isLimit) return what === 'voltage' && output.subject === 'cell' ? shown : 0;
  return Number.isNaN(applied) ? shown : applied;
}

function whileOff(env: LanguageEnv, what: Driven): number {
  if (what === 'resistance') return Infinity;
  if (what !== 'voltage') return 0;
  const shown_V = voltageNow_V(env);
  // A supply that is off gives 0 V; at a cell 0 V is not nothing.
  return Number.isNaN(shown_V) && env.output?.subject === 'stack' ? 0 : shown_V;
}

/** No current is known to flow: its way begins at none. */
function shownOr(shown: number, what: Driven): number {
  if (what === 'voltage' || !Number.isNaN(shown)) return shown;
  return what === 'resistance' ? Infinity : 0;
}

/** What flows or stands there as it is read; NaN where nothing usable is. */
export function shownOf(env: LanguageEnv, what: Driven): number {
  const subject = env.output?.subject ?? 'cell';
  const [current_A, voltage_V] = [env.value(`${subject}.current_A`), voltageNow_V(env)];
  if (what === 'current') return current_A;
  if (what === 'voltage') return voltage_V;
  if (what === 'resistance') return current_A < 0 ? -voltage_V / current_A : Infinity;
  const power_W = env.value(`${subject}.power_W`);
  return Number.isNaN(power_W) ? current_A * voltage_V : power_W;
}

const isTold = ({ output }: LanguageEnv): boolean => output?.roles.mode !== undefined;

/** A channel that is told its mode is in this one. */
function drives(env: LanguageEnv, mode: Told): boolean {
  const { roles, modes } = env.output ?? {};
  return roles?.mode !== undefined && env.applied(roles.mode) === modes?.[mode];
}

/** From where the output is led into a mode; `turns`: what drives it moves on the way and may change its sign. */
export function intoOf(env: LanguageEnv, mode: OutputMode, isOn: boolean, turns = false): Into {
  const { roles } = env.output ?? {};
  const isSlow = [roles?.current, roles?.voltage, roles?.power, roles?.resistance].some(
    role => role !== undefined && env.limits(role)?.ramp_per_s !== undefined,
  );
  return { isOn, turns, isSlow, from_A: heldFrom_A(env, mode, isOn) };
}

/**
 * The current from which the output has to come up, A, where the bench holds its current to a rate and the step changes what
 * drives it: a limit that is lifted or a mode that is told would let it leap. Undefined: nothing is to be held.
 */
function heldFrom_A(env: LanguageEnv, mode: OutputMode, isOn: boolean): number | undefined {
  const { output } = env;
  const role = output?.roles.current;
  if (output === undefined || role === undefined || mode === 'rest') return undefined;
  if (env.limits(role)?.ramp_per_s === undefined) return undefined;
  if (!isOn) return isTold(env) ? 0 : undefined;
  const told = mode === 'cccv' ? 'cc' : mode;
  if (isTold(env) ? drives(env, told) : isHeldBy(env, mode)) return undefined;
  const from_A = standingOf(env, 'current', role);
  const { min, max } = output.range(role);
  return Math.min(max, Math.max(min, from_A));
}

/** A supply is held by what this mode drives already; another value of it is the method's own step. */
function isHeldBy(env: LanguageEnv, mode: OutputMode): boolean {
  const { output } = env;
  const role = mode === 'cv' ? output?.roles.voltage : mode === 'cp' ? output?.roles.power : undefined;
  if (output === undefined || role === undefined) return false;
  return env.applied(role) < output.range(role).max;
}
