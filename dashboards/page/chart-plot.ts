import uPlot from 'uplot';
import type { RoleValue, RunMark, TrendLimit } from '../../control/view.ts';
import { timeText } from '../format.ts';
import { shownUnit } from './chart-groups.ts';
import { drawLimitLines, limitLines } from './limit-lines.ts';
import type { Trend } from './trends.ts';
import { axisRange, axisResolution, axisTexts } from './window/axis.ts';
import { drawMarks, type MarkColours } from './window/draw-marks.ts';

/** What uPlot draws of a group of trends, and how. */

const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400,
];

/** A stretch of run time, s. */
export interface Stretch {
  readonly from_s: number;
  readonly to_s: number;
}

/** What a chart asks of the page, and what it shows; read anew each time. */
export interface ChartAsks {
  /** The stretch of run time that is shown, s; absent: all that the trends have. */
  readonly stretch?: Stretch;
  /** The newest value of each role, and the resolution of its instrument. */
  readonly live: ReadonlyMap<string, RoleValue>;
  /** What is drawn across it. */
  readonly marks: readonly RunMark[];
  /** Interlocks whose limits are not armed now. */
  readonly suppressed: readonly string[];
  /** A stretch was marked in the chart, s. */
  readonly onMark: (from_s: number, to_s: number) => void;
  /** All of the run is wanted again. */
  readonly onAll: () => void;
}

/** In which column of the chart's data the values of each trend are: those of a window have lowest and highest behind. */
export function columnPlaces(trends: readonly Trend[]): readonly number[] {
  let next = 1;
  return trends.map(trend => {
    const place = next;
    next += trend.min === undefined ? 1 : 3;
    return place;
  });
}

/** Times, then the values of each trend, in the units of the page. */
export function chartData(trends: readonly Trend[]): uPlot.AlignedData {
  if (trends.length === 0) return [[]];
  const tables = trends.map(trend => {
    const { factor } = shownUnit(trend);
    const columns = [trend.value, trend.min, trend.max].flatMap(values =>
      values === undefined ? [] : [factor === 1 ? values : values.map(v => (v === null ? null : v * factor))],
    );
    return [trend.t_s, ...columns] as uPlot.AlignedData;
  });
  return uPlot.join(tables);
}

/** Scales, lines and marks of a chart; `newest` is asked whenever something happens in it. */
export function chartOptions(
  title: string,
  trends: readonly Trend[],
  limits: readonly TrendLimit[],
  units: readonly string[],
  onCursor: (index: number | null) => void,
  newest: { readonly current: ChartAsks },
): Omit<uPlot.Options, 'width' | 'height'> {
  const places = columnPlaces(trends);
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--soft'), font: '11px system-ui, sans-serif' };
  const grid = { stroke: colour('--grid'), width: 1 };
  /** Where in this chart a stretch is being marked from, px; undefined: none is. */
  let marking_px: number | undefined;
  return {
    legend: { show: false },
    padding: [6, units.length > 1 ? 0 : 18, 0, 0],
    cursor: {
      // Where the mouse is, all charts show; what is marked belongs to the chart in which that was begun.
      sync: { key: 'run', filters: { pub: isPlace, sub: () => marking_px === undefined } },
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: {
        dblclick: () => () => {
          newest.current.onAll();
          return null;
        },
        mousedown: (u, target, handler) => event => {
          if (event.button !== 0 || event.target !== target) return null;
          marking_px = event.clientX - u.over.getBoundingClientRect().left;
          return handler(event);
        },
        mouseup: (u, _target, handler) => event => {
          if (event.button !== 0) return null;
          if (marking_px !== undefined) markTo(u, marking_px, event.clientX);
          marking_px = undefined;
          return handler(event);
        },
      },
    },
    scales: {
      x: { time: false, range: (_u, low, high) => shownRange(newest.current.stretch, low, high) },
      ...Object.fromEntries(
        units.map(unit => {
          const near = limitsOf(unit, trends, limits);
          const range: uPlot.Scale.Range = (_u, low, high) =>
            low === null || high === null
              ? [0, 1]
              : axisRange(low, high, near, axisResolution(unit, trends, newest.current.live));
          return [unit, { range }];
        }),
      ),
    },
    series: [{}, ...trends.flatMap((trend, i) => seriesOf(trend, colour(`--c${i % 5}`)))],
    bands: trends.flatMap((trend, i) => {
      const place = places[i] ?? 0;
      return trend.min === undefined
        ? []
        : [{ series: [place + 2, place + 1] as [number, number], fill: `${colour(`--c${i % 5}`)}40` }];
    }),
    axes: [
      { ...axis, grid, ticks: { show: false }, size: 22, incrs: TIME_STEPS_S, space: 46, values: timeTicks },
      ...units.slice(0, 2).map((unit, i) => ({
        ...axis,
        ...(units.length > 1 ? { stroke: axisColour(unit, trends, colour) } : {}),
        scale: unit,
        side: i === 0 ? 3 : 1,
        size: 44,
        space: 24,
        ticks: { show: false },
        values: (_u: uPlot, splits: number[], _i: number, _space: number, step: number) =>
          axisTexts(splits, step),
        grid: i === 0 ? grid : { show: false },
      })),
    ],
    hooks: {
      setCursor: [u => onCursor(u.cursor.idx ?? null)],
      setSelect: [u => marked(u, newest.current)],
      drawAxes: [u => drawMarks(u, newest.current.marks, markColours(colour))],
      draw: [u => drawLimitLines(u, limitLines(title, trends, limits, newest.current.suppressed, colour))],
    },
  };
}

