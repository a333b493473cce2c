import { unitOf } from '../../drivers/contract/units.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import { type Said, say } from '../contract/said/said.ts';
import type { ChangeableLimit, TrendLimit } from '../contract/shown.ts';

/**
 * A limit that a person has changed for the run under way: stricter than the bench's own or back to it, never laxer. `rearm`
 * goes along with it. Returns why not.
 */
export function changedLimit(bench: InterlockSpec, value: number): InterlockSpec | Said {
  if (bench.kind !== 'threshold') return say('noThreshold', { id: bench.id, kind: bench.kind });
  const { trips, limit, rearm } = bench;
  if (!Number.isFinite(value)) return say('noLimit', { value });
  if (trips === '>' ? value > limit : value < limit) return say('laxer', { value, trips, limit });
  if (value === limit) return bench;
  return { ...bench, limit: value, ...(rearm === undefined ? {} : { rearm: rearm + value - limit }) };
}

/** What of a session says which limits are in force. */
interface LimitsInForce {
  readonly interlocks: { limitOf(id: string): number | undefined };
  readonly parts: { readonly bench: { readonly interlocks: readonly InterlockSpec[] } };
}

/** Thresholds of a session, which a person may make stricter, each with what it is now. */
export function changeableLimits({ interlocks, parts }: LimitsInForce): readonly ChangeableLimit[] {
  return parts.bench.interlocks.flatMap(spec => {
    if (spec.kind !== 'threshold') return [];
    const { id, role, reaction, trips, limit } = spec;
    const unit = unitOf(role) ?? '';
    return [{ id, role, reaction, trips, limit: interlocks.limitOf(id) ?? limit, bench: limit, unit }];
  });
}

/** Limits that are drawn, as they are in force now: a threshold on an array stands on its highest or lowest member. */
export function drawnLimits(session: LimitsInForce): readonly TrendLimit[] {
  return changeableLimits(session).map(({ id, role, reaction, trips, limit }) => {
    const shown = role.endsWith('[]') ? `${role}.${trips === '>' ? 'max' : 'min'}` : role;
    return { id, role: shown, label: `${reaction} ${limit}`, value: limit, trips, reaction };
  });
}
