import type { ShownVoltammogram } from '../../control/view.ts';
import { drawFigure, type FigureSpec, type Line } from './figure.ts';

/** Pictures of voltammograms: current over potential. */

/** So many curves stand in one picture before they can no longer be told apart. */
const TOGETHER = 4;

/** Pictures in the order in which they were swept, the last cycle full, those before it dashed; none without one. */
export function voltammogramPictures(voltammograms: readonly ShownVoltammogram[], width?: number): string[] {
  const drawn = voltammograms.filter(({ voltage_V }) => voltage_V.length > 1);
  const groups = Array.from({ length: Math.ceil(drawn.length / TOGETHER) }, (_, k) =>
    drawn.slice(TOGETHER * k, TOGETHER * (k + 1)),
  );
  return groups
    .map((group, k) => pictureOf(group, groups.length === 1 ? '' : ` (${k + 1} of ${groups.length})`))
    .map(figure => drawFigure(width === undefined ? figure : { ...figure, width }));
}

function pictureOf(group: readonly ShownVoltammogram[], which: string): FigureSpec {
  const most_A = Math.max(...group.flatMap(({ current_A }) => current_A.map(Math.abs)));
  const [unit, factor] = most_A < 1e-3 ? ['\u00b5A', 1e6] : most_A < 1 ? ['mA', 1e3] : ['A', 1];
  return {
    title: `Voltammetry${which}: current over potential, whole device under test`,
    xLabel: 'potential, V',
    xKind: 'number',
    panels: [
      {
        yLabel: `current, ${unit}`,
        height: 320,
        lines: group.flatMap((curve, i) => linesOf(curve, `c${i}`, factor)),
      },
    ],
  };
}

/** A line for the last cycle; one for all before it, broken between two of them. */
function linesOf(
  { name: step, state, scan_count, voltage_V, current_A, voltageIs }: ShownVoltammogram,
  colour: string,
  factor: number,
): Line[] {
  const name = voltageIs === 'set' ? `${step}, potential as set, not measured` : step;
  const last = scan_count.at(-1) ?? 1;
  const places = [...scan_count.keys()];
  const line = (label: string, which: readonly number[], stroke?: 'dashed'): Line => ({
    label,
    colour,
    turns: true,
    ...(stroke === undefined ? {} : { stroke }),
    x: which.map(i => voltage_V[i]),
    y: which.map(i => factor * current_A[i]),
  });
  const label = state === 'whole' ? name : `${name} (${state})`;
  const before = places.filter(i => scan_count[i] < last);
  const newest = line(
    label,
    places.filter(i => scan_count[i] === last),
  );
  return before.length === 0 ? [newest] : [line(`${name}, cycles before`, before, 'dashed'), newest];
}
