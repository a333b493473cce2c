import { type CampaignSummary, clockText, shortFigure } from '../../control/view.ts';
import { sizeText } from './rehearsal.ts';
import { table } from './table.ts';

/** A rehearsed campaign as the terminal shows it: when each run is on its bench, what it waits for, what it takes. */

const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;
const HOUR_S = 3600;
const DAY_H = 24;
/** Lines of the picture; a campaign of hundreds of runs stands in campaign.json. */
const MOST_ROWS = 60;

/** All of it, for a terminal of so many columns. */
export function campaignText(summary: CampaignSummary, columns: number): string {
  const { campaign, runs, benches, total, findings } = summary;
  const used = [
    total.energy_kWh === null ? [] : [`energy ${shortFigure(total.energy_kWh)} kWh`],
    total.h2_kg === null ? [] : [`H2 ${shortFigure(total.h2_kg)} kg`],
    total.n2_NL === null ? [] : [`N2 ${shortFigure(total.n2_NL)} NL`],
    [`${sizeText(total.bytes)} on disk`],
  ].flat();
  return [
    `${campaign}: ${runs.length} runs, from ${stamp(summary.beginUtc)} to ${stamp(summary.endUtc)} UTC, seed ${summary.seed}`,
    used.join('; '),
    '',
    ...picture(summary, Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, columns))),
    '',
    ...table(
      ['run', 'state', 'begins, UTC', 'ends, UTC', 'takes', 'waits for', ''],
      runs.map(run => [
        run.id,
        run.state,
        run.beginUtc === null ? '' : stamp(run.beginUtc),
        run.endUtc === null ? '' : stamp(run.endUtc),
        run.duration_s === null ? '' : clockText(run.duration_s),
        run.waited.map(({ for: kind, what, wait_s }) => `${kind} ${what} ${clockText(wait_s)}`).join(', '),
        run.reason,
      ]),
      [4],
    ),
    '',
    ...benches.map(
      ({ bench, busy_s, busy_frac }) =>
        `${bench}: ${clockText(busy_s)} h of runs, ${(100 * busy_frac).toFixed(0)} % of the time`,
    ),
    '',
    'What to look at before the campaign',
    ...(findings.length === 0 ? ['  nothing found'] : findings.map(text => `  ${text}`)),
  ].join('\n');
}

/** `11-29 22:00`: day and time, the year stands once above. */
function stamp(utc: string): string {
  return utc.slice(0, 16).replace('T', ' ');
}

/** A bar for each run over one time axis; dots: it waits for a window, a bench or a resource. */
function picture({ runs, beginUtc, endUtc }: CampaignSummary, width: number): string[] {
  const from_s = Date.parse(beginUtc) / 1000;
  const span_s = Math.max(1, Date.parse(endUtc) / 1000 - from_s);
  const names = Math.max(...runs.map(({ id }) => id.length));
  const plot = Math.max(20, width - names - 4);
  const cell = (utc_s: number): number =>
    Math.min(plot, Math.max(0, Math.round(((utc_s - from_s) / span_s) * plot)));
  const lines = runs.slice(0, MOST_ROWS).map(({ id, beginUtc: begin, endUtc: end, waited }) => {
    if (begin === null) return `  ${id.padEnd(names)}  (not run)`;
    const at_s = Date.parse(begin) / 1000;
    const waits_s = waited.reduce((all, { wait_s }) => all + wait_s, 0);
    const [waits, first] = [cell(at_s - waits_s), cell(at_s)];
    const last = Math.max(first + 1, cell(end === null ? at_s : Date.parse(end) / 1000));
    return `  ${id.padEnd(names)}  ${' '.repeat(waits)}${'.'.repeat(first - waits)}${'#'.repeat(last - first)}`;
  });
  const more = runs.length > MOST_ROWS ? [`  and ${runs.length - MOST_ROWS} more in campaign.json`] : [];
  const hours = span_s / HOUR_S;
  const length = hours > 3 * DAY_H ? `${(hours / DAY_H).toFixed(1)} d` : `${hours.toFixed(1)} h`;
  const axis = `  ${' '.repeat(names)}  0${length.padStart(plot - 1)}`;
  return [...lines, ...more, axis];
}
