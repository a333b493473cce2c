import { stampIn } from './cells.ts';

/** When a file's test began, by the lines above its table. */

/** What such a line says. */
export interface SaidStart {
  /** Second 0 of the table, ms since 1970, the zone taken as UTC where none is named. */
  readonly unix_ms: number;
  /** What has to be known of it. */
  readonly note: string;
}

/** EC-Lab's: month first, clock of its computer; the begin of the experiment, from which time/s counts in every technique. */
const STARTED = /^\W*Acquisition started on\s*:\s*(.+?)\s*$/i;

/** The begin by the first such line; undefined where there is none, or none that is a date. */
export function startIn(preamble: readonly string[]): SaidStart | undefined {
  const said = preamble.map(line => STARTED.exec(line)?.[1]).find(text => text !== undefined);
  if (said === undefined) return undefined;
  const [monthFirst, dayFirst] = [stampIn(said, false), stampIn(said, true)];
  const unix_ms = Number.isNaN(monthFirst) ? dayFirst : monthFirst;
  if (Number.isNaN(unix_ms)) return undefined;
  const isSure = Number.isNaN(monthFirst) || Number.isNaN(dayFirst) || monthFirst === dayFirst;
  const order = isSure ? '' : ', which may be read both ways and is taken with the month first';
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(said);
  const zone = hasZone ? '' : '; no zone is named, it is taken as UTC (--started says otherwise)';
  return { unix_ms, note: `begin by "Acquisition started on : ${said}"${order}${zone}` };
}
