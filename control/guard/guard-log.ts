import { z } from 'zod';

/** What a guard leaves behind: a line for each thing that it did, and a mark for the next start. */

/** In the folder of the run, a line each, JSON; only where the guard has acted. */
export const GUARD_LOG = 'guard.jsonl';

const finite = z.number().refine(Number.isFinite);
const unprovenSchema = z.array(z.strictObject({ what: z.string(), otherwise: z.string() }));

/** Why a guard acted, how soon and with what end. */
export const actedSchema = z.strictObject({
  utc: z.iso.datetime(),
  because: z.enum(['silence', 'gone', 'garbled']),
  /** From the controller's last beat to the guard's acting, s. */
  silent_s: finite,
  /** From the last beat until the first line of the safe state was read back, s; null: it never was. */
  off_s: finite.nullable(),
  /** Shortest watchdog of an instrument that switches an output, s; null: none has one. */
  watchdog_s: finite.nullable(),
  /** From the last beat until all was proved, vent included, s; null: it is not. */
  proved_s: finite.nullable(),
  /** What could not be proved, with the next independent means. */
  unproven: unprovenSchema,
  /** A person has taken over before it was proved. */
  isReleased: z.boolean(),
});
export type Acted = z.infer<typeof actedSchema>;

/** One line of the log. `since_s`: from the last beat of the controller. */
export const guardLineSchema = z.strictObject({
  utc: z.iso.datetime(),
  ok: z.boolean(),
  since_s: finite,
  text: z.string(),
  /** At the end: how it went. */
  acted: actedSchema.optional(),
});
export type GuardLine = z.infer<typeof guardLineSchema>;

/** The mark beside the bench file: from the guard's start until the controller's orderly end. */
export const guardMarkSchema = z.strictObject({
  startedUtc: z.iso.datetime(),
  /** The controller that it watches, and its own process. */
  controller: z.number().int().positive(),
  guard: z.number().int().positive(),
  /** Folder of the run. */
  dir: z.string(),
  /** Null: it has not acted (yet). */
  acted: actedSchema.nullable(),
});
export type GuardMark = z.infer<typeof guardMarkSchema>;

/** Why it acted, for whoever reads it. */
export function reasonText({ because, silent_s }: Pick<Acted, 'because' | 'silent_s'>): string {
  switch (because) {
    case 'silence':
      return `the controller was silent for ${silent_s.toFixed(1)} s`;
    case 'gone':
      return 'the controller was gone without a word';
    case 'garbled':
      return 'the controller said what no controller says';
  }
}

/** All of it, for whoever reads it: what happened, which layer put the output off, what is proved; also while it goes on. */
export function actedText(acted: Acted): string {
  const { off_s, watchdog_s, proved_s, unproven, isReleased } = acted;
  const isUnderWay = proved_s === null && unproven.length === 0;
  const off =
    off_s !== null
      ? `had the output off ${off_s.toFixed(1)} s after the last beat (${layerText(off_s, watchdog_s)})`
      : isUnderWay
        ? 'had not seen the output off yet when it wrote this'
        : 'could not switch the output off';
  const end =
    proved_s !== null
      ? `the safe state, vent included, was proved ${proved_s.toFixed(1)} s after it`
      : isUnderWay
        ? 'the safe state is not proved so far: it had not come to an end'
        : `NOT proved: ${unproven.map(({ what, otherwise }) => `${what}: ${otherwise}`).join('; ')}`;
  return `${reasonText(acted)}; its guard ended it, ${off}; ${end}${isReleased ? '; a person took over' : ''}`;
}

/** Which layer put the output off: an instrument that was left alone for longer than its own watchdog did it itself. */
export function layerText(off_s: number, watchdog_s: number | null): string {
  return watchdog_s === null || off_s < watchdog_s
    ? 'by the guard'
    : `the instrument's own watchdog had its ${watchdog_s} s before`;
}
