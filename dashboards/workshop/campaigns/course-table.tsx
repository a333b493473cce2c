import { useState } from 'preact/hooks';
import type { CampaignShown, CarriedCourse, RunState } from '../../../control/view.ts';
import type { LabRun } from '../../door/lab.ts';
import { durationText } from '../../format.ts';
import { verdictIn } from '../../page/words/verdict/verdict.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { Mark } from '../parts/mark.tsx';
import { utcText } from '../parts/texts.ts';
import { type Spoken, useWords, wordOf } from '../words/words.ts';
import type { Change } from './change-dialog.tsx';
import { canReplace } from './row-facts.ts';

type CourseRun = CarriedCourse['runs'][number];

interface CourseTableProps {
  /** Of the campaign. */
  readonly id: string;
  readonly course: CarriedCourse;
  /** What the runs under way say of themselves, by run, as far as they do. */
  readonly readings: CampaignShown['readings'];
  readonly may: (change: Change['do']) => boolean;
  readonly onChange: (change: Change) => void;
  readonly onReplace: (run: string) => void;
  /** Asks a run itself, by its record. */
  readonly onCommand: (record: string, command: 'hold' | 'resume') => void;
}

/** Run after run: its state, why, what it waits for; and what can be done with each. */
export function CourseTable(props: CourseTableProps) {
  const { id, course, readings, may, onChange, onReplace, onCommand } = props;
  const { t, n, language } = useWords();
  const { runs } = useLab();
  const heldText = ({ what, by, because, sinceUtc }: NonNullable<CourseRun['held']>): string =>
    t.campaign.heldBack(what, by, utcText(sinceUtc), reasonText(t, because));
  /** The record of a run of the campaign, where the laboratory lists it. */
  const recordOf = ({ id: own, dir }: CourseRun): LabRun | undefined =>
    runs?.find(run => run.campaign === id && [own, dir].includes(run.id.split('/').at(-1) ?? ''));
  return (
    <section class="panel scrolls" aria-labelledby="course">
      <h2 id="course">{t.course}</h2>
      <table class="list wide">
        <thead>
          <tr>
            <th scope="col">{t.runs}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.why}</th>
            <th scope="col">{t.bench}</th>
            <th scope="col">{t.begun}</th>
            <th scope="col" class="number">
              {t.duration}
            </th>
            <th scope="col">{t.changes}</th>
          </tr>
        </thead>
        <tbody>
          {course.runs.map(run => {
            const record = recordOf(run);
            const reading = run.state === 'running' ? readings[run.id] : undefined;
            const isStill = isHeldStill(reading?.state);
            return (
              <tr key={run.id}>
                <th scope="row">
                  {record === undefined ? run.id : <a href={to('runs', record.id)}>{run.id}</a>}
                </th>
                <td>
                  <Mark
                    of={record?.silent != null ? 'silent' : isStill || run.held !== null ? 'held' : run.state}
                  />{' '}
                  {record?.state === 'going' && (
                    <a href={`run/${encodeURIComponent(record.id)}/`} aria-label={`${t.livePage}: ${run.id}`}>
                      {t.livePage}
                    </a>
                  )}
                </td>
                <td>
                  {[
                    verdictIn(language, run.reason),
                    run.held === null ? '' : heldText(run.held),
                    isStill ? t.campaign.standsStill : '',
                    run.waitsFor === null ? '' : `${t.waitsFor} ${run.waitsFor}`,
                    run.resumed > 0 ? t.resumed(run.resumed) : '',
                    run.expectedEndUtc === null ? '' : `${t.expectedEnd} ${utcText(run.expectedEndUtc)}`,
                  ]
                    .filter(text => text !== '')
                    .join('; ')}
                </td>
                <td>{[run.bench, run.subject ?? ''].filter(text => text !== '').join(', ')}</td>
                <td>{utcText(run.beginUtc)}</td>
                <td class="number">{run.duration_s === null ? '' : n(durationText(run.duration_s))}</td>
                <td>
                  <RowButtons
                    run={run}
                    record={record}
                    readings={readings}
                    course={course}
                    may={may}
                    onChange={onChange}
                    onReplace={onReplace}
                    onCommand={onCommand}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Why, where a person said it. */
export function reasonText(t: Spoken['t'], because: string): string {
  return wordOf({ 'not given': t.campaign.notGiven }, because);
}

/** A person holds the run itself. */
function isHeldStill(state: RunState | undefined): boolean {
  return state === 'Held' || state === 'Holding';
}

interface RowButtonsProps extends Omit<CourseTableProps, 'id'> {
  readonly run: CourseRun;
  readonly record: LabRun | undefined;
}

/** What can be done with a run as it stands: nothing of one that is over. */
function RowButtons(props: RowButtonsProps) {
  const { run: row, record, course, readings, may, onChange, onReplace, onCommand } = props;
  // The name of the row: of a run that is done several times one time alone is meant.
  const { id: run, state, held } = row;
  const said = readings[run]?.state;
  const { t } = useWords();
  const [before, setBefore] = useState('');
  if (state !== 'waiting' && state !== 'running') return null;
  const others = course.runs.filter(one => one.state === 'waiting' && one.id !== run).map(one => one.id);
  const button = (change: Change, label: string, isAsked = true) => (
    <button
      type="button"
      class={change.do === 'stop' ? 'stop' : ''}
      disabled={!isAsked || !may(change.do)}
      aria-label={`${label}: ${run}`}
      onClick={() => onChange(change)}
    >
      {label}
    </button>
  );
  /** Of the run itself: it stands still where it is, and goes on. */
  const own = (command: 'hold' | 'resume', record: string) => (
    <button
      type="button"
      disabled={!may(command) || (said !== undefined && isHeldStill(said) !== (command === 'resume'))}
      aria-label={`${t[command]}: ${run}`}
      onClick={() => onCommand(record, command)}
    >
      {t[command]}
    </button>
  );
  return (
    <div class="buttons">
      {state === 'running' && (
        <>
          {record?.state === 'going' && record.silent === null && (
            <>
              {own('hold', record.id)}
              {own('resume', record.id)}
            </>
          )}
          {button({ do: 'stop', run }, t.stop)}
        </>
      )}
      {state === 'waiting' && (
        <>
          {button({ do: 'hold', run }, t.holdBack, held === null)}
          {button({ do: 'resume', run: held?.what ?? run }, t.letBegin, held !== null)}
          {button({ do: 'remove', run }, t.remove)}
          <button
            type="button"
            disabled={!may('replace') || !canReplace(course, row)}
            aria-label={`${t.replace}: ${row.run}`}
            onClick={() => onReplace(row.run)}
          >
            {t.replace}
          </button>
          <select
            aria-label={`${t.moveBefore}: ${run}`}
            value={before}
            onChange={event => setBefore(event.currentTarget.value)}
          >
            <option value="">{t.toTheEnd}</option>
            {others.map(one => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
          {button(before === '' ? { do: 'move', run } : { do: 'move', run, before }, t.move)}
        </>
      )}
    </div>
  );
}
