import type { MonteCarlo } from '../../control/view.ts';
import { clockText, shortFigure, unitWords } from '../../control/view.ts';
import { bar } from './progress.ts';
import { table } from './table.ts';

/** A Monte Carlo as the terminal shows it. */

const MOVED_BY_SHOWN = 6;
const KPIS_SHOWN = 12;

/** One line of progress with the time left. */
export function poolLine(done: number, runs: number, wall_s: number): string {
  const left = done === 0 ? '' : `  ${clockText((wall_s / done) * (runs - done))} left`;
  return `${bar(done / runs)} ${done} of ${runs} runs${left}`;
}

/** Probabilities, distances, figures, and what moves the closest limit. */
export function monteCarloText(m: MonteCarlo): string {
  const percent = (p: number): string => `${(100 * p).toFixed(1)} %`;
  const near = m.limits.filter(l => l.fired > 0 || l.distance !== null);
  const lines = [
    `Monte Carlo: ${m.done} of ${m.asked} runs, ${m.completed} completed; ${m.varied.length} figures of the plant varied`,
    '',
    'How likely each limit fires (95 % Wilson interval), and how much is left (negative: beyond)',
    ...table(
      ['limit', 'reaction', 'fired', 'probability', '95 %', 'left p5', 'p50', 'p95', ''],
      near.map(l => [
        l.id,
        l.reaction,
        String(l.fired),
        percent(l.probability),
        `${percent(l.low)} .. ${percent(l.high)}`,
        ...(l.distance === null
          ? ['-', '-', '-']
          : [l.distance.p5, l.distance.p50, l.distance.p95].map(shortFigure)),
        unitWords(l.unit),
      ]),
      [2, 3, 4, 5, 6, 7],
    ),
    '',
    'Figures of the whole run',
    ...table(
      ['figure', 'p5', 'p50', 'p95', '', 'runs'],
      m.kpis
        .slice(0, KPIS_SHOWN)
        .map(k => [k.id, shortFigure(k.p5), shortFigure(k.p50), shortFigure(k.p95), k.unit, String(k.runs)]),
      [1, 2, 3, 5],
    ),
  ];
  if (m.closest !== null && m.closest.moved_by.length > 0) {
    lines.push(
      '',
      `What moves the limit most at risk, ${m.closest.id} (rank correlation with what is left; + more leaves more)`,
      ...table(
        ['parameter', 'correlation'],
        m.closest.moved_by.slice(0, MOVED_BY_SHOWN).map(p => [p.parameter, p.rank_correlation.toFixed(2)]),
        [1],
      ),
    );
  }
  return lines.join('\n');
}
