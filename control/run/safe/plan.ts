import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Bench, SafeProof, SafeStep } from '../../bench/bench.ts';
import type { Unproven } from '../../contract/cause.ts';
import type { RoleTable } from '../../contract/role-table.ts';

/**
 * The way into the safe state as a declared list, and what whoever walks it must be able to do. No field is shared with
 * anybody: another process can walk the same list with its own connections.
 */
export interface SafePlan {
  readonly steps: readonly SafeStep[];
  readonly proof: readonly SafeProof[];
  /** Device behind each role that a line sets. */
  readonly deviceOf: Readonly<Record<string, string>>;
  /** Device behind each role that is looked at. */
  readonly readBy: Readonly<Record<string, string>>;
  /** Time between two readings of each role that is looked at, s. */
  readonly poll_s: Readonly<Record<string, number>>;
  /** Time after which an instrument's own watchdog switches its output off, s; absent where it has none. */
  readonly watchdog_s: Readonly<Record<string, number>>;
  /** Where a vent starts from while the pressure cannot be read, barg. */
  readonly pressureMax_barg: number;
}

/** What a line of the safe state writes to: a device's own safe list, or one role. */
export type SafeTarget = { readonly device: string } | { readonly role: string; readonly value: number };

/** A step on the way, told as it happens. */
export interface SafeNote {
  readonly what: 'begin' | 'line' | 'vent' | 'proof' | 'outcome' | 'watch';
  readonly ok: boolean;
  readonly text: string;
  /** Whose own safe list it was, where the line is one. */
  readonly device?: string;
  readonly took_s?: number;
  readonly unproven?: readonly Unproven[];
}

/** The hands and eyes of whoever walks. */
export interface SafeIo {
  readonly clock: Clock;
  /** Urgent; resolves once it is read back, rejects with what is wrong. */
  write(target: SafeTarget): Promise<void>;
  /** Newest usable value of a role, NaN where there is none, and when its reading arrived. */
  read(role: string): { readonly value: number; readonly t_s: number };
  /** What the instrument holds as its set value now, read back; NaN: it does not say. Never rejects. */
  held(role: string): Promise<number>;
  /** What it was last known to hold; NaN: never. */
  lastHeld(role: string): number;
  /** Whether the instrument still holds what a line has set; undefined: it does not say. Never rejects. */
  holds(target: SafeTarget): Promise<boolean | undefined>;
  /** Aborted when the walk is to be let go: the bench is closed. */
  readonly signal: AbortSignal;
  /** Whether a device can be spoken to at all now. */
  answers(device: string): boolean;
  /** Another run needs this device: until none does, its safe state is that one's. */
  isLeft(device: string): boolean;
  /** Leaves a device alone for so long, s, so that its own watchdog acts. */
  leaveAlone(device: string, for_s: number): void;
  note(note: SafeNote): void;
}

/** The plan that a bench file declares. */
export function safePlanOf(bench: Bench, roles: RoleTable): SafePlan {
  const { steps, proof } = bench.safeState;
  const poll_s: Record<string, number> = {};
  const readBy: Record<string, string> = {};
  for (const role of roles.measured.values()) {
    poll_s[role.role] = bench.devices[role.device]?.poll_s ?? 0;
    readBy[role.role] = role.device;
  }
  return {
    steps,
    proof,
    deviceOf: Object.fromEntries([...roles.settable.values()].map(role => [role.role, role.device])),
    readBy,
    poll_s,
    watchdog_s: Object.fromEntries(
      Object.entries(bench.devices).flatMap(([id, { watchdog }]) =>
        watchdog === undefined ? [] : [[id, watchdog.timeout_s] as const],
      ),
    ),
    // A cell has no gas side.
    pressureMax_barg: bench.stack?.pressureMax_barg ?? 0,
  };
}

/** Pressure that has been let off may read a little higher again before it counts as back, bar and part of the limit. */
const BACK_BAR = 0.1;
const BACK_FRAC = 0.1;

/** What must go on holding once the safe state has been walked: its proofs, and that no pressure has come back. */
export function lastingProofs({ proof, steps }: SafePlan): SafeProof[] {
  const vents = steps.flatMap(step => {
    if (!('vent' in step)) return [];
    const { role, below, within_s, otherwise } = step;
    const limit = below + Math.max(BACK_BAR, BACK_FRAC * Math.abs(below));
    return [{ role, is: '<' as const, limit, within_s, otherwise }];
  });
  return [...proof, ...vents];
}

/** Whether a proof, or what a vent lets off, is of a device that another run needs: then it is that one's to prove. */
export function isLeft(
  { readBy }: SafePlan,
  { isLeft }: Pick<SafeIo, 'isLeft'>,
  { role }: Pick<SafeProof, 'role'>,
): boolean {
  const device = readBy[role.replace(/\.(min|mean|max)$/, '')];
  return device !== undefined && isLeft(device);
}

/** Whether a reading satisfies a line of the safe state; NaN satisfies nothing. */
export function proves(proof: Pick<SafeProof, 'is' | 'limit'>, value: number): boolean {
  return proof.is === '<' ? value < proof.limit : value > proof.limit;
}
