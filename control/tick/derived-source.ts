import { z } from 'zod';
import { messageOf } from '../../drivers/contract/errors.ts';
import { type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { Bench } from '../bench/bench.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import { type DerivedSpec, derivedKindOf } from '../kinds/derived/index.ts';
import { DERIVED_DEVICE, type Derivation } from '../kinds/derived/kind.ts';

/** The derived roles of a bench as one more source of frames, beside the instruments. */

const outSchema = z.tuple([z.number().nullable(), z.number(), z.string()]);
const memorySchema = z.strictObject({
  version: z.literal(1),
  /** Device -> time of its last frame. */
  seen: z.record(z.string(), z.number()),
  roles: z.record(z.string(), z.strictObject({ out: outSchema, history: z.json() })),
});

interface Entry {
  readonly role: string;
  readonly derivation: Derivation;
  readonly sources: readonly MeasuredRole[];
}

/** The derived roles' table in the journal; none where the bench derives nothing. */
export function derivedTables(bench: Pick<Bench, 'derived'>): { device: string; channels: string[] }[] {
  const channels = Object.keys(bench.derived);
  return channels.length === 0 ? [] : [{ device: DERIVED_DEVICE, channels }];
}

/**
 * Takes every frame of the instruments and answers with one of the derived roles, at the same time, whenever one of
 * them is worked out of that device. The first comes when every source has been read once; before that it is silent.
 */
export class DerivedSource {
  readonly #entries: Entry[];
  readonly #of = new Map<string, Entry[]>();
  readonly #seen_s = new Map<string, number>();
  /** Devices of which nothing has been read yet. */
  readonly #missing = new Set<string>();

  /** `from`: what `state` once said. */
  constructor(bench: Pick<Bench, 'derived'>, roles: RoleTable, from?: Json) {
    const memory = from === undefined ? undefined : memorySchema.parse(from);
    this.#entries = Object.entries(bench.derived).map(([role, spec]) => {
      const known = memory?.roles[role];
      const sources = sourcesOf(spec, roles);
      const derivation = derivedKindOf(spec).open(
        spec,
        sources,
        (known?.history ?? undefined) as Json | undefined,
      );
      if (known !== undefined) {
        const [value, quality, reason] = known.out;
        Object.assign(derivation.out, { value: value ?? Number.NaN, quality, reason });
      }
      return { role, derivation, sources };
    });
    for (const entry of this.#entries) {
      for (const device of new Set(entry.sources.map(source => source.device))) {
        this.#of.set(device, [...(this.#of.get(device) ?? []), entry]);
        const seen_s = memory?.seen[device];
        if (seen_s === undefined) this.#missing.add(device);
        else this.#seen_s.set(device, seen_s);
      }
    }
  }

  /** The frame of the derived roles that follows from a frame; undefined where none does. */
  take(frame: Frame): Frame | undefined {
    const changed = this.#of.get(frame.device);
    if (changed === undefined) return undefined;
    this.#seen_s.set(frame.device, frame.t_s);
    for (let i = 0; i < changed.length; i++) {
      const { derivation } = changed[i];
      try {
        derivation.take(frame);
      } catch (error) {
        derivation.out.value = Number.NaN;
        derivation.out.quality = QUALITY.bad;
        derivation.out.reason = messageOf(error);
      }
    }
    if (this.#missing.size > 0) this.#missing.delete(frame.device);
    return this.#missing.size > 0 ? undefined : this.#frame(frame.t_s);
  }

  #frame(t_s: number): Frame {
    const entries = this.#entries;
    const values = new Float64Array(entries.length);
    const quality = new Uint8Array(entries.length);
    let reason: string | undefined;
    for (let i = 0; i < entries.length; i++) {
      const { role, derivation, sources } = entries[i];
      const silent = this.#silent(sources, t_s);
      values[i] = silent === undefined ? derivation.out.value : Number.NaN;
      quality[i] = silent === undefined ? derivation.out.quality : QUALITY.stale;
      if (quality[i] >= QUALITY.stale && reason === undefined) {
        reason = silent === undefined ? derivation.out.reason : `nothing lately from ${silent.device}`;
        reason = `${role}: ${reason}`;
      }
    }
    return { device: DERIVED_DEVICE, t_s, values, quality, ...(reason === undefined ? {} : { reason }) };
  }

  /** The source that has said nothing for longer than its stale limit: what follows from it is no value of now. */
  #silent(sources: readonly MeasuredRole[], t_s: number): MeasuredRole | undefined {
    for (let k = 0; k < sources.length; k++) {
      const { device, stale_after_s } = sources[k];
      if (t_s - (this.#seen_s.get(device) ?? t_s) > stale_after_s) return sources[k];
    }
    return undefined;
  }

  /** All that the derived roles remember. */
  state(): Json {
    const roles: Record<string, Json> = {};
    for (const { role, derivation } of this.#entries) {
      const { value, quality, reason } = derivation.out;
      roles[role] = {
        out: [Number.isNaN(value) ? null : value, quality, reason],
        history: derivation.state(),
      };
    }
    return { version: 1, seen: Object.fromEntries(this.#seen_s), roles };
  }
}

/** The measured roles of which a derived one is worked out; the bench file has been checked for them. */
export function sourcesOf(spec: DerivedSpec, roles: Pick<RoleTable, 'measured'>): MeasuredRole[] {
  return Object.values(derivedKindOf(spec).sources(spec)).flatMap(role => roles.measured.get(role) ?? []);
}
