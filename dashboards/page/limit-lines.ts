import type uPlot from 'uplot';

/** One limit of a chart, ready to be drawn: on which scale, where, how labelled and in which colour. */
export interface LimitLine {
  readonly scale: string;
  readonly value: number;
  readonly label: string;
  readonly colour: string;
  /** False: it does not count in the step that runs; drawn faint. */
  readonly isArmed: boolean;
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
  ctx.setLineDash([5 * dot, 4 * dot]);
  const shown = limits
    .map(limit => ({ ...limit, y: u.valToPos(limit.value, limit.scale, true) }))
    .filter(({ y }) => y >= top && y <= top + height);
  const places = placeLabels(
    shown.map(({ y, label }) => ({ y, width: ctx.measureText(label).width })),
    { row: ROW_PX * dot, gap: GAP_PX * dot, bottom: top + height },
  );
  for (const [i, { y, label, colour, isArmed }] of shown.entries()) {
    ctx.globalAlpha = isArmed ? 1 : FAINT;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
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
