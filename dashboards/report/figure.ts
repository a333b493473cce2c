import { escapeHtml } from '../format.ts';
import { drawnX, drawnY, rangeOf } from './ranges.ts';
import { px, text } from './svg.ts';
import type { LinePoints } from './thin.ts';
import { thin, valueAt } from './thin.ts';
import type { Ticks } from './ticks.ts';
import { linearTicks, timeTicks, timeUnit } from './ticks.ts';

/** One line of a panel. `colour` is a class of the report's style: c0, c1, ... */
export interface Line extends LinePoints {
  readonly label: string;
  readonly colour: string;
  /** wide: a pale band behind another line that should lie on it. none: marks only. */
  readonly stroke?: 'dashed' | 'wide' | 'none';
  /** Its x goes up and down (a voltammogram): its ends say nothing of how far it reaches. */
  readonly turns?: true;
  /** Draws a mark at each point: measured points, not samples. */
  readonly marks?: 'full' | 'open';
  /** Expanded uncertainty of y, drawn as bars. */
  readonly u95?: readonly number[];
}

/** One coordinate system. Panels of a figure share the x axis. */
export interface Panel {
  readonly yLabel: string;
  readonly lines: readonly Line[];
  readonly limits?: readonly { readonly label: string; readonly value: number }[];
  readonly height: number;
  /** The axis includes 0: for amounts, where the distance to nothing matters. */
  readonly fromZero?: boolean;
}

/**
 * A picture of the report: panels one below the other over a common x axis, seconds of run time or any other
 * number.
 */
export interface FigureSpec {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** A time axis adds its unit by itself. */
  readonly xLabel: string;
  readonly xKind: 'time' | 'number';
  readonly xFromZero?: boolean;
  /** The x axis counts: ticks at whole numbers only. */
  readonly xWhole?: boolean;
  /** One unit is as long on both axes (Nyquist); of one panel, whose height is then the most that it takes. */
  readonly isEqual?: boolean;
  /** Pixels from edge to edge; as wide as the report unless said. */
  readonly width?: number;
  /** Vertical marks with a short text, e.g. where phases begin. */
  readonly marks?: readonly { readonly x: number; readonly text: string }[];
}

const WIDTH = 900;
const LEFT = 68;
const RIGHT = 14;
const TOP = 26;
const GAP = 20;
const BOTTOM = 38;
/** Pixels of an axis between two of its ticks. */
const TICK_PX = 82;
const TIME_TICK_PX = 58;

/** Draws a figure as inline SVG. A figure without any value says so in words. */
export function drawFigure(given: FigureSpec): string {
  const range = rangeOf(
    given.panels.flatMap(panel => panel.lines.flatMap(line => drawnX(line))),
    given.xFromZero === true,
    given.xKind === 'time' ? 0 : 0.03,
  );
  const plot = (given.width ?? WIDTH) - LEFT - RIGHT;
  const { spec, xLow, xHigh } = given.isEqual === true ? equal(given, range, plot) : inRange(given, range);
  if (Number.isNaN(xLow)) {
    return `<figure><figcaption>${escapeHtml(spec.title)}</figcaption><p class="none">No usable values were recorded.</p></figure>`;
  }
  const toX = (x: number): number => LEFT + ((x - xLow) / (xHigh - xLow)) * plot;
  const xTicks = xTicksOf(spec, xLow, xHigh, plot);
  const xLabel = spec.xKind === 'time' ? `${spec.xLabel}, ${timeUnit(xHigh - xLow).name}` : spec.xLabel;
  const parts: string[] = [];
  let top = TOP;
  for (const panel of spec.panels) {
    parts.push(drawPanel(panel, top, { toX, xLow, xHigh, xTicks, plot }));
    top += panel.height + GAP;
  }
  const bottom = top - GAP;
  parts.push(drawMarks(spec, toX, bottom, xLow, xHigh));
  for (const x of xTicks.at) {
    parts.push(text(toX(x), bottom + 15, xTicks.text(x), 'tick', 'middle'));
  }
  parts.push(text(LEFT + plot / 2, bottom + 32, xLabel, 'label', 'middle'));
  const height = bottom + BOTTOM;
  return (
    `<figure><figcaption>${escapeHtml(spec.title)}</figcaption>${legend(spec.panels)}` +
    `<svg viewBox="0 0 ${LEFT + plot + RIGHT} ${height}" role="img" aria-label="${escapeHtml(spec.title)}">${parts.join('')}</svg></figure>`
  );
}

