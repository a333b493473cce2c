import type { StepEnv } from '../../steps/step.ts';
import { currentBeside } from '../bench/held-potential.ts';
import type { SoftwareLoop } from './actions/software-loop.ts';

/**
 * How the electrical steps of a method are put on the set points of a bench. Two kinds of instruments: one that crosses
 * over by itself between its limits of current, voltage and power (a supply), and one channel that is told its mode by a
 * number (a cycler).
 */

/** What an electrical step wants of the output. */
export type OutputMode = 'rest' | 'cc' | 'cv' | 'cp' | 'cr' | 'cccv';

/** How the output is driven where a quantity of it is ramped or followed. */
export const MODE_OF: Readonly<Record<string, OutputMode>> = { current: 'cc', voltage: 'cv', power: 'cp' };

/** Set points of the output by what they mean; the ones that the bench does not have are missing. */
export interface OutputRoles {
  readonly output: string;
  readonly current?: string;
  readonly voltage?: string;
  readonly power?: string;
  readonly resistance?: string;
  /** Of an instrument that is told its mode. */
  readonly mode?: string;
  /** Voltages between which such an instrument stays whatever its mode. */
  readonly voltageMax?: string;
  readonly voltageMin?: string;
}

/** The output of a bench. */
export interface Output {
  readonly subject: 'stack' | 'cell';
  readonly roles: OutputRoles;
  /** Numbers of the modes, of an instrument that is told its mode. */
  readonly modes?: Readonly<Partial<Record<Exclude<OutputMode, 'cccv'>, number>>>;
  /** Potentials that software may hold by the current, where the bench says so. */
  readonly loops?: ReadonlyMap<string, SoftwareLoop>;
  /** What the sheet of the cell says, both ways, A. */
  readonly currentMax_A?: number;
  /** What the bench allows for a set point, in its unit. */
  range(role: string): { readonly min: number; readonly max: number };
}

/** Set points in the units of their roles, by what they mean. */
export interface OutputValues {
  readonly current?: number;
  readonly voltage?: number;
  readonly power?: number;
  readonly resistance?: number;
}

/** Set points that may stand in any order; all are applied before the next stage is asked for. */
export type Stage = readonly (readonly [role: string, value: number])[];

/** The output stands switched on, and nobody has asked meanwhile for it to go off. */
export function isOutputOn(env: Pick<StepEnv, 'applied' | 'answer'>, { roles }: Output): boolean {
  const { outcome, asked } = env.answer(roles.output);
  return env.applied(roles.output) === 1 && !(outcome === 'pending' && asked === 0);
}

/** What each mode sets of its own. */
const DRIVES: Readonly<Record<OutputMode, readonly (keyof OutputValues)[]>> = {
  rest: [],
  cc: ['current'],
  cv: ['voltage'],
  cp: ['power'],
  cr: ['resistance'],
  cccv: ['current', 'voltage'],
};

/** Why a bench cannot drive its output so, in words; undefined: it can. */
export function cannotDrive(output: Output | undefined, mode: OutputMode): string | undefined {
  if (output === undefined) return 'nothing electrical is under test on this bench';
  const { roles, modes } = output;
  const told = mode === 'cccv' ? 'cc' : mode;
  if (roles.mode !== undefined && mode !== 'rest' && modes?.[told] === undefined)
    return `the bench does not say which number of ${roles.mode} is ${told}, expected output: { modes: { ${told}: ... } } in the bench file`;
  if (mode === 'cv' && roles.mode !== undefined && !isBounded(output))
    return 'nothing on this bench bounds the current beside a constant voltage, expected a set point of the current (currentSet_A) with its limits in the bench file, or cccv with a current';
  const missing = DRIVES[mode].find(what => settingFor(roles, mode, what) === undefined);
  return missing === undefined ? undefined : `nothing on this bench sets the ${missing} of its output`;
}

function isBounded({ roles, range }: Output): boolean {
  return roles.current !== undefined && currentBeside(range(roles.current)) !== undefined;
}

/** A cycler's constant current ends at a voltage by its own limits. */
function settingFor(roles: OutputRoles, mode: OutputMode, what: keyof OutputValues): string | undefined {
  if (mode === 'cccv' && what === 'voltage' && roles.mode !== undefined) return roles.voltageMax;
  return roles[what];
}

/** From where the output is led into a mode. */
export interface Into {
  /** It is switched on now. */
  readonly isOn: boolean;
  /** What drives it moves on the way and may change its sign. */
  readonly turns?: boolean;
  /** The gate holds a set point of it to a rate: that one is not there yet when a mode is told with it. */
  readonly isSlow?: boolean;
  /** Its current has to come up from here at the rate that the gate holds, A; undefined: it may leap. */
  readonly from_A?: number | undefined;
}

