import type { LiveSnapshot, TrendWindow } from '../../../control/view.ts';
import { MODE_NAMES, runName, takenName, timeName, timeText } from '../../format.ts';

/** What a person takes away from the charts. */

/** Whose data they are, and since when: each file says it. */
export type Whose = Pick<LiveSnapshot['run'], 'id' | 'bench' | 'subject' | 'method' | 'mode' | 'startedUtc'>;

/** A stretch of run time, s. */
interface Stretch {
  readonly from_s: number;
  readonly to_s: number;
}

const HEAD = 'bench,subject,run,method,mode,role,unit,from_s,to_s,from_utc,kind,last,min,max';

/**
 * What is drawn of a stretch as CSV (RFC 4180): a row a trend and bucket. `from_s`, `to_s`: begin and end of the bucket, run time
 * (the same of a single reading); `last`, `min`, `max`: of the readings in it, empty: none that may be used. `kind`: reading,
 * bucket, or rough (a block of the record stands for its readings, which are still being gone through). Whose it is and whether
 * it is simulated stands in each row: a file is cut, joined and renamed.
 */
export function csvOf(
  whose: Whose,
  windows: readonly TrendWindow[],
  units: ReadonlyMap<string, string>,
  { from_s, to_s }: Stretch,
): string {
  const own = [whose.bench, whose.subject, runName(whose.id), whose.method, MODE_NAMES[whose.mode]];
  const rows = windows.flatMap(({ role, bucket_s, isRough, t_s, last, min, max }) =>
    t_s.flatMap((begin_s, i) => {
      const end_s = round(begin_s + bucket_s);
      if (begin_s > to_s || end_s < from_s) return [];
      const kind = isRough ? 'rough' : bucket_s === 0 ? 'reading' : 'bucket';
      const place = [round(begin_s), end_s, utcAt(whose, begin_s), kind];
      const cells = [...own, role, units.get(role) ?? '', ...place, last[i], min[i], max[i]];
      return [cells.map(cell => quoted(String(cell ?? ''))).join(',')];
    }),
  );
  return [HEAD, ...rows, ''].join('\r\n');
}

/** The record of a run under way may be so much behind its clock, s. */
const BEHIND_S = 2;

/**
 * Run time at which windows end, s, where that is well before the end `to_s` that was asked for: by more than two of their steps
 * in time. Undefined: they go to it, or hold nothing.
 */
export function shortAt_s(windows: readonly TrendWindow[], to_s: number): number | undefined {
  let [end_s, step_s] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { t_s, bucket_s } of windows) {
    const [before_s, last_s] = [t_s.at(-2), t_s.at(-1)];
    if (last_s === undefined) continue;
    end_s = Math.max(end_s, round(last_s + bucket_s));
    if (before_s !== undefined) step_s = Math.min(step_s, last_s - before_s);
  }
  const least_s = Math.max(BEHIND_S, Number.isFinite(step_s) ? 2 * step_s : 0);
  return Number.isFinite(end_s) && to_s - end_s > least_s ? end_s : undefined;
}

/** Multiples of a tenth of a second are no tenths in binary. */
function round(t_s: number): number {
  return Number(t_s.toFixed(6));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** UTC of a run time by the clock of the bench, ISO 8601; empty: it is not known. */
export function utcAt({ startedUtc }: Pick<Whose, 'startedUtc'>, t_s: number): string {
  const begin_ms = Date.parse(startedUtc);
  return Number.isFinite(begin_ms) ? new Date(begin_ms + Math.round(t_s * 1000)).toISOString() : '';
}

/** What stands above a picture of a chart: whose it is, and its stretch by run time and UTC. */
export function headOf(whose: Whose, title: string, { from_s, to_s }: Stretch): readonly string[] {
  const own = [MODE_NAMES[whose.mode], whose.bench, whose.subject, runName(whose.id), whose.method];
  const utc = (t_s: number): string => utcAt(whose, t_s).slice(0, 19).replace('T', ' ');
  const when = `${timeText(from_s)} – ${timeText(to_s)}`;
  const day = utc(from_s) === '' ? '' : `   (${utc(from_s)} – ${utc(to_s)} UTC)`;
  return [title, own.filter(part => part !== '').join(' · '), when + day];
}

/** Name of a file of a stretch. */
export function stretchName(whose: Whose, what: string, { from_s, to_s }: Stretch, ending: string): string {
  return takenName(whose, [what, timeName(from_s), timeName(to_s)], ending);
}

/** A line of a chart in its legend. */
export interface Entry {
  /** Name of its colour in the page's style: `--c0`. */
  readonly colour: string;
  readonly text: string;
}

const LINE_PX = 17;
const EDGE_PX = 8;
const SWATCH_PX = 10;

/** A picture of a chart on the page's own ground: what it is and whose above it, and which line is what. */
export function pictureOf(
  chart: HTMLCanvasElement,
  head: readonly string[],
  legend: readonly Entry[],
): HTMLCanvasElement {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const dot = devicePixelRatio;
  const made = document.createElement('canvas');
  const measure = made.getContext('2d');
  if (measure === null) return made;
  const font = (weight: number): string => `${weight} ${Math.round(12 * dot)}px system-ui, sans-serif`;
  measure.font = font(400);
  const rows = legendRows(legend, text => measure.measureText(text).width / dot, chart.width / dot);
  const head_px = Math.round((head.length + rows.length) * LINE_PX * dot + EDGE_PX * dot);
  made.width = chart.width;
  made.height = chart.height + head_px;
  const context = made.getContext('2d') ?? measure;
  context.fillStyle = colour('--card');
  context.fillRect(0, 0, made.width, made.height);
  context.textBaseline = 'middle';
  const middle = (line: number): number => (EDGE_PX / 2 + (line + 0.5) * LINE_PX) * dot;
  for (const [i, text] of head.entries()) {
    context.font = font(i === 0 ? 700 : 400);
    context.fillStyle = colour('--ink');
    context.fillText(text, EDGE_PX * dot, middle(i), made.width - 2 * EDGE_PX * dot);
  }
  context.font = font(400);
  for (const [i, row] of rows.entries()) {
    const y = middle(head.length + i);
    for (const { colour: name, text, x } of row) {
      context.fillStyle = colour(name);
      context.fillRect(x * dot, y - (SWATCH_PX / 2) * dot, SWATCH_PX * dot, SWATCH_PX * dot);
      context.fillStyle = colour('--ink');
      context.fillText(text, (x + SWATCH_PX + 4) * dot, y);
    }
  }
  context.drawImage(chart, 0, head_px);
  return made;
}

/** The legend in rows as wide as the picture. */
export function legendRows(
  legend: readonly Entry[],
  width_px: (text: string) => number,
  most_px: number,
): readonly (readonly (Entry & { readonly x: number })[])[] {
  const rows: (Entry & { readonly x: number })[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const own_px = SWATCH_PX + 4 + width_px(entry.text) + 2 * EDGE_PX;
    if (x + own_px > most_px) {
      rows.push([]);
      x = EDGE_PX;
    }
    rows.at(-1)?.push({ ...entry, x });
    x += own_px;
  }
  return rows;
}

/** Has the browser save something as a file. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