interface Ranged {
  readonly spec: FigureSpec;
  readonly xLow: number;
  readonly xHigh: number;
}

function inRange(spec: FigureSpec, [xLow, xHigh]: readonly [number, number]): Ranged {
  return { spec, xLow, xHigh };
}

/** Flat curves still have a panel that can be read. */
const LEAST_HEIGHT = 60;

/** Widens the x axis, or makes the panel lower, until a unit is as long on both. */
function equal(spec: FigureSpec, [xLow, xHigh]: readonly [number, number], plot: number): Ranged {
  const [panel] = spec.panels;
  const [yLow, yHigh] = yRangeOf(panel);
  const perPixel = Math.max((xHigh - xLow) / plot, (yHigh - yLow) / panel.height);
  if (Number.isNaN(perPixel)) return { spec, xLow, xHigh };
  const height = Math.max(LEAST_HEIGHT, (yHigh - yLow) / perPixel);
  return { spec: { ...spec, panels: [{ ...panel, height }] }, xLow, xHigh: xLow + perPixel * plot };
}

function yRangeOf(panel: Panel): [number, number] {
  const values = panel.lines.flatMap(line => drawnY(line));
  const limits = (panel.limits ?? []).map(l => l.value);
  return rangeOf([...values, ...limits], panel.fromZero === true, 0.06);
}

function xTicksOf(spec: FigureSpec, low: number, high: number, plot: number): Ticks {
  if (spec.xKind === 'time') return timeTicks(low, high, Math.round(plot / TIME_TICK_PX));
  const ticks = linearTicks(low, high, Math.round(plot / TICK_PX));
  if (spec.xWhole !== true) return ticks;
  return { at: ticks.at.filter(x => Number.isInteger(x)), text: x => x.toFixed(0) };
}

interface XAxis {
  readonly toX: (x: number) => number;
  readonly xLow: number;
  readonly xHigh: number;
  readonly xTicks: Ticks;
  /** Its length, pixels. */
  readonly plot: number;
}

function drawPanel(panel: Panel, top: number, axis: XAxis): string {
  const { toX, xLow, xHigh, xTicks, plot } = axis;
  const limits = panel.limits ?? [];
  const [yLow, yHigh] = yRangeOf(panel);
  if (Number.isNaN(yLow))
    return text(LEFT + plot / 2, top + panel.height / 2, 'no values', 'label', 'middle');
  const toY = (y: number): number => top + panel.height - ((y - yLow) / (yHigh - yLow)) * panel.height;
  const yTicks = linearTicks(yLow, yHigh, Math.max(2, panel.height / 32));
  const parts = [`<rect class="frame" x="${LEFT}" y="${top}" width="${plot}" height="${panel.height}"/>`];
  for (const x of xTicks.at) {
    parts.push(
      `<path class="grid" d="M${px(toX(x))},${px(top)}V${px(top + panel.height)}"/>`,
      `<path class="tickmark" d="M${px(toX(x))},${px(top + panel.height)}v4"/>`,
    );
  }
  for (const y of yTicks.at) {
    parts.push(`<path class="grid" d="M${LEFT},${px(toY(y))}H${LEFT + plot}"/>`);
    parts.push(text(LEFT - 7, toY(y) + 3.5, yTicks.text(y), 'tick', 'end'));
  }
  parts.push(...upright(panel.yLabel, top + panel.height / 2, panel.height));
  for (const line of panel.lines) {
    const drawn = line.marks === undefined ? thin(line, xLow, xHigh, plot) : line;
    if (line.stroke !== 'none') {
      parts.push(`<path class="${strokeClass(line)}" d="${pathOf(drawn, toX, toY)}"/>`);
    }
    if (line.u95 !== undefined) parts.push(uncertaintyBars(line, line.u95, toX, toY));
    if (line.marks !== undefined) parts.push(pointMarks(line, toX, toY));
  }
  for (const limit of limits) {
    const y = toY(limit.value);
    parts.push(`<path class="limit" d="M${LEFT},${px(y)}H${LEFT + plot}"/>`);
    // Near the top of the frame the text goes under its line.
    const below = y - top < 14;
    parts.push(text(LEFT + plot - 5, below ? y + 12 : y - 4, limit.label, 'limit-text', 'end'));
  }
  return parts.join('');
}

