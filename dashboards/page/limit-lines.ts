import type uPlot from 'uplot';
import type { TrendLimit } from '../../control/view.ts';
import { shortText, shownUnit } from './chart-groups.ts';
import { limitText } from './nearest/near-facts.ts';
import type { Trend } from './trends.ts';
import { words } from './words/language.ts';

/** One limit of a chart, ready to be drawn: on which scale, where, how labelled and in which colour. */
export interface LimitLine {
  readonly scale: string;
  readonly value: number;
  readonly label: string;
  readonly colour: string;
  /** Its dashes and the gaps between them, px: of each reaction its own. */
  readonly dash: readonly number[];
  /** False: it does not count in the step that runs; drawn faint. */
  readonly isArmed: boolean;
}

/** The graver, the more of a line: a warning is dotted, what trips has long dashes. */
const DASHES: Readonly<Record<TrendLimit['reaction'], readonly number[]>> = {
  warn: [2, 4],
  hold: [5, 4],
  suspend: [5, 4],
  stop: [9, 3],
  trip: [14, 3],
};

/**
 * The limits of the trends shown: what warns in the colour of warnings, what acts in the one of trips, each with its own dash
 * and its reaction in words. Where several trends have some, each label names its trend; with two axes each line wears its
 * trend's colour, so that nobody reads it on the wrong axis.
 */
export function limitLines(
  title: string,
  trends: readonly Trend[],
  limits: readonly TrendLimit[],
  suppressed: readonly string[],
  colour: (name: string) => string,
): LimitLine[] {
  const owned = limits.flatMap(limit => {
    const i = trends.findIndex(trend => trend.role === limit.role);
    const trend = trends[i];
    return trend === undefined ? [] : [{ limit, trend, own: colour(`--c${i % 5}`) }];
  });
  const hasTwoAxes = new Set(trends.map(trend => shownUnit(trend).unit)).size > 1;
  const isShared = new Set(owned.map(({ trend }) => trend.role)).size > 1;
  return owned.map(({ limit, trend, own }) => {
    const { id, reaction, trips } = limit;
    const { unit, factor } = shownUnit(trend);
    const isArmed = !suppressed.includes(id);
    const whose = isShared || hasTwoAxes ? `${shortText(trend, title)} ` : '';
    const what = `${words().reactions[reaction]} ${trips} ${limitText(limit.value * factor)}`;
    return {
      scale: unit,
      value: limit.value * factor,
      label: `${whose}${what}${isArmed ? '' : `, ${words().charts.notArmed}`}`,
      colour: hasTwoAxes ? own : colour(reaction === 'warn' ? '--warn' : '--bad'),
      dash: DASHES[reaction],
      isArmed,
    };
  });
}

/** Of a limit that does not count now, against one that does. */
const FAINT = 0.45;

const FONT_PX = 10;
const ROW_PX = 12;
const GAP_PX = 10;

/** Draws the limits as dashed lines with their labels; what lies outside the picture is left out. */
export function drawLimitLines(u: uPlot, limits: readonly LimitLine[]): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const dot = devicePixelRatio;
  ctx.save();
  ctx.font = `${FONT_PX * dot}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.lineWidth = dot;
  const shown = limits
    .map(limit => ({ ...limit, y: u.valToPos(limit.value, limit.scale, true) }))
    .filter(({ y }) => y >= top && y <= top + height);
  const places = placeLabels(
    shown.map(({ y, label }) => ({ y, width: ctx.measureText(label).width })),
    { row: ROW_PX * dot, gap: GAP_PX * dot, bottom: top + height },
  );
  for (const [i, { y, label, colour, dash, isArmed }] of shown.entries()) {
    ctx.globalAlpha = isArmed ? 1 : FAINT;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.setLineDash(dash.map(length => length * dot));
    // Two lines at the same height show both colours.
    ctx.lineDashOffset = i * 4.5 * dot;
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(left + width, y);
    ctx.stroke();
    const place = places[i];
    if (place !== undefined) ctx.fillText(label, left + 4 * dot + place.x, place.baseline);
  }
  ctx.restore();
}

/**
 * Where labels go so that none lies on another: below their line (above it at the foot of the picture), and beside
 * the labels that already stand at that height. `x` counts from the left edge. Pure.
 */
export function placeLabels(
  labels: readonly { readonly y: number; readonly width: number }[],
  room: { readonly row: number; readonly gap: number; readonly bottom: number },
): { readonly x: number; readonly baseline: number }[] {
  const placed: { x: number; baseline: number; end: number }[] = [];
  for (const { y, width } of labels) {
    const below = y + 0.9 * room.row;
    const baseline = below <= room.bottom ? below : y - 0.3 * room.row;
    const beside = placed.filter(other => Math.abs(other.baseline - baseline) < room.row);
    let x = 0;
    for (const other of beside.sort((a, b) => a.x - b.x)) {
      if (other.x < x + width + room.gap && x < other.end + room.gap) x = other.end + room.gap;
    }
    placed.push({ x, baseline, end: x + width });
  }
  return placed;
}