/** The stages that lead into a mode, from where the output stands. */
export function stagesInto(
  output: Output,
  mode: OutputMode,
  values: OutputValues,
  into: Into,
): readonly Stage[] {
  const { roles } = output;
  if (mode === 'rest') return intoRest(output);
  if (roles.mode === undefined) return ofSupply(output, values, into);
  return ofChannel(output, mode, values, into);
}

/**
 * The current that stands beside what another quantity drives, as the most that may flow; undefined: none is set. Of a voltage
 * nobody can tell which way it flows. A power says it, a resistance only discharges.
 */
function besideOf(
  { roles, range }: Output,
  mode: OutputMode,
  { power = 0 }: OutputValues,
  turns: boolean,
): number | undefined {
  if (roles.current === undefined) return undefined;
  const { min, max } = range(roles.current);
  if (mode === 'cv') return currentBeside({ min, max });
  if (mode !== 'cp' && mode !== 'cr') return undefined;
  const charge = max > 0 && Number.isFinite(max) ? max : undefined;
  const discharge = min < 0 && Number.isFinite(min) ? min : undefined;
  if (mode === 'cr') return discharge;
  if (!turns && power !== 0) return power > 0 ? charge : discharge;
  return Math.abs(discharge ?? 0) > (charge ?? 0) ? discharge : charge;
}

/** Off first; then nothing is left that would flow at once when it is switched on again. */
function intoRest({ roles }: Output): readonly Stage[] {
  const off: Stage = [[roles.output, 0]];
  return roles.mode === undefined && roles.current !== undefined ? [off, [[roles.current, 0]]] : [off];
}

/**
 * What is not asked for stands at the most that the bench allows. While it is on, what drives comes first: a limit that
 * has held the output so far is not lifted before the next one holds it. A current comes up from nothing after switching on.
 */
function ofSupply(output: Output, values: OutputValues, { isOn, from_A }: Into): readonly Stage[] {
  const { roles } = output;
  const limit = (what: 'current' | 'voltage' | 'power'): Stage => {
    const role = roles[what];
    if (role === undefined) return [];
    return [[role, values[what] ?? output.range(role).max]];
  };
  const all = ['current', 'voltage', 'power'] as const;
  const { current } = roles;
  const driven = all.filter(what => values[what] !== undefined);
  const others = all.filter(what => values[what] === undefined);
  if (isOn && from_A !== undefined && current !== undefined) {
    // Held at what flows, or at less, while another limit takes over.
    const held: Stage = [[current, Math.min(from_A, values.current ?? Infinity)]];
    const beside = (list: readonly (typeof all)[number][]): Stage =>
      list.filter(what => what !== 'current').flatMap(limit);
    return [held, beside(driven), beside(others), limit('current')];
  }
  if (isOn) return [driven.flatMap(limit), others.flatMap(limit)];
  const from: Stage = current === undefined ? [] : [[current, 0]];
  return [[...limit('voltage'), ...limit('power'), ...from], [[roles.output, 1]], limit('current')];
}

/**
 * Set points and mode first, in this order, so that a mode never meets another one's set point. A voltage, a power or a
 * resistance is held with the current that the bench allows beside it: set before the output is on, and behind the mode where
 * it is on already, so that it never flows as a current of its own. What is held to a rate is there before the mode is told, and
 * a current comes up behind it.
 */
function ofChannel(
  output: Output,
  mode: OutputMode,
  values: OutputValues,
  { isOn, turns = false, isSlow = false, from_A }: Into,
): readonly Stage[] {
  const { roles, modes } = output;
  const setting = (role: string | undefined, value: number | undefined): Stage =>
    role === undefined || value === undefined ? [] : [[role, value]];
  const ends = (role: string | undefined, which: 'min' | 'max'): number | undefined =>
    role === undefined ? undefined : output.range(role)[which];
  const isLimited = mode === 'cccv';
  const isCharge = (values.current ?? 0) >= 0;
  const high = isLimited && isCharge ? values.voltage : ends(roles.voltageMax, 'max');
  const low = isLimited && !isCharge ? values.voltage : ends(roles.voltageMin, 'min');
  const told = setting(roles.mode, modes?.[mode === 'cccv' ? 'cc' : mode]);
  const most = setting(roles.current, besideOf(output, mode, values, turns));
  const flows = setting(roles.current, values.current);
  const ownEnds = [...setting(roles.voltageMax, high), ...setting(roles.voltageMin, low)];
  const own = [
    ...(isLimited ? [] : setting(roles.voltage, values.voltage)),
    ...setting(roles.power, values.power),
    ...setting(roles.resistance, values.resistance),
  ];
  const on: Stage = isOn ? [] : [[roles.output, 1]];
  if (from_A !== undefined)
    return [[...ownEnds, ...setting(roles.current, from_A), ...own], told, on, [...most, ...flows]];
  const first: Stage = [...ownEnds, ...(isOn ? [] : most), ...flows, ...own];
  const into: readonly Stage[] = isSlow ? [first, told] : [[...first, ...told]];
  if (!isOn) return [...into, on];
  return most.length === 0 ? into : [...into, most];
}
