import type { Kpi } from '../../../control/view.ts';
import { kpiText, unitText } from '../../format.ts';
import { Mark } from '../parts/mark.tsx';
import { amountOf } from '../parts/texts.ts';
import { useWords } from '../words/words.ts';

/** Figures with uncertainty, and whether each meets what its method asks of it. */
export function FigureTable({ figures }: { readonly figures: readonly Kpi[] }) {
  const words = useWords();
  const { t, n } = words;
  if (figures.length === 0) return <p class="is-quiet">{t.noFigures}</p>;
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">{t.figure}</th>
          <th scope="col">{t.phase}</th>
          <th scope="col" class="number">
            {t.value}
          </th>
          <th scope="col">{t.criteriaName}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure, i) => (
          <tr key={i}>
            <th scope="row" title={figure.definition}>
              {kpiText(figure.id, figure.unit)}
            </th>
            <td>{figure.phase ?? t.wholeRun}</td>
            <td class="number">{amountOf(words, figure)}</td>
            <td>
              {figure.criterion !== undefined && (
                <>
                  <Mark of={figure.criterion.outcome} words={t.criteria} /> {figure.criterion.is}{' '}
                  {n(String(figure.criterion.limit))} {unitText(figure.unit)}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
