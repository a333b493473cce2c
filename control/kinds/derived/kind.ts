import type { z } from 'zod';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import { type Frame, isUsable, QUALITY, QUALITY_NAMES } from '../../../drivers/contract/frame.ts';
import type { Unit } from '../../../drivers/contract/units.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';

/**
 * Roles that are worked out of other roles: recorded, judged and shown like measured ones. What every kind has to say
 * of itself; a new one is its file and one line in `index.ts`.
 */

/** Device id under which derived roles are recorded. */
export const DERIVED_DEVICE = 'derived';

/** Device id under which roles are recorded that a method works out of others. */
export const METHOD_DEVICE = 'method';

/** True of what has no instrument: its channels are the roles themselves. */
export function isOwnChannel(device: string): boolean {
  return device === DERIVED_DEVICE || device === METHOD_DEVICE;
}

/** From the least to the most that can be shown. */
export type Range = readonly [low: number, high: number];

/** No range: counts and slopes have no end of their own. */
export const ANY: Range = [-1e12, 1e12];

/** Nothing is declared of it. */
export const UNKNOWN: Accuracy = { reading_pct: 0, abs: Number.NaN, basis: 'default' };

/** What a derivation says now. */
export interface Output {
  value: number;
  /** One of `QUALITY`. */
  quality: number;
  /** Why it is not usable; empty while it is. */
  reason: string;
}

/** One derived role at work. No allocation in `take`. */
export interface Derivation {
  readonly out: Output;
  /** Takes a frame of one of its sources' devices and brings `out` up to date. */
  take(frame: Frame): void;
  /** Its history; opened again with it, it goes on as if nothing had been. Null: it has none. */
  state(): Json;
}

/** One kind of derived role. */
export interface DerivedKind<S extends z.ZodObject, Spec = z.infer<S>> {
  /** Its keys in the bench file; `kind` is the literal that names it. */
  readonly schema: S;
  /** Whether it is worked out of an array role or of roles of one value. */
  readonly takes: 'array' | 'single';
  /** Key in the bench file -> role of which it is worked out. */
  sources(spec: Spec): Readonly<Record<string, string>>;
  /** Unit of the derived role from that of its source; undefined: it cannot be worked out of this. */
  unit(of: Unit): string | undefined;
  /** What it can show, from what its sources can. */
  range(...sources: Range[]): Range;
  accuracy(source: Accuracy): Accuracy;
  open(spec: Spec, sources: readonly MeasuredRole[], from: Json | undefined): Derivation;
  /** How long it has no value at first, s; left out: it has one from the first reading on. */
  settles_s?(spec: Spec): number;
  /** What changes in a shortened run over wires; left out: nothing. */
  lapse?(spec: Spec, lapse: { readonly factor: number; readonly poll_s: number }): Partial<Spec>;
}

/** Nothing is known yet. */
export function newOutput(): Output {
  return { value: Number.NaN, quality: QUALITY.bad, reason: 'not read yet' };
}

/** Sets a usable value of this quality. */
export function say(out: Output, value: number, quality: number): void {
  out.value = value;
  out.quality = quality;
  out.reason = '';
}

/** True if the column is usable; else the output is bad, with the column's reason. */
export function isRead(out: Output, role: MeasuredRole, frame: Frame, column: number): boolean {
  if (isUsable(frame.values[column], frame.quality[column])) return true;
  out.value = Number.NaN;
  out.quality = QUALITY.bad;
  out.reason = `${role.role} is ${QUALITY_NAMES[frame.quality[column]]}${frame.reason === undefined ? '' : ` (${frame.reason})`}`;
  return false;
}

/** Unit of a difference of two values of this unit: of gauge pressures bar, of temperatures K. */
export function differenceUnit(unit: Unit): Unit {
  return unit === 'barg' || unit === 'bara' ? 'bar' : unit === 'degC' ? 'K' : unit;
}
