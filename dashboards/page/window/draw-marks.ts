import type uPlot from 'uplot';
import type { RunMark } from '../../../control/view.ts';

/** Colours of the page that marks are drawn in. */
export interface MarkColours {
  readonly phase: string;
  readonly alarm: Readonly<Record<'warn' | 'other', string>>;
}

const FONT_PX = 9;
const GAP_PX = 3;
const HEAD_PX = 4;
/** Nearer to each other, triangles and their counts would cover each other. */
const HEADS_APART_PX = 26;
/** The trends stand before it. */
const LINE_ALPHA = 0.4;

/**
 * Draws phases as lines over the whole height with their names at the foot, and alarms as triangles at the top: what warns is
 * hollow, what did more is filled; of those too close to be told apart one stands for all, with their count. A name that has no
 * room is left out, its line is not.
 */
export function drawMarks(u: uPlot, marks: readonly RunMark[], colours: MarkColours): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const dot = devicePixelRatio;
  const shown = marks
    .map(mark => ({ mark, x: u.valToPos(mark.t_s, 'x', true) }))
    .filter(({ mark, x }) => x <= left + width && (x >= left || mark.kind === 'phase'));
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.font = `${FONT_PX * dot}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.lineWidth = dot;
  const phases = shown.filter(({ mark }) => mark.kind === 'phase');
  for (const [i, { mark, x }] of phases.entries()) {
    const begin = Math.max(x, left);
    const end = Math.min(phases[i + 1]?.x ?? left + width, left + width);
    ctx.strokeStyle = colours.phase;
    ctx.fillStyle = colours.phase;
    ctx.globalAlpha = LINE_ALPHA;
    if (x >= left) line(ctx, x, top, top + height);
    ctx.globalAlpha = 1;
    const hasRoom = ctx.measureText(mark.name).width + 2 * GAP_PX * dot <= end - begin;
    if (hasRoom) ctx.fillText(mark.name, begin + GAP_PX * dot, top + height - GAP_PX * dot);
  }
  const alarms = shown.flatMap(({ mark, x }) => (mark.kind === 'alarm' ? [{ mark, x }] : []));
  ctx.setLineDash([2 * dot, 3 * dot]);
  for (const { mark, x } of alarms) {
    ctx.strokeStyle = colours.alarm[mark.reaction === 'warn' ? 'warn' : 'other'];
    line(ctx, x, top + 2 * HEAD_PX * dot, top + height);
  }
  ctx.setLineDash([]);
  ctx.textBaseline = 'top';
  for (const { x, isWarning, count } of headsOf(alarms, HEADS_APART_PX * dot)) {
    ctx.strokeStyle = ctx.fillStyle = colours.alarm[isWarning ? 'warn' : 'other'];
    triangle(ctx, x, top, HEAD_PX * dot);
    if (isWarning) ctx.stroke();
    else ctx.fill();
    if (count > 1) ctx.fillText(String(count), x + (HEAD_PX + 1) * dot, top);
  }
  ctx.restore();
}

/** The triangle of one alarm, or of several. */
export interface Head {
  readonly x: number;
  /** None of them did more than warn. */
  readonly isWarning: boolean;
  readonly count: number;
}

/** The triangles of alarms in the order of time, each at least so far from the last. */
export function headsOf(
  alarms: readonly { readonly mark: Extract<RunMark, { kind: 'alarm' }>; readonly x: number }[],
  apart: number,
): readonly Head[] {
  const heads: Head[] = [];
  for (const { mark, x } of alarms) {
    const { reaction, count = 1 } = mark;
    const isWarning = reaction === 'warn';
    const last = heads.at(-1);
    if (last === undefined || x - last.x >= apart) heads.push({ x, isWarning, count });
    else
      heads[heads.length - 1] = {
        x: last.x,
        isWarning: last.isWarning && isWarning,
        count: last.count + count,
      };
  }
  return heads;
}

function line(ctx: CanvasRenderingContext2D, x: number, from: number, to: number): void {
  ctx.beginPath();
  ctx.moveTo(x, from);
  ctx.lineTo(x, to);
  ctx.stroke();
}

/** One that stands on its tip. */
function triangle(ctx: CanvasRenderingContext2D, x: number, top: number, half: number): void {
  ctx.beginPath();
  ctx.moveTo(x - half, top);
  ctx.lineTo(x + half, top);
  ctx.lineTo(x, top + 2 * half);
  ctx.closePath();
}
