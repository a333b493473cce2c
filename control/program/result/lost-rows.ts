import type { RunSource } from '../../exchange/recorded-run.ts';
import type { JournalEvent } from '../../record/events.ts';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';
import { setpointStretches } from '../../record/setpoint-rows.ts';
import { rowsLostText } from '../../review/lost/rows-lost.ts';

/** Where the record of a run that was cut off ends, and which rows a kill has taken before that: those that waited in memory. */

/** Run time of the last row of each instrument, s; NaN: it has none. */
export function lastRows({ devices, reader }: RunSource): ReadonlyMap<string, number> {
  return new Map(
    devices.map(device => {
      const { rows } = reader(device);
      let last_s = Number.NaN;
      for (const { t_s } of reader(device).stretches({ channels: [], from: Math.max(1, rows) }))
        last_s = t_s[t_s.length - 1];
      return [device, last_s];
    }),
  );
}

/** Run time of the latest that a record holds, s: of rows, events, set points and of what the run remembered; 0: nothing. */
export function endOfRecord(
  source: RunSource,
  rows: ReadonlyMap<string, number>,
  events: readonly RecordedEvent[],
): number {
  let end_s = 0;
  const take = (t_s: number): void => {
    if (t_s > end_s) end_s = t_s;
  };
  for (const t_s of rows.values()) take(t_s);
  for (const { t_s } of events) take(t_s);
  for (const { t_s } of setpointStretches(source.db)) t_s.forEach(take);
  const { last_s } = source.db.prepare('SELECT max(t_s) AS last_s FROM checkpoints').get() as {
    last_s: number | null;
  };
  take(last_s ?? 0);
  return end_s;
}

/** So many polls without a row at the end of a record are no accident. */
const POLLS = 3;

/**
 * That rows are missing at the end of a record, as events with the time of the end: an instrument whose last row is more
 * than three polls before it. What was told of an earlier cut is not told again.
 */
export function rowsLostEvents(
  rows: ReadonlyMap<string, number>,
  devices: Readonly<Record<string, { readonly poll_s: number }>>,
  before: readonly RecordedEvent[],
  end_s: number,
): JournalEvent[] {
  const told = eventsOf(before, 'rowsLost').map(({ data }) => `${data.device} ${data.last_s}`);
  return [...rows].flatMap(([device, last_s]): JournalEvent[] => {
    const poll_s = devices[device]?.poll_s;
    // Computed roles have rows where instruments have.
    if (poll_s === undefined || end_s - last_s <= POLLS * poll_s) return [];
    if (told.includes(`${device} ${last_s}`)) return [];
    const data = { device, last_s, cut_s: end_s };
    return [{ t_s: end_s, kind: 'rowsLost', text: rowsLostText(data), data }];
  });
}
