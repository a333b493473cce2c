import type { AlarmPage, RunResult } from '../../../control/view.ts';
import type { LabRun } from '../../door/lab.ts';
import { durationText } from '../../format.ts';
import { AlarmHistory } from '../../page/history/alarm-history.tsx';
import { verdictIn } from '../../page/words/verdict/verdict.ts';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useAsked } from '../door/use-asked.ts';
import { CutOffBox } from '../parts/cut-off-box.tsx';
import { Mark, VerdictMark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { bytesText, utcText } from '../parts/texts.ts';
import { useWords, wordOf } from '../words/words.ts';
import { endOf } from './end-of.ts';
import { Exports } from './exports.tsx';
import { FigureTable } from './figure-table.tsx';
import { Measured } from './measured.tsx';
import { MethodTree } from './method-tree.tsx';
import { RunCommands } from './run-commands.tsx';
import { Verify } from './verify.tsx';

/** One run: what came of it, step by step, and its files; of one under way the way to its live page. */
export function RunPage({ id }: { readonly id: string }) {
  const words = useWords();
  const { t, n } = words;
  const { runs, standing } = useLab();
  const listed = runs?.find(one => one.id === id);
  // One that the list does not hold may be there all the same.
  const { value, refusal } = useAsked<LabRun>(
    runs !== undefined && listed === undefined ? pathOf('runs', id) : undefined,
    standing,
  );
  const run = listed ?? value;
  const isOver = run?.state === 'over';
  // One that was cut off has none.
  const hasResult = isOver && run.duration_s !== null;
  const hasRecord = isOver && run.rows !== null;
  return (
    <>
      <PageHead title={id} />
      {run === undefined && <Refused refusal={refusal} />}
      {run !== undefined && (
        <>
          <section class="panel" aria-label={t.state}>
            <p class="outcome">
              {isOver && run.silent === null ? (
                <VerdictMark of={endOf(run)} />
              ) : (
                <Mark of={run.silent === null ? run.state : 'silent'} />
              )}{' '}
              <Mark of={criteriaOf(run)} words={t.criteria} />
            </p>
            {run.cutOff !== null && <CutOffBox cutOff={run.cutOff} />}
            <dl class="facts">
              <Fact name={t.method}>{run.method}</Fact>
              <Fact name={t.bench}>{run.bench}</Fact>
              <Fact name={t.mode}>{wordOf(t.modes, run.mode)}</Fact>
              <Fact name={t.begun}>{utcText(run.startedUtc)}</Fact>
              {run.duration_s !== null && <Fact name={t.duration}>{n(durationText(run.duration_s))}</Fact>}
              {run.rows !== null && (
                <Fact name={t.rows}>{`${run.rows} (${bytesText(words, run.bytes)})`}</Fact>
              )}
            </dl>
            {run.campaign !== null && (
              <p>
                {t.campaigns}: <a href={to('campaigns', run.campaign)}>{run.campaign}</a>
              </p>
            )}
            {hasResult && (
              <a class="as-button" href={to('report', id)}>
                {t.openReport}
              </a>
            )}
            {!isOver && <RunCommands run={run} />}
          </section>
          {hasResult && <Outcome id={id} />}
          {run.state !== 'starting' && <Alarms id={id} isOver={isOver} />}
          <MethodTree id={id} isOver={isOver} isCompleted={run.verdict === 'completed'} />
          {hasResult && <Measured id={id} />}
          {hasRecord && <Verify id={id} />}
          {isOver && <Exports id={id} />}
        </>
      )}
    </>
  );
}

const criteriaOf = ({ state, criteria }: LabRun): string =>
  state === 'over' && criteria !== 'none' ? criteria : '';

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The history of its alarms, out of its record. */
function Alarms({ id, isOver }: { readonly id: string; readonly isOver: boolean }) {
  const { t, n } = useWords();
  return (
    <section class="panel" aria-labelledby="run-alarms">
      <h2 id="run-alarms">{t.alarms}</h2>
      <AlarmHistory
        key={id}
        fetched={query => ask<AlarmPage>('GET', `${pathOf('runs', id, 'alarms')}?${query}`)}
        name={id}
        isLive={!isOver}
        say={t.history}
        digits={n}
      />
    </section>
  );
}

/** `result.json` of a run that is over: why it ended, and its figures. */
function Outcome({ id }: { readonly id: string }) {
  const { t, language } = useWords();
  const { value: result, refusal } = useAsked<RunResult>(pathOf('runs', id, 'result'));
  if (result === undefined) return <Refused refusal={refusal} />;
  return (
    <>
      {result.reason !== '' && <p class="said">{verdictIn(language, result.reason)}</p>}
      {result.unproven.map(({ what, otherwise }) => (
        <p key={what} class="said is-bad" role="alert">
          <span aria-hidden="true">✕</span> {what}: {otherwise}
        </p>
      ))}
      <section class="panel" aria-labelledby="run-figures">
        <h2 id="run-figures">{t.figures}</h2>
        <FigureTable figures={result.kpis} />
      </section>
    </>
  );
}
