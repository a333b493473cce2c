import type { Device } from '../../drivers/contract/device.ts';
import type { SetAnswer } from '../../profiles/steps/step.ts';
import type { SettableRole } from '../contract/role-table.ts';

/** What became of a request to the gate. */
export type GateAnswer =
  | { readonly outcome: 'applied'; readonly applied: number }
  | { readonly outcome: 'refused' | 'failed' | 'overtaken'; readonly reason: string };

/** A request on its way. */
export interface Pending {
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
  /** Last value ever read back, kept while the instrument is lost. */
  lastKnown: number;
  target: Pending | undefined;
  writing: boolean;
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
    lastKnown: Number.NaN,
    target: undefined,
    writing: false,
    overtakes: 0,
    answer: NOTHING_ASKED,
    source: '',
  };
}

/** A value has been read back. */
export function known(line: GateLine, value: number): void {
  line.applied = value;
  line.lastKnown = value;
}

/** One step from `from` towards `to`. A role that was never written starts from its lower limit. */
export function rampLimited(
  spec: Pick<SettableRole, 'min' | 'ramp_per_s'>,
  from: number,
  to: number,
  period_s: number,
): number {
  if (spec.ramp_per_s === undefined) return to;
  const start = Number.isNaN(from) ? spec.min : from;
  const step = spec.ramp_per_s * period_s;
  if (Math.abs(to - start) <= step) return to;
  return start + Math.sign(to - start) * step;
}

/** What the gate remembers of one role, JSON; NaN stands as null. */
export interface SavedLine {
  readonly applied: number | null;
  readonly asked: number | null;
  readonly outcome: SetAnswer['outcome'];
  readonly reason: string;
  readonly source: string;
}

/** What the gate remembers, JSON: enough to go on where it stood. */
export interface GateState {
  readonly latch: string;
  readonly lines: Readonly<Record<string, SavedLine>>;
}

/** What is to be remembered of a role. */
export function saveLine({ applied, answer, source }: GateLine): SavedLine {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const { asked, outcome, reason } = answer;
  return { applied: orNull(applied), asked: orNull(asked), outcome, reason, source };
}

/** Goes on from what was remembered: a request that was still on its way is made again. */
export function restoreLine(line: GateLine, saved: SavedLine): void {
  const asked = saved.asked ?? Number.NaN;
  line.applied = saved.applied ?? Number.NaN;
  line.lastKnown = line.applied;
  line.answer = { outcome: saved.outcome, asked, reason: saved.reason };
  line.source = saved.source;
  if (saved.outcome === 'pending') line.target = { asked, source: saved.source, settle: () => {} };
}
