import { z } from 'zod';
import type { RecordedRun } from '../../../profiles/recorded-run.ts';
import { partsOf } from '../../../profiles/series-parts.ts';
import { MOST_UNUSABLE_FRAC } from '../../../profiles/uncertainty/unusable-time.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import { clockText } from '../../words.ts';

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
      .map(({ role }) => ({ role, ...withoutReading(run, role) }))
      .filter(({ part_frac }) => part_frac > MOST_UNUSABLE_FRAC);
    if (lacking.length === 0) return [];
    const { role: _, ...worst } = lacking.reduce((most, one) =>
      one.part_frac > most.part_frac ? one : most,
    );
    return [{ device: id, roles: lacking.map(({ role }) => role), ...worst }];
  });
}

/** From each reading that is not usable to the next one that is, from the begin of the method to the end of the record. */
function withoutReading(run: RecordedRun, role: string): Omit<Unread, 'device' | 'roles'> {
  const start_s = run.phases[0]?.start_s ?? 0;
  let [lost_s, end_s, since_s] = [0, start_s, Number.NaN];
  let longest = { from_s: start_s, long_s: 0 };
  for (const { t_s, value } of partsOf(run.series(role), start_s)) {
    for (let i = 0; i < t_s.length; i++) {
      if (!Number.isNaN(since_s)) {
        lost_s += t_s[i] - end_s;
        if (t_s[i] - since_s > longest.long_s) longest = { from_s: since_s, long_s: t_s[i] - since_s };
      }
      if (!Number.isNaN(value[i])) since_s = Number.NaN;
      else if (Number.isNaN(since_s)) since_s = t_s[i];
      end_s = t_s[i];
    }
  }
  return { part_frac: end_s > start_s ? lost_s / (end_s - start_s) : 0, ...longest };
}

/** That an instrument was not read. */
export function unreadText({ device, roles, part_frac, from_s }: Unread): string {
  const part = Number((100 * part_frac).toPrecision(2));
  return `${device}: no usable reading for ${part} % of the run, the longest from ${clockText(from_s)} h on (${roles.join(', ')})`;
}
