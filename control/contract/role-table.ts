import type { Accuracy } from '../../drivers/contract/device.ts';
import type { Quantity } from '../../drivers/contract/units.ts';

/** A role that is measured: where its value stands in which device's frame. */
export interface MeasuredRole {
  readonly role: string;
  readonly device: string;
  /** Channel in the bench file's words, e.g. `rack.cell[].voltage_V`. */
  readonly channel: string;
  /** First column of the device's frame, and how many (1 unless the role is an array). */
  readonly first: number;
  readonly count: number;
  readonly accuracy: Accuracy;
  readonly stale_after_s: number;
  /** Names of the states that its numbers are, for people. Absent: a quantity. */
  readonly words?: Readonly<Record<string, string>>;
}

/** A role that can be set. */
export interface SettableRole {
  readonly role: string;
  readonly device: string;
  readonly key: Quantity;
  readonly min: number;
  readonly max: number;
  readonly tolerance: number;
  /** Undefined: no ramp limit. In the role's unit per second. */
  readonly ramp_per_s: number | undefined;
}

/** Figures of what stands on the bench, and of the bench, under the names that methods ask for: `capacity_Ah`. */
export interface BenchFigures {
  readonly subject: Readonly<Record<string, number>>;
  readonly bench: Readonly<Record<string, number>>;
}

/**
 * Every role of the bench file by name, with its place in the instruments: those that are measured, those
 * that can be set.
 */
export interface RoleTable {
  readonly measured: ReadonlyMap<string, MeasuredRole>;
  readonly settable: ReadonlyMap<string, SettableRole>;
  /** What conditions of the bench file may name beside roles; absent: it has none. */
  readonly figures?: BenchFigures;
}

/**
 * What sets a measured role, by its name: `stack.currentSet_A` sets `stack.current_A`, `h2.flowSet_NL_per_min` sets
 * `h2.flow_NL_per_min`. Undefined: nothing does.
 */
export function settableOf(
  role: string,
  { settable }: Pick<RoleTable, 'settable'>,
): SettableRole | undefined {
  const at = role.indexOf('_', role.lastIndexOf('.'));
  return at < 0 ? undefined : settable.get(`${role.slice(0, at)}Set${role.slice(at)}`);
}