function strokeClass(line: Line): string {
  return `line ${line.colour}${line.stroke === undefined ? '' : ` ${line.stroke}`}`;
}

/** SVG path; a gap starts a new piece, and a lone point between two gaps stays visible as a dot (round cap). */
function pathOf(line: LinePoints, toX: (x: number) => number, toY: (y: number) => number): string {
  let path = '';
  let pen = false;
  for (let i = 0; i < line.x.length; i++) {
    const y = valueAt(line, i);
    if (y === null) {
      pen = false;
      continue;
    }
    const at = `${px(toX(line.x[i] ?? 0))},${px(toY(y))}`;
    const alone = !pen && (i + 1 >= line.x.length || valueAt(line, i + 1) === null);
    path += pen ? `L${at}` : alone ? `M${at}h0` : `M${at}`;
    pen = true;
  }
  return path;
}

function pointMarks(line: Line, toX: (x: number) => number, toY: (y: number) => number): string {
  return line.x
    .map((x, i) => {
      const y = valueAt(line, i);
      const kind = line.marks === 'open' ? 'mark open' : 'mark';
      return y === null
        ? ''
        : `<circle class="${kind} ${line.colour}" cx="${px(toX(x))}" cy="${px(toY(y))}" r="2.6"/>`;
    })
    .join('');
}

function uncertaintyBars(
  line: Line,
  u95: readonly number[],
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  const bars = line.x.map((x, i) => {
    const y = valueAt(line, i);
    const u = u95[i];
    if (y === null || u === undefined || !Number.isFinite(u)) return '';
    const at = px(toX(x));
    return `M${at},${px(toY(y - u))}V${px(toY(y + u))}`;
  });
  return `<path class="bars ${line.colour}" d="${bars.join('')}"/>`;
}

function drawMarks(
  spec: FigureSpec,
  toX: (x: number) => number,
  bottom: number,
  low: number,
  high: number,
): string {
  let free = Number.NEGATIVE_INFINITY;
  return (spec.marks ?? [])
    .filter(mark => mark.x >= low && mark.x <= high)
    .map(mark => {
      const x = toX(mark.x);
      const line = `<path class="phase" d="M${px(x)},${TOP - 4}V${px(bottom)}"/>`;
      // Short phases stand too close for their numbers: the first of them is enough to find the place.
      if (x < free) return line;
      free = x + 14;
      const atEdge = x > toX(high) - 14;
      return line + text(atEdge ? x - 2 : x + 2, TOP - 7, mark.text, 'phase-text', atEdge ? 'end' : 'start');
    })
    .join('');
}

function legend(panels: readonly Panel[]): string {
  const lines = panels.flatMap(panel => panel.lines).filter(line => drawnY(line).length > 0);
  const seen = [...new Map(lines.map(line => [line.label, line])).values()];
  const entries = seen.map(
    line =>
      `<span><svg class="key" viewBox="0 0 26 8">${line.stroke === 'none' ? '' : `<path class="${strokeClass(line)}" d="M1,4H25"/>`}` +
      (line.marks === undefined
        ? ''
        : `<circle class="mark${line.marks === 'open' ? ' open' : ''} ${line.colour}" cx="13" cy="4" r="2.6"/>`) +
      `</svg>${escapeHtml(line.label)}</span>`,
  );
  return `<div class="legend">${entries.join('')}</div>`;
}

/** Mean width of a letter of a label, px, and from one of its lines to the next. */
const LETTER = 6.2;
const LABEL_LINE = 12;

/** The label of a y axis; one that is longer than its panel is high stands in two lines. */
function upright(label: string, middle: number, height: number): string[] {
  const words = label.split(' ');
  const isLong = label.length * LETTER > height && words.length > 1;
  // The cut that leaves the shorter of the longer halves.
  const halves = words
    .slice(1)
    .map((_, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')])
    .sort((a, b) => Math.max(...a.map(half => half.length)) - Math.max(...b.map(half => half.length)));
  const lines = isLong ? halves[0] : [label];
  const first = 14 - (lines.length - 1) * (LABEL_LINE / 2);
  return lines.map(
    (line, i) =>
      `<text class="label" text-anchor="middle" transform="translate(${first + i * LABEL_LINE} ${px(middle)}) rotate(-90)">${escapeHtml(line)}</text>`,
  );
}
