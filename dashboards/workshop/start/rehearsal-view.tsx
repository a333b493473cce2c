import type { Rehearsal } from '../../../control/view.ts';
import { durationText, timeText, unitText } from '../../format.ts';
import { Findings } from '../parts/findings.tsx';
import { Mark } from '../parts/mark.tsx';
import { Refused } from '../parts/said.tsx';
import { amountOf, bytesText } from '../parts/texts.ts';
import { FigureTable } from '../runs/figure-table.tsx';
import { useWords } from '../words/words.ts';
import type { Rehearsing } from './use-rehearsal.ts';

/** So many limits and steps are enough to decide by; the command `rehearse` lists them all. */
const MOST_LIMITS = 8;
const MOST_STEPS = 200;

/** What a rehearsal says: how long and how much, what is wrong, which limit comes near, how its steps end. */
export function RehearsalView({ rehearsing }: { readonly rehearsing: Rehearsing }) {
  const words = useWords();
  const { t } = words;
  const { rehearsal, refusal, isUnderWay } = rehearsing;
  const share = rehearsal?.done ?? undefined;
  const result = rehearsal?.result as unknown as Rehearsal | null | undefined;
  return (
    <section class="panel rehearsal" aria-label={t.rehearsal} aria-busy={isUnderWay}>
      <h2>{t.rehearsal}</h2>
      <Refused refusal={refusal} />
      {isUnderWay && (
        <p role="status">
          {t.rehearsing}
          {share === undefined ? `: ${t.rehearsalWaits}` : ` ${Math.round(100 * share)} %`}{' '}
          <progress aria-label={t.rehearsing} max={1} {...(share === undefined ? {} : { value: share })} />
        </p>
      )}
      {isUnderWay && rehearsal !== undefined && (
        <button type="button" onClick={rehearsing.giveUp}>
          {t.giveUp}
        </button>
      )}
      {rehearsal?.state === 'given up' && <p role="status">{t.givenUp}</p>}
      {rehearsal?.state === 'failed' && (
        <div class="said is-bad" role="alert">
          <p>
            <span aria-hidden="true">✕</span> {t.rehearsalFailed}: {rehearsal.reason}
          </p>
        </div>
      )}
      {rehearsal !== undefined && rehearsal.result === null && <Findings findings={rehearsal.findings} />}
      {result !== undefined && result !== null && <Rehearsed of={result} />}
    </section>
  );
}

function Rehearsed({ of }: { readonly of: Rehearsal }) {
  const words = useWords();
  const { t, n } = words;
  const facts: readonly (readonly [string, string])[] = [
    [t.planned, n(durationText(of.planned_s))],
    ...(of.energy === null ? [] : [[t.energyIn, amountOf(words, of.energy)] as const]),
    ...(of.h2 === null ? [] : [['H₂', amountOf(words, { value: of.h2.kg, unit: 'kg' })] as const]),
    ...(of.n2_NL === null ? [] : [['N₂', amountOf(words, { value: of.n2_NL, unit: 'NL' })] as const]),
    [t.rows, `${of.rows} (${bytesText(words, of.bytes)})`],
  ];
  return (
    <>
      <p role="status" class="outcome">
        <Mark of={of.outcome} words={t.outcomes} />
        {of.end !== null && <> {of.end.reason}</>}
      </p>
      <dl class="facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3>{t.findings}</h3>
      <Findings
        findings={of.findings.map(({ level, text }) => ({ severity: level, text }))}
        none={t.noFindings}
      />
      <h3>{t.plan}</h3>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{t.phase}</th>
            <th scope="col">{t.at}</th>
            <th scope="col" class="number">
              {t.duration}
            </th>
            <th scope="col">{t.endedBy}</th>
          </tr>
        </thead>
        <tbody>
          {of.phases.map(({ name, start_s, end_s, ended_by }, i) => (
            <tr key={i}>
              <th scope="row">{name}</th>
              <td>{timeText(start_s)}</td>
              <td class="number">{n(durationText(end_s - start_s))}</td>
              <td>{ended_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t.figures}</h3>
      <FigureTable figures={of.figures} />
      <Limits limits={of.limits} />
      <details>
        <summary>{t.endings}</summary>
        <ul class="steps">
          {of.steps.slice(0, MOST_STEPS).map((step, i) => (
            <li key={i}>
              {step.phase} <b>{step.step}</b> <small>{step.op}</small>:{' '}
              {step.ended
                .map(({ by, text, count }) => `${count} × ${by}${text === '' ? '' : ` (${text})`}`)
                .join('; ')}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** The nearest first, by how much of the way to the limit was gone. */
function Limits({ limits }: { readonly limits: Rehearsal['limits'] }) {
  const words = useWords();
  const { t, n } = words;
  const near = limits
    .filter(({ distance }) => distance !== null)
    .sort((a, b) => (b.way_frac ?? 0) - (a.way_frac ?? 0))
    .slice(0, MOST_LIMITS);
  if (near.length === 0) return null;
  return (
    <>
      <h3>{t.nearestLimits}</h3>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{t.limit}</th>
            <th scope="col" class="number">
              {t.value}
            </th>
            <th scope="col" class="number">
              {t.distance}
            </th>
            <th scope="col">{t.phase}</th>
          </tr>
        </thead>
        <tbody>
          {near.map(({ id, reaction, trips, limit, unit, distance, at }) => (
            <tr key={id}>
              <th scope="row">
                {id} <small>{reaction}</small>
              </th>
              <td class="number">
                {trips} {n(String(limit))} {unitText(unit)}
              </td>
              <td class="number">{amountOf(words, { value: distance, unit })}</td>
              <td>{at === null ? '' : `${at.phase}, ${timeText(at.t_s)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
