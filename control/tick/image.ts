import { type Frame, isUsable, QUALITY } from '../../drivers/contract/frame.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';

/** Frames as JSON. */
export type ImageState = readonly {
  readonly device: string;
  readonly t_s: number;
  readonly values: readonly (number | null)[];
  readonly quality: readonly number[];
  readonly reason?: string;
}[];

/** The newest frame of a device; undefined: it has not answered yet. */
interface Newest {
  frame: Frame | undefined;
}

/** What a name means: the measured role, its device's newest frame, and which figure of it. */
interface Named {
  readonly role: MeasuredRole;
  readonly newest: Newest;
  readonly what: string;
}

/**
 * The newest frame of every device, read by role: what the sequencer, the gate and the page see.
 * A value that is bad, silent for longer than its device's stale limit, or not a number reads as NaN.
 */
export class ProcessImage {
  readonly roles: RoleTable;
  readonly #newest = new Map<string, Newest>();
  readonly #now_s: () => number;
  /** What a name means: the measured role behind it, and which figure of it. */
  readonly #named = new Map<string, Named>();
  /** The same of names that are asked for their members or their time: a role of many values also without its []. */
  readonly #placed = new Map<string, Pick<Named, 'role' | 'newest'>>();

  constructor(roles: RoleTable, now_s: () => number) {
    this.roles = roles;
    this.#now_s = now_s;
  }

  take(frame: Frame): void {
    this.#of(frame.device).frame = frame;
  }

  /**
   * The best that can be said of a value that was worked out of these readings: simulated where an instrument is; undefined
   * before the first.
   */
  ground(): number | undefined {
    const frames = [...this.#newest.values()].flatMap(({ frame }) => frame ?? []);
    if (frames.length === 0) return undefined;
    return frames.some(({ quality }) => quality.includes(QUALITY.simulated))
      ? QUALITY.simulated
      : QUALITY.good;
  }

  /** The newest frames, JSON; what is not a number stands as null. */
  state(): ImageState {
    const frames = [...this.#newest.values()].flatMap(({ frame }) => (frame === undefined ? [] : [frame]));
    return frames.map(({ device, t_s, values, quality, reason }) => ({
      device,
      t_s,
      values: Array.from(values, v => (Number.isFinite(v) ? v : null)),
      quality: Array.from(quality),
      ...(reason === undefined ? {} : { reason }),
    }));
  }

  /** Goes on from saved frames. */
  restore(saved: ImageState): void {
    for (const { device, t_s, values, quality, reason } of saved) {
      this.take({
        device,
        t_s,
        values: Float64Array.from(values, v => v ?? Number.NaN),
        quality: Uint8Array.from(quality),
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }

  frame(device: string): Frame | undefined {
    return this.#newest.get(device)?.frame;
  }

  /** What stands for the newest frame of a device, from before its first one on. */
  #of(device: string): Newest {
    const found = this.#newest.get(device);
    if (found !== undefined) return found;
    const made: Newest = { frame: undefined };
    this.#newest.set(device, made);
    return made;
  }

  /**
   * Value of a role in its unit. Array roles: `role.mean`, `role.min`, `role.max`; the bare array name is its mean.
   * NaN where there is no usable value; one unusable member makes an array NaN.
   */
  value(name: string): number {
    const known = this.#named.get(name);
    if (known === undefined) return this.#meaning(name);
    const { role, newest, what } = known;
    return what === 'single' ? this.#single(role, newest) : this.#over(role, newest, what);
  }

  /**
   * Usable values of all members of a role, from place `first` on; NaN for each that is not usable. An array role may be
   * named without its [].
   */
  fill(name: string, into: Float64Array, first: number): void {
    const placed = this.#placed.get(name) ?? this.#place(name);
    if (placed === undefined) return;
    const { role, newest } = placed;
    const { frame } = newest;
    const isOld = frame === undefined || this.#now_s() - frame.t_s > role.stale_after_s;
    for (let i = 0; i < role.count; i++) {
      const at = role.first + i;
      const is = !isOld && isUsable(frame.values[at], frame.quality[at]);
      into[first + i] = is ? frame.values[at] : Number.NaN;
    }
  }

  /** As `value`, of a name that is asked for the first time: what it means is kept. */
  #meaning(name: string): number {
    const role = this.#roleOf(name);
    if (role === undefined) return Number.NaN;
    const isPlain = role.role === name;
    const what = isPlain ? (role.count === 1 ? 'single' : 'mean') : name.slice(name.lastIndexOf('.') + 1);
    this.#named.set(name, { role, newest: this.#of(role.device), what });
    return this.value(name);
  }

  #roleOf(name: string): MeasuredRole | undefined {
    const { measured } = this.roles;
    return measured.get(name) ?? measured.get(name.slice(0, name.lastIndexOf('.')));
  }

  /** Time at which the frame behind a role (`value` and `fill` tell the names) arrived, or -Infinity. */
  arrived_s(name: string): number {
    const placed = this.#placed.get(name) ?? this.#place(name);
    return placed?.newest.frame?.t_s ?? -Infinity;
  }

  /** Where a name that is asked for the first time is found: kept. */
  #place(name: string): Pick<Named, 'role' | 'newest'> | undefined {
    const role = this.#roleOf(name) ?? this.roles.measured.get(`${name}[]`);
    if (role === undefined) return undefined;
    const placed = { role, newest: this.#of(role.device) };
    this.#placed.set(name, placed);
    return placed;
  }

  quality(role: MeasuredRole): number {
    const frame = this.frame(role.device);
    if (frame === undefined) return QUALITY.bad;
    if (this.#now_s() - frame.t_s > role.stale_after_s) return QUALITY.stale;
    let worst = 0;
    for (let i = role.first; i < role.first + role.count; i++) {
      worst = Math.max(worst, Number.isFinite(frame.values[i]) ? frame.quality[i] : QUALITY.bad);
    }
    return worst;
  }

  #single(role: MeasuredRole, { frame }: Newest): number {
    if (frame === undefined || this.#now_s() - frame.t_s > role.stale_after_s) return Number.NaN;
    return isUsable(frame.values[role.first], frame.quality[role.first])
      ? frame.values[role.first]
      : Number.NaN;
  }

  #over(role: MeasuredRole, { frame }: Newest, what: string): number {
    if (frame === undefined || this.#now_s() - frame.t_s > role.stale_after_s) return Number.NaN;
    let sum = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let i = role.first; i < role.first + role.count; i++) {
      const value = frame.values[i];
      if (!isUsable(value, frame.quality[i])) return Number.NaN;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return what === 'min' ? min : what === 'max' ? max : what === 'mean' ? sum / role.count : Number.NaN;
  }
}
