import { z } from 'zod';
import { type Frame, isUsable } from '../../../drivers/contract/frame.ts';
import type { SlotPlace } from '../../../profiles/language/evaluate/code.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import { type Condition, type ConditionSlot, rolesIn } from './condition.ts';
import type { ProbeParts } from './kind.ts';
import { nameOf, type Seen, show, silence, unusable } from './words.ts';

/** The newest readings of any number of roles, each of a device of its own or several of one, in a row for conditions. */

/** Of each role whether it was seen, its values (null: not usable), and why one is not. */
const memory = z.array(z.tuple([z.boolean(), z.array(z.number().nullable()), z.string()]));

interface ReadRole {
  readonly role: MeasuredRole;
  readonly seen: Seen;
  /** In the unit of the role. */
  readonly values: Float64Array;
  /** Where they stand in the row, turned into the unit asked for. */
  readonly slots: readonly {
    readonly first: number;
    readonly num: number;
    readonly den: number;
    readonly plus: number;
  }[];
  hasSeen: boolean;
  /** Why a member is not usable; empty: all are. */
  reason: string;
}

/** Roles of some conditions of one bench file. */
export class RoleReadings {
  /** What the conditions read. */
  readonly row: Float64Array;
  readonly devices: readonly Seen[];
  readonly #roles: readonly ReadRole[];
  readonly #places = new Map<string, SlotPlace>();
  #isAllSeen = false;

  /** `from`: what `state` once said. @throws DeviceError `config` of a role that nothing measures */
  constructor(conditions: readonly Condition[], parts: ProbeParts, from: Json | undefined) {
    const slots = conditions.flatMap(one => one.slots);
    let size = 0;
    for (const slot of slots) {
      const key = JSON.stringify(slot);
      if (this.#places.has(key)) continue;
      const count = slot.from === 'role' && slot.isArray ? parts.measured(`${slot.role}[]`).count : 1;
      this.#places.set(key, { first: size, count });
      size += count;
    }
    this.row = new Float64Array(size).fill(Number.NaN);
    for (const slot of slots) if (slot.from !== 'role') this.row[this.placeOf(slot).first] = slot.value;
    const names = [...new Set(conditions.flatMap(rolesIn))];
    const saved = from === undefined ? undefined : memory.parse(from);
    this.#roles = names.map((name, i): ReadRole => {
      const role = name.endsWith('[]') ? parts.measured(name) : parts.single(name);
      const asked = slots.filter(
        slot => slot.from === 'role' && name === (slot.isArray ? `${slot.role}[]` : slot.role),
      );
      const [hasSeen, values, reason] = saved?.[i] ?? [false, [], ''];
      const read: ReadRole = {
        role,
        seen: parts.seenOf(role.device),
        values: Float64Array.from({ length: role.count }, (_, k) => values[k] ?? Number.NaN),
        slots: asked.flatMap(slot =>
          slot.from === 'role' ? [{ first: this.placeOf(slot).first, ...slot.to }] : [],
        ),
        hasSeen,
        reason,
      };
      fill(read, this.row);
      return read;
    });
    this.#isAllSeen = this.#roles.every(one => one.hasSeen);
    this.devices = [...new Set(this.#roles.map(one => one.seen))];
  }

  /** Where the value of a slot stands. */
  placeOf(slot: ConditionSlot): SlotPlace {
    const found = this.#places.get(JSON.stringify(slot));
    if (found === undefined) throw new RangeError(`${JSON.stringify(slot)} is of another condition`);
    return found;
  }

  /** Takes a frame; true once every role has been seen: until then there is nothing to judge. */
  take(frame: Frame): boolean {
    for (let i = 0; i < this.#roles.length; i++)
      if (this.#roles[i].role.device === frame.device) read(this.#roles[i], frame, this.row);
    if (!this.#isAllSeen) this.#isAllSeen = this.#roles.every(one => one.hasSeen);
    return this.#isAllSeen;
  }

  /** One of its instruments says nothing for longer than it may. */
  isSilent(now_s: number): boolean {
    for (let i = 0; i < this.#roles.length; i++) {
      const { seen, role } = this.#roles[i];
      if (now_s - seen.last_s > role.stale_after_s) return true;
    }
    return false;
  }

  /** Which instrument is silent, in words; undefined: none is. */
  silence(now_s: number): string | undefined {
    for (const { role, seen } of this.#roles) {
      const found = silence(role, seen, now_s);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Which roles cannot be used, and why, in words; empty: all can. */
  unusable(): string {
    return this.#roles
      .filter(one => one.reason !== '')
      .map(({ role, reason }) => `${role.role} (${role.device}) is ${reason}`)
      .join(', ');
  }

  /** What was read last of every role, in words: of an array its lowest and highest. */
  words(): string {
    return this.#roles.map(wordsOf).join(', ');
  }

  state(): Json {
    return this.#roles.map(({ hasSeen, values, reason }) => [
      hasSeen,
      Array.from(values, v => (Number.isNaN(v) ? null : v)),
      reason,
    ]);
  }
}

function read(one: ReadRole, frame: Frame, row: Float64Array): void {
  const { role, values } = one;
  one.hasSeen = true;
  one.reason = '';
  for (let i = 0; i < role.count; i++) {
    const column = role.first + i;
    if (isUsable(frame.values[column], frame.quality[column])) values[i] = frame.values[column];
    else {
      values[i] = Number.NaN;
      if (one.reason === '') one.reason = unusable(frame, column);
    }
  }
  fill(one, row);
}

function fill({ values, slots }: ReadRole, row: Float64Array): void {
  for (let k = 0; k < slots.length; k++) {
    const { first, num, den, plus } = slots[k];
    for (let i = 0; i < values.length; i++) row[first + i] = (values[i] * num) / den + plus;
  }
}

function wordsOf({ role, values, reason }: ReadRole): string {
  if (reason !== '') return `${role.role} is ${reason}`;
  if (role.count === 1) return `${nameOf(role, role.first)} = ${show(values[0], role.role)}`;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return `${role.role} = ${Number(low.toPrecision(5))} .. ${show(high, role.role)}`;
}
