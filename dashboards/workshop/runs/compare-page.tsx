import { useMemo } from 'preact/hooks';
import type { LabRun } from '../../door/lab.ts';
import { figureText, kpiText, unitText } from '../../format.ts';
import { verdictIn } from '../../page/words/verdict/verdict.ts';
import { pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useAsked } from '../door/use-asked.ts';
import { Mark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { amountOf, utcText } from '../parts/texts.ts';
import { type Spoken, useWords } from '../words/words.ts';
import { type Compared, type ComparedPair, type ComparedRow, comparedRows } from './compared-rows.ts';

/** Two to four runs figure by figure; a difference counts where it is larger than both uncertainties together. */
export function ComparePage({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useWords();
  const asked = new URLSearchParams({ ids: ids.join(',') });
  const { value, refusal } = useAsked<{ compared: readonly Compared[] }>(
    ids.length < 2 ? undefined : `${pathOf('runs', 'compare')}?${asked}`,
  );
  const rows = useMemo(() => comparedRows(value?.compared ?? []), [value]);
  const notes = new Set(value?.compared.flatMap(one => one.notes));
  return (
    <>
      <PageHead title={t.comparison} />
      <Refused refusal={refusal} />
      {ids.length < 2 && <p>{t.chooseTwo}</p>}
      {ids.length >= 2 && value === undefined && refusal === undefined && <p class="waiting">{t.loading}</p>}
      {value !== undefined && (
        <section class="panel scrolls" aria-label={t.comparison}>
          <ul>
            {[...notes].map(note => (
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
              <Facts ids={ids} />
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
function Facts({ ids }: { readonly ids: readonly string[] }) {
  const { language, t } = useWords();
  const { runs } = useLab();
  const facts: readonly (readonly [string, (run: LabRun) => string])[] = [
    [t.method, run => run.method],
    [t.bench, run => run.bench],
    [t.begun, run => utcText(run.startedUtc)],
    [t.verdict, run => verdictIn(language, run.verdict)],
  ];
  return (
    <>
      {facts.map(([name, textOf]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td />
          {ids.map(id => {
            const run = runs?.find(one => one.id === id);
            return (
              <td key={id} class="number">
                {run === undefined ? '' : textOf(run)}
              </td>
            );
          })}
          <td colSpan={ids.length - 1} />
        </tr>
      ))}
    </>
  );
}

function Row({ row: { id, phase, unit, values, pairs } }: { readonly row: ComparedRow }) {
  const words = useWords();
  return (
    <tr>
      <th scope="row">{kpiText(id, unit)}</th>
      <td>{phase || words.t.wholeRun}</td>
      {values.map((one, i) => (
        <td key={i} class="number">
          {one !== null && amountOf(words, { value: one.value, unit, u95: one.u95 ?? undefined })}
        </td>
      ))}
      {pairs.map((pair, i) => (
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

function differenceOf({ n }: Spoken, { difference, u95, unit }: ComparedPair): string {
  if (difference === null) return '';
  const shown = figureText(difference, u95 ?? undefined);
  return `${n(shown.value)}${shown.u95 === '' ? '' : ` ± ${n(shown.u95)}`} ${unitText(unit)}`;
}
