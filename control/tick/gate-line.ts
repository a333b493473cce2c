import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { AskedWay, SetAnswer } from '../../profiles/steps/step.ts';
import type { RoleTable, SettableRole } from '../contract/role-table.ts';
import type { Sink } from '../record/recording.ts';

/** What a gate is made of. */
export interface GateParts {
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly sink: Sink;
  /** Control period: a ramp-limited role moves by ramp_per_s * period_s per tick. */
  readonly period_s: number;
}

/** What became of a request to the gate. */
export type GateAnswer =
  | { readonly outcome: 'applied'; readonly applied: number }
  | { readonly outcome: 'refused' | 'failed' | 'overtaken'; readonly reason: string };

/** A request on its way. */
export interface Pending extends AskedWay {
  readonly asked: number;
  readonly source: string;
  readonly settle: (answer: GateAnswer) => void;
}

/** One settable role behind the gate. */
export interface GateLine {
  readonly spec: SettableRole;
  readonly device: Device;
  /** Last value read back; NaN before the first write, and while nobody knows what the instrument holds. */
  applied: number;
  /** What it was last known to hold, kept while the instrument is lost. */
  lastHeld: number;
  target: Pending | undefined;
  writing: boolean;
  /** When the write under way left, s. */
  sent_s: number;
  /** Counts what overtakes a write that is under way: its end then says nothing about the value that holds. */
  overtakes: number;
  /** What became of the newest request, and who asked. */
  answer: SetAnswer;
  source: string;
}

/** The answer for a role that nobody has asked for. */
export const NOTHING_ASKED: SetAnswer = { outcome: 'none', asked: Number.NaN, reason: '' };

/** A role before its first request. */
export function newLine(spec: SettableRole, device: Device): GateLine {
  return {
    spec,
    device,
    applied: Number.NaN,
    lastHeld: Number.NaN,
    target: undefined,
    writing: false,
    sent_s: 0,
    overtakes: 0,
    answer: NOTHING_ASKED,
    source: '',
  };
}

/** A value has been read back. */
export function known(line: GateLine, value: number): void {
  line.applied = value;
  line.lastHeld = value;
}

/** Why a value may not be set; undefined: it may. `latch`: why the gate is shut. */
export function refusalOf(
  line: GateLine | undefined,
  role: string,
  value: number,
  latch: string,
): string | undefined {
  if (latch !== '') return `gate is shut: ${latch}`;
  if (line === undefined) return `no device sets "${role}"`;
  const { min, max } = line.spec;
  if (!(value >= min && value <= max)) return `${value} is outside ${min} .. ${max}`;
  // The number of a mode or a program: an instrument would round it.
  if (role.endsWith('_count') && !Number.isInteger(value)) return `${value} is no whole number`;
  return undefined;
}

/** One step from `from` towards `to`. A role that was never written starts from its end where least flows. */
export function rampLimited(
  spec: Pick<SettableRole, 'role' | 'min' | 'max' | 'ramp_per_s'>,
  from: number,
  to: number,
  period_s: number,
): number {
  if (spec.ramp_per_s === undefined) return to;
  // The lower limit of a resistance is next to a short.
  const start = !Number.isNaN(from) ? from : spec.role.endsWith('_Ohm') ? spec.max : spec.min;
  const step = spec.ramp_per_s * period_s;
  if (Math.abs(to - start) <= step) return to;
  return start + Math.sign(to - start) * step;
}

/** The next value of a request: from what was applied, or from where what it sets stands, nearer to nothing. */
export function nextOf({ spec, applied }: GateLine, { asked, stands }: Pending, period_s: number): number {
  const isNearer = stands !== undefined && stands * applied >= 0 && Math.abs(stands) < Math.abs(applied);
  return rampLimited(spec, isNearer ? stands : applied, asked, period_s);
}

/** What the gate remembers of one role, JSON; NaN stands as null. */
export interface SavedLine {
  readonly applied: number | null;
  readonly lastHeld: number | null;
  readonly asked: number | null;
  readonly outcome: SetAnswer['outcome'];
  readonly reason: string;
  readonly took_s?: number;
  readonly source: string;
  /** The request under way; not always the newest one: that may have been refused. */
  readonly target: (Pick<Pending, 'asked' | 'source'> & AskedWay) | null;
}

/** What is to be remembered of a role. */
export function saveLine({ applied, lastHeld, target, answer, source }: GateLine): SavedLine {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    applied: orNull(applied),
    lastHeld: orNull(lastHeld),
    asked: orNull(answer.asked),
    outcome: answer.outcome,
    reason: answer.reason,
    ...(answer.took_s === undefined ? {} : { took_s: answer.took_s }),
    source,
    target: target === undefined ? null : savedTarget(target),
  };
}

function savedTarget({ asked, source, isOfHold, stands }: Pending): SavedLine['target'] {
  return { asked, source, isOfHold: isOfHold ?? false, ...(stands === undefined ? {} : { stands }) };
}

/** Goes on from what was remembered: a request that was still on its way is made again. */
export function restoreLine(line: GateLine, saved: SavedLine): void {
  const { outcome, reason, source, target, took_s } = saved;
  line.applied = saved.applied ?? Number.NaN;
  line.lastHeld = saved.lastHeld ?? Number.NaN;
  const answer = { outcome, asked: saved.asked ?? Number.NaN, reason };
  line.answer = took_s === undefined ? answer : { ...answer, took_s };
  line.source = source;
  if (target !== null) line.target = { ...target, settle: () => {} };
}

/** Where the turn of the audit is, JSON: what is looked at next, and the role that was found different once. */
export interface HeldState {
  readonly next: number;
  readonly suspect: string | null;
}

/** What the gate remembers, JSON: enough to go on where it stood. */
export interface GateState {
  readonly latch: string;
  readonly isPaused: boolean;
  readonly lines: Readonly<Record<string, SavedLine>>;
  /** Roles that nothing sets, and why they were refused. */
  readonly strangers: Readonly<Record<string, string>>;
  readonly held: HeldState;
}
