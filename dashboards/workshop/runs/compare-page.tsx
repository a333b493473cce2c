import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ComparedFigure, Comparison, RunResult } from '../../../control/view.ts';
import { figureText, kpiText, unitText } from '../../format.ts';
import { ask, pathOf, type Refusal, refusalOf } from '../door/ask.ts';
import { to } from '../door/route.ts';
import { Mark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { amountOf, utcText } from '../parts/texts.ts';
import { type Spoken, useWords, wordOf } from '../words/words.ts';
import { type ComparedRow, comparedRows } from './compared-rows.ts';

/** Two to four runs figure by figure; a difference counts where it is larger than both uncertainties together. */
export function ComparePage({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useWords();
  const { pairs, refusal } = usePairs(ids);
  const rows = useMemo(() => comparedRows(pairs ?? []), [pairs]);
  const runs = pairs === undefined ? [] : [pairs[0].a, ...pairs.map(({ b }) => b)];
  return (
    <>
      <PageHead title={t.comparison} />
      <Refused refusal={refusal} />
      {ids.length < 2 && <p>{t.chooseTwo}</p>}
      {ids.length >= 2 && pairs === undefined && refusal === undefined && <p class="waiting">{t.loading}</p>}
      {runs.length > 0 && (
        <section class="panel scrolls" aria-label={t.comparison}>
          <ul>
            {[...new Set(pairs?.flatMap(({ notes }) => notes))].map(note => (
              <li key={note}>
                <Mark of="warning" words={t.severities} /> {note}
              </li>
            ))}
          </ul>
          <table class="list compared">
            <thead>
              <tr>
                <th scope="col">{t.figure}</th>
                <th scope="col">{t.phase}</th>
                {ids.map((id, i) => (
                  <th key={id} scope="col" class="number">
                    <b>{letterOf(i)}</b> <a href={to('runs', id)}>{id}</a>
                  </th>
                ))}
                {ids.slice(1).map((id, i) => (
                  <th key={id} scope="col" class="number">
                    {letterOf(i + 1)} − {letterOf(0)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Facts results={runs.map(({ result }) => result)} />
              {rows.map((row, i) => (
                <Row key={i} row={row} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

const letterOf = (i: number): string => 'ABCD'[i] ?? '';

/** Which runs these are: what has to be known before a difference is believed. */
function Facts({ results }: { readonly results: readonly RunResult[] }) {
  const { t } = useWords();
  const facts: readonly (readonly [string, (result: RunResult) => string])[] = [
    [t.method, result => result.method],
    [t.bench, result => [result.bench, result.subject ?? ''].filter(text => text !== '').join(', ')],
    [t.begun, result => utcText(result.startedUtc)],
    [t.verdict, result => wordOf(t.states, result.verdict)],
  ];
  return (
    <>
      {facts.map(([name, textOf]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td />
          {results.map((result, i) => (
            <td key={i} class="number">
              {textOf(result)}
            </td>
          ))}
          <td colSpan={results.length - 1} />
        </tr>
      ))}
    </>
  );
}

function Row({ row }: { readonly row: ComparedRow }) {
  const words = useWords();
  return (
    <tr>
      <th scope="row">{kpiText(row.id, row.unit)}</th>
      <td>{row.phase || words.t.wholeRun}</td>
      {row.figures.map((figure, i) => (
        <td key={i} class="number">
          {figure === undefined ? '' : amountOf(words, figure)}
        </td>
      ))}
      {row.compared.map((pair, i) => (
        <td key={i} class="number">
          {pair !== undefined && (
            <>
              {differenceOf(words, pair)} <Mark of={pair.as} words={words.t.comparedAs} />
            </>
          )}
        </td>
      ))}
    </tr>
  );
}

function differenceOf({ n }: Spoken, { difference, u95, unit }: ComparedFigure): string {
  if (difference === null) return '';
  const shown = figureText(difference, u95 ?? undefined);
  return `${n(shown.value)}${shown.u95 === '' ? '' : ` ± ${n(shown.u95)}`} ${unitText(unit)}`;
}

interface Pairs {
  /** The first run with each of the others. */
  readonly pairs: readonly Comparison[] | undefined;
  readonly refusal: Refusal | undefined;
}

function usePairs(ids: readonly string[]): Pairs {
  const [found, setFound] = useState<Pairs>({ pairs: undefined, refusal: undefined });
  useEffect(() => {
    const [first, ...others] = ids;
    const pairOf = (other: string): Promise<Comparison> => {
      const asked = new URLSearchParams({ ids: `${first},${other}` });
      return ask<Comparison>('GET', `${pathOf('runs', 'compare')}?${asked}`);
    };
    Promise.all(others.map(pairOf)).then(
      pairs => setFound({ pairs: pairs.length === 0 ? undefined : pairs, refusal: undefined }),
      error => setFound({ pairs: undefined, refusal: refusalOf(error) }),
    );
  }, [ids.join('\n')]);
  return found;
}
