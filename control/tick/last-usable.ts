import type { Device } from '../../drivers/contract/device.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import type { CellValues, RoleValue } from '../contract/shown.ts';
import type { ProcessImage } from './image.ts';

/** A value is kept each so often, s: what is shown as the last one may be so much older than the last reading. */
const EACH_S = 1;
/** Of an array its lowest, mean and greatest member. */
export const OF_ARRAY = ['min', 'mean', 'max'] as const;

/** What of a session is kept. */
interface Newest {
  readonly image: ProcessImage;
  readonly parts: { readonly roles: RoleTable; readonly devices: ReadonlyMap<string, Device> };
}

/** The names under which a role is shown: of an array its figures. */
export function shownNames({ role, count }: MeasuredRole): readonly string[] {
  return count === 1 ? [role] : OF_ARRAY.map(figure => `${role}.${figure}`);
}

/** What a device says is no reading while its line is not there; values that have no device of their own always are. */
export function isThere({ parts }: Pick<Newest, 'parts'>, { device }: MeasuredRole): boolean {
  const found = parts.devices.get(device);
  return found === undefined || found.state === 'ready';
}

/**
 * The last usable value of every role that is shown, and of the members of one array, with their times: what a person may
 * still read of an instrument that no longer answers. No allocation while it looks.
 */
export class LastUsable {
  readonly #of: Newest;
  readonly #roles: readonly {
    readonly role: MeasuredRole;
    readonly names: readonly string[];
    readonly first: number;
  }[];
  readonly #values: Float64Array;
  readonly #t_s: Float64Array;
  readonly #place = new Map<string, number>();
  readonly #cells: MeasuredRole | undefined;
  readonly #members: Float64Array;
  readonly #now: Float64Array;
  #members_s = Number.NaN;
  #looked_s = Number.NEGATIVE_INFINITY;
  /** A rehearsal hurries through its night: nothing is kept before somebody looks. */
  #isAsked: boolean;

  /** `cells`: the array whose members are kept one by one. */
  constructor(of: Newest, cells: string, waitsForFirst = false) {
    this.#of = of;
    this.#isAsked = !waitsForFirst;
    let first = 0;
    this.#roles = [...of.parts.roles.measured.values()].map(role => {
      const names = shownNames(role);
      const at = { role, names, first };
      for (const [i, name] of names.entries()) this.#place.set(name, first + i);
      first += names.length;
      return at;
    });
    this.#values = new Float64Array(first).fill(Number.NaN);
    this.#t_s = new Float64Array(first).fill(Number.NaN);
    this.#cells = of.parts.roles.measured.get(cells);
    this.#members = new Float64Array(this.#cells?.count ?? 0).fill(Number.NaN);
    this.#now = new Float64Array(this.#members.length);
  }

  /** After a tick, s of the session's clock. */
  look(now_s: number): void {
    if (!this.#isAsked || now_s - this.#looked_s < EACH_S) return;
    this.#looked_s = now_s;
    const { image } = this.#of;
    for (let i = 0; i < this.#roles.length; i++) {
      const { role, names, first } = this.#roles[i];
      if (!isThere(this.#of, role)) continue;
      for (let k = 0; k < names.length; k++) {
        const value = image.value(names[k]);
        if (Number.isNaN(value)) continue;
        this.#values[first + k] = value;
        this.#t_s[first + k] = image.arrived_s(role.role);
      }
    }
    const cells = this.#cells;
    if (cells === undefined || !isThere(this.#of, cells)) return;
    image.fill(cells.role, this.#now, 0);
    if (!this.#now.some(Number.isFinite)) return;
    this.#members.set(this.#now);
    this.#members_s = image.arrived_s(cells.role);
  }

  /** The last usable value under the name that is shown, and its age, s, at a time of the session's clock. */
  of(name: string, now_s: number): RoleValue['last'] {
    this.#isAsked = true;
    const place = this.#place.get(name);
    if (place === undefined || Number.isNaN(this.#t_s[place])) return undefined;
    return { value: this.#values[place], age_s: Math.max(0, now_s - this.#t_s[place]) };
  }

  /** The same of the members of the array. */
  members(now_s: number): CellValues['last'] {
    this.#isAsked = true;
    if (Number.isNaN(this.#members_s)) return undefined;
    const values = Array.from(this.#members, value => (Number.isFinite(value) ? value : null));
    return { values, age_s: Math.max(0, now_s - this.#members_s) };
  }
}
