import { z } from 'zod';
import { type ChannelSpec, INSTRUMENT_TIME_RANGE } from '../contract/device.ts';
import { isTimeName } from '../contract/units.ts';

/**
 * Of a reading that is the instrument's own time: `utc`, seconds since 1970, or `own`, seconds since a beginning of its own.
 * `of`: names of what was taken at it (absent: all others); `stale_s`: how long it may stand still, then they are stale.
 */
export const instrumentTimeSchema = z.strictObject({
  clock: z.enum(['utc', 'own']),
  of: z.array(z.string().min(1)).min(1).optional(),
  stale_s: z.number().positive().refine(Number.isFinite, 'expected a finite number').optional(),
});

export type DeclaredTime = z.output<typeof instrumentTimeSchema>;

interface Declared {
  readonly name: string;
  readonly instrumentTime?: DeclaredTime | undefined;
}

/** The first that is declared wrongly, and how; undefined: none. */
export function timeSlip(
  reads: readonly Declared[],
): { readonly index: number; readonly text: string } | undefined {
  const others = reads.filter(read => read.instrumentTime === undefined).map(read => read.name);
  for (const [index, { name, instrumentTime }] of reads.entries()) {
    if (instrumentTime === undefined) continue;
    if (!isTimeName(name))
      return {
        index,
        text: `expected the name instrumentTime_s, or one that ends in InstrumentTime_s, not "${name}"`,
      };
    const unknown = instrumentTime.of?.find(of => !others.includes(of));
    if (unknown !== undefined)
      return {
        index,
        text: `expected readings under "of" (${others.join(', ') || 'none'}), "${unknown}" is none`,
      };
  }
  return undefined;
}

/** The channels with their times in place, `declared` in the same order, `[]` standing for all members. */
export function withTimes(channels: readonly ChannelSpec[], declared: readonly Declared[]): ChannelSpec[] {
  const places = new Map<string, number[]>();
  for (const [i, { name }] of channels.entries()) {
    const bare = name.replace(/\[\d+\]/, '[]');
    for (const key of new Set([name, bare])) places.set(key, [...(places.get(key) ?? []), i]);
  }
  const byName = new Map(declared.map(one => [one.name, one.instrumentTime]));
  return channels.map(spec => {
    const time = byName.get(spec.name);
    if (time === undefined) return spec;
    const { of, ...rest } = time;
    const all = channels.flatMap(({ name }, i) => (byName.get(name) === undefined ? [i] : []));
    const own = of === undefined ? all : of.flatMap(name => places.get(name) ?? []);
    return { ...spec, range: INSTRUMENT_TIME_RANGE, instrumentTime: { ...rest, of: own } };
  });
}
