import { z } from 'zod';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { windowOf } from '../../profiles/series-parts.ts';
import { MOST_UNUSABLE_FRAC, unusableInRun } from '../../profiles/uncertainty/unusable-time.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { clockText } from '../words.ts';

/** Instruments that gave no usable reading for a good part of a run, whether a limit looked at them or not. */

const figure = z.number();

/** One of them: of its roles that lacked more of the run than is let pass. */
export const unreadSchema = z.strictObject({
  device: z.string(),
  roles: z.array(z.string()).readonly(),
  /** Part of the run without a usable reading, of the role that lacked most. */
  part_frac: figure,
  /** Begin of the longest stretch without, run time, s, and how long it was. */
  from_s: figure,
  long_s: figure,
});
export type Unread = z.infer<typeof unreadSchema>;

/** Of a record; `counted`: only instruments of which so many readings were bad are looked through. */
export function unreadDevices(
  run: RecordedRun,
  roles: RoleTable,
  counted: readonly { readonly id: string; readonly frames: number; readonly badFrames: number }[],
): Unread[] {
  return counted.flatMap(({ id, frames, badFrames }) => {
    if (!(badFrames > MOST_UNUSABLE_FRAC * frames)) return [];
    const lacking = [...roles.measured.values()]
      .filter(({ device }) => device === id)
      .map(({ role }) => ({ role, part: unusableInRun(run, role) }))
      .filter(({ part }) => part > MOST_UNUSABLE_FRAC);
    if (lacking.length === 0) return [];
    const worst = lacking.reduce((most, one) => (one.part > most.part ? one : most));
    const names = lacking.map(({ role }) => role);
    return [{ device: id, roles: names, part_frac: worst.part, ...longestWithout(run, worst.role) }];
  });
}

function longestWithout(run: RecordedRun, role: string): Pick<Unread, 'from_s' | 'long_s'> {
  const start_s = run.phases[0]?.start_s ?? 0;
  const { t_s, value } = windowOf(run.series(role), start_s, Number.POSITIVE_INFINITY);
  let longest = { from_s: start_s, long_s: 0 };
  let seen_s = start_s;
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i] - seen_s > longest.long_s) longest = { from_s: seen_s, long_s: t_s[i] - seen_s };
    if (!Number.isNaN(value[i])) seen_s = t_s[i];
  }
  return longest;
}

/** That an instrument was not read. */
export function unreadText({ device, roles, part_frac, from_s }: Unread): string {
  const part = Number((100 * part_frac).toPrecision(2));
  return `${device}: no usable reading for ${part} % of the run, the longest from ${clockText(from_s)} h on (${roles.join(', ')})`;
}