/** The line of a trend, and where it has them the edges of what lies between its values. */
function seriesOf(trend: Trend, stroke: string): uPlot.Series[] {
  const scale = shownUnit(trend).unit;
  const line = { scale, stroke, width: 1.5, points: { show: false } };
  if (trend.min === undefined) return [line];
  const edge = { scale, stroke: 'transparent', width: 0, points: { show: false } };
  return [line, edge, edge];
}

/** A click is no stretch, px. */
const LEAST_MARK_PX = 4;

function isPlace(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave';
}

/** From where it was pressed to where the mouse was let go: the chart's edge, where that was beside it. */
function markTo(u: uPlot, from_px: number, clientX: number): void {
  const over = u.over.getBoundingClientRect();
  const to_px = Math.min(over.width, Math.max(0, clientX - over.left));
  if (u.select.width <= 0) return;
  u.setSelect({ ...u.select, left: Math.min(from_px, to_px), width: Math.abs(to_px - from_px) }, false);
}

/** What was marked is asked for, and no longer marked. */
function marked(u: uPlot, { onMark }: ChartAsks): void {
  const { left, width } = u.select;
  if (width < LEAST_MARK_PX) return;
  const [from_s, to_s] = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onMark(from_s, to_s);
}

function shownRange(
  stretch: Stretch | undefined,
  low: number | null,
  high: number | null,
): uPlot.Range.MinMax {
  if (stretch !== undefined) return [stretch.from_s, stretch.to_s];
  return [low ?? 0, high ?? 1];
}

function markColours(colour: (name: string) => string): MarkColours {
  return { phase: colour('--soft'), alarm: { warn: colour('--warn'), other: colour('--bad') } };
}

/** With two axes, each wears the colour of its line; the soft text colour where it serves several. */
function axisColour(unit: string, trends: readonly Trend[], colour: (name: string) => string): string {
  const own = trends.filter(trend => shownUnit(trend).unit === unit);
  const [only] = own;
  return only === undefined || own.length > 1 ? colour('--soft') : colour(`--c${trends.indexOf(only) % 5}`);
}

function limitsOf(unit: string, trends: readonly Trend[], limits: readonly TrendLimit[]): readonly number[] {
  return trends
    .filter(trend => shownUnit(trend).unit === unit)
    .flatMap(trend =>
      limits.filter(limit => limit.role === trend.role).map(l => l.value * shownUnit(trend).factor),
    );
}

function timeTicks(_u: uPlot, splits: number[]): string[] {
  const fine = splits.length > 1 && (splits[1] ?? 0) - (splits[0] ?? 0) < 60;
  return splits.map(t_s => (fine ? timeText(t_s) : timeText(t_s).slice(0, -3)));
}
