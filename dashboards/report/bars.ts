import { escapeHtml } from '../format.ts';
import { px, text } from './svg.ts';
import { linearTicks } from './ticks.ts';

/** Bars of a report as inline SVG: lying ones with names, and a histogram. */

/** One lying bar. `interval`: a whisker from low to high. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly tone: 'bad' | '';
  readonly interval?: readonly [low: number, high: number];
}

const WIDTH = 900;
const LEFT = 230;
const RIGHT = 130;
const ROW = 20;
const TOP = 22;

/** Lying bars from 0 to 1, longer ones cut at the border; values beyond 1 say so by their text. */
export function drawBars(spec: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly limit?: { readonly at: number; readonly label: string };
}): string {
  if (spec.bars.length === 0)
    return `<figure><figcaption>${escapeHtml(spec.title)}</figcaption><p class="none">There is nothing to show.</p></figure>`;
  const span = WIDTH - LEFT - RIGHT;
  const toX = (v: number): number => LEFT + Math.min(1.05, Math.max(0, v)) * (span / 1.05);
  const bottom = TOP + spec.bars.length * ROW;
  const parts: string[] = [];
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(`<path class="grid" d="M${px(toX(tick))},${TOP - 4}V${bottom}"/>`);
    parts.push(text(toX(tick), bottom + 15, `${tick * 100} %`, 'tick', 'middle'));
  }
  spec.bars.forEach((bar, i) => {
    const y = TOP + i * ROW;
    const x = toX(bar.value);
    parts.push(text(LEFT - 8, y + 13, bar.label, 'tick', 'end'));
    parts.push(
      `<rect class="bar ${bar.tone}" x="${LEFT}" y="${y + 3}" width="${px(Math.max(1, x - LEFT))}" height="${ROW - 6}"/>`,
    );
    let end = x;
    if (bar.interval !== undefined) {
      const [low, high] = bar.interval.map(toX);
      end = Math.max(end, high);
      parts.push(
        `<path class="whisker" d="M${px(low)},${y + ROW / 2}H${px(high)}M${px(low)},${y + 6}v8M${px(high)},${y + 6}v8"/>`,
      );
    }
    parts.push(text(end + 6, y + 13, bar.text, 'tick', 'start'));
  });
  if (spec.limit !== undefined) {
    const x = toX(spec.limit.at);
    parts.push(`<path class="limit" d="M${px(x)},${TOP - 8}V${bottom}"/>`);
    parts.push(text(x, TOP - 11, spec.limit.label, 'limit-text', 'middle'));
  }
  return figure(spec.title, bottom + 24, parts);
}

const PLOT_LEFT = 68;
const PLOT_HEIGHT = 150;

/** How often a value fell into each of some equal bins. */
export function drawHistogram(spec: {
  readonly title: string;
  readonly xLabel: string;
  readonly values: readonly number[];
  readonly limit: { readonly at: number; readonly label: string };
}): string {
  const { values, limit } = spec;
  if (values.length === 0)
    return `<figure><figcaption>${escapeHtml(spec.title)}</figcaption><p class="none">No run has a value.</p></figure>`;
  const least = Math.min(...values);
  const most = Math.max(...values);
  const half = Math.max((most - least) * 0.03, Math.abs(most) * 1e-6, 1e-12);
  // The limit is drawn where it is near enough not to squeeze the bars.
  const isNear = Math.abs(limit.at - (least + most) / 2) < 3 * (most - least + 2 * half);
  const low = Math.min(least, isNear ? limit.at : least) - half;
  const high = Math.max(most, isNear ? limit.at : most) + half;
  const bins = Math.max(6, Math.min(60, 3 * Math.ceil(Math.sqrt(values.length))));
  const counts = new Array<number>(bins).fill(0);
  for (const v of values) counts[Math.min(bins - 1, Math.floor(((v - low) / (high - low)) * bins))]++;
  const top = Math.max(...counts);
  const span = WIDTH - PLOT_LEFT - 14;
  const toX = (v: number): number => PLOT_LEFT + ((v - low) / (high - low)) * span;
  const toY = (n: number): number => TOP + PLOT_HEIGHT - (n / top) * (PLOT_HEIGHT - 6);
  const parts = [
    `<rect class="frame" x="${PLOT_LEFT}" y="${TOP}" width="${span}" height="${PLOT_HEIGHT}"/>`,
    ...counts.map((n, i) =>
      n === 0
        ? ''
        : `<rect class="bar" x="${px(PLOT_LEFT + (i * span) / bins)}" y="${px(toY(n))}" width="${px(span / bins - 1)}" height="${px(TOP + PLOT_HEIGHT - toY(n))}"/>`,
    ),
  ];
  const ticks = linearTicks(low, high, 8);
  for (const x of ticks.at) parts.push(text(toX(x), TOP + PLOT_HEIGHT + 15, ticks.text(x), 'tick', 'middle'));
  const whole = linearTicks(0, top, 4);
  for (const n of whole.at.filter(Number.isInteger))
    parts.push(text(PLOT_LEFT - 7, toY(n) + 3.5, String(n), 'tick', 'end'));
  parts.push(text(PLOT_LEFT + span / 2, TOP + PLOT_HEIGHT + 32, spec.xLabel, 'label', 'middle'));
  parts.push(
    `<text class="label" text-anchor="middle" transform="translate(14 ${TOP + PLOT_HEIGHT / 2}) rotate(-90)">runs</text>`,
  );
  if (isNear) {
    const x = toX(limit.at);
    parts.push(`<path class="limit" d="M${px(x)},${TOP}V${TOP + PLOT_HEIGHT}"/>`);
    parts.push(text(x, TOP - 6, limit.label, 'limit-text', 'middle'));
  }
  return figure(spec.title, TOP + PLOT_HEIGHT + 40, parts);
}

function figure(title: string, height: number, parts: readonly string[]): string {
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg></figure>`
  );
}
