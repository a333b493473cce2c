import type { ComparedFigure, Comparison } from '../../control/view.ts';
import { comparisonOutcome, shortFigure } from '../../control/view.ts';
import { figure } from './progress.ts';
import { table } from './table.ts';

const WORDS: Readonly<Record<ComparedFigure['as'], string>> = {
  same: 'same',
  differs: 'DIFFERS',
  unknown: '?',
  'only-a': 'only in A',
  'only-b': 'only in B',
};

/** Two runs side by side on the terminal: figures with u95, their difference with the combined u95, and what that means. */
export function comparisonText({ a, b, figures, notes }: Comparison): string {
  const lines = [`A  ${a.name}: ${a.result.method}, ${a.result.startedUtc}, ${a.result.verdict}`];
  lines.push(`B  ${b.name}: ${b.result.method}, ${b.result.startedUtc}, ${b.result.verdict}`);
  for (const note of notes) lines.push(`   note: ${note}`);
  const rows = figures.map(f => [
    f.id,
    f.phase || 'whole run',
    f.a === undefined ? '' : figure(f.a),
    f.b === undefined ? '' : figure(f.b),
    differenceText(f),
    f.unit,
    WORDS[f.as],
  ]);
  lines.push('', ...table(['figure', 'phase', 'A', 'B', 'B - A', 'unit', ''], rows, [2, 3, 4]));
  lines.push('', comparisonOutcome({ figures }));
  return lines.join('\n');
}

function differenceText({ difference, u95 }: ComparedFigure): string {
  if (difference === null) return '';
  if (u95 === null || u95 === 0) return shortFigure(difference);
  const decimals = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(u95))));
  return `${difference.toFixed(decimals)} +- ${u95.toFixed(decimals)}`;
}
