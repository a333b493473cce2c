import type { FigureTable } from './kpi.ts';
import type { RecordedRun } from './recorded-run.ts';
import { readingOver } from './stack/windows.ts';

/** What the windows of `average_` came to on a cell; of a stack they are its polarisation curves. */

/** So many points at most, the last ones. */
const POINTS = 2000;
const ROLES = ['voltage_V', 'current_A', 'power_W', 'temperature_degC'] as const;

/** Point by point: mean of each role over its window, with u95 (declared accuracy, scatter, what it still moved); none without a point. */
export function pointsTables(run: RecordedRun): FigureTable[] {
  const { points, subject } = run;
  if (subject.kind !== 'cell' || points.length === 0) return [];
  const roles = ROLES.filter(role => run.series(`cell.${role}`).t_s.length > 0);
  const columns = roles.flatMap(role => [role, role.replace('_', 'U95_')]);
  const given = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const rows = points.slice(-POINTS).map((point, i) => {
    const values = roles.flatMap(role => {
      const { mean, u95 } = readingOver(run, `cell.${role}`, point);
      return Number.isFinite(mean) ? [mean, given(u95)] : [null, null];
    });
    const nth = points.length - Math.min(points.length, POINTS) + i + 1;
    return [nth, point.phase, point.from_s, point.to_s, ...values];
  });
  return [{ id: 'points', columns: ['point', 'phase', 'from_s', 'to_s', ...columns], rows }];
}
