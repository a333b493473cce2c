import { z } from 'zod';
import type { Frame } from '../../../drivers/contract/frame.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { ProbeParts } from './kind.ts';
import { newWatch, note, type Watch } from './one-role.ts';
import type { Probe } from './probe.ts';
import { type Seen, silence } from './words.ts';

/** What the probes of two roles have in common, each of a device of its own or both of one. */

/** Value and reason of each side; null: not seen yet. */
const side = z.tuple([z.number().nullable(), z.string()]).nullable();
const memory = z.tuple([side, side]);

/** One of the two: where it is measured, and what was read last. */
export interface Side {
  readonly role: MeasuredRole;
  readonly seen: Seen;
  readonly watch: Watch;
  hasSeen: boolean;
}

/** The two sides, and what they answer whatever is judged of them. */
export interface TwoRoles extends Pick<Probe, 'devices' | 'isSilent'> {
  readonly a: Side;
  readonly b: Side;
  /** Takes a frame of one or both; true once both have been seen: until then there is nothing to judge. */
  take(frame: Frame): boolean;
  /** Why there is nothing usable to judge; undefined where both are read. */
  trouble(now_s: number): string | undefined;
  /** Both have been seen and are usable. */
  isUsable(): boolean;
  state(): Json;
}

/** Opens both sides; `from`: what `state` once said. @throws DeviceError `config` for an array role */
export function twoRoles(one: string, other: string, parts: ProbeParts, from: Json | undefined): TwoRoles {
  const a = open(parts, one);
  const b = open(parts, other);
  if (from !== undefined) {
    const [fromA, fromB] = memory.parse(from);
    recall(a, fromA);
    recall(b, fromB);
  }
  return {
    a,
    b,
    devices: a.seen === b.seen ? [a.seen] : [a.seen, b.seen],
    take(frame) {
      if (frame.device === a.role.device) read(a, frame);
      if (frame.device === b.role.device) read(b, frame);
      return a.hasSeen && b.hasSeen;
    },
    isSilent: now_s => isLate(a, now_s) || isLate(b, now_s),
    trouble: now_s =>
      silence(a.role, a.seen, now_s) ?? silence(b.role, b.seen, now_s) ?? unusable(a) ?? unusable(b),
    isUsable: () => a.watch.reason === '' && b.watch.reason === '',
    state: () => [remember(a), remember(b)],
  };
}

function open(parts: ProbeParts, name: string): Side {
  const role = parts.single(name);
  return { role, seen: parts.seenOf(role.device), watch: newWatch(role), hasSeen: false };
}

function read(side: Side, frame: Frame): void {
  const { role, watch } = side;
  side.hasSeen = true;
  watch.reason = '';
  watch.value = note(watch, frame, role.first) ? frame.values[role.first] : Number.NaN;
}

function isLate({ role, seen }: Side, now_s: number): boolean {
  return now_s - seen.last_s > role.stale_after_s;
}

function unusable({ role, watch }: Side): string | undefined {
  return watch.reason === '' ? undefined : `${role.role} (${role.device}) is ${watch.reason}`;
}

function remember({ hasSeen, watch }: Side): [number | null, string] | null {
  return hasSeen ? [Number.isNaN(watch.value) ? null : watch.value, watch.reason] : null;
}

function recall(side: Side, from: z.infer<typeof memory>[number]): void {
  if (from === null) return;
  side.hasSeen = true;
  [side.watch.value, side.watch.reason] = [from[0] ?? Number.NaN, from[1]];
}
