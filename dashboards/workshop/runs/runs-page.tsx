import { useState } from 'preact/hooks';
import type { LabRun } from '../../door/lab.ts';
import { durationText } from '../../format.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Mark, VerdictMark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { utcText } from '../parts/texts.ts';
import { useWords, wordOf } from '../words/words.ts';
import { endOf } from './end-of.ts';

const MOST_COMPARED = 4;
/** More rows than this are searched, not read. */
const MOST_SHOWN = 200;

/** The runs of the laboratory with their verdicts, the newest first; 2 to 4 of them can be chosen to compare. */
export function RunsPage() {
  const { t } = useWords();
  const { runs } = useLab();
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const found = (runs ?? []).filter(run => fits(run, text, state));
  const shown = found.slice(0, MOST_SHOWN);
  const choose = (id: string, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, id] : chosen.filter(one => one !== id));
  const query = chosen.map(id => `run=${encodeURIComponent(id)}`).join('&');
  const mayCompare = chosen.length >= 2 && chosen.length <= MOST_COMPARED;
  return (
    <>
      <PageHead title={t.runs} />
      <form class="row" onSubmit={event => event.preventDefault()}>
        <TextField label={t.filter} value={text} onValue={setText} />
        <SelectField
          label={t.filterState}
          value={state}
          options={[
            ['', t.all],
            ['going', t.states.going],
            ['over', t.states.over],
          ]}
          onValue={setState}
        />
        <p role="status">
          {t.shown(shown.length, runs?.length ?? 0)}
          {' · '}
          {mayCompare ? (
            <a href={`${to('compare')}?${query}`}>{t.compareChosen(chosen.length)}</a>
          ) : (
            t.chooseTwo
          )}
        </p>
      </form>
      {runs === undefined && <p class="waiting">{t.loading}</p>}
      {runs?.length === 0 && <p class="is-quiet">{t.noRuns}</p>}
      {shown.length > 0 && (
        <section class="panel">
          <table class="list wide">
            <thead>
              <tr>
                <th scope="col">
                  <span class="spoken">{t.comparison}</span>
                </th>
                <th scope="col">{t.runs}</th>
                <th scope="col">{t.method}</th>
                <th scope="col">{t.bench}</th>
                <th scope="col">{t.mode}</th>
                <th scope="col">{t.begun}</th>
                <th scope="col" class="number">
                  {t.duration}
                </th>
                <th scope="col">{t.verdict}</th>
                <th scope="col">{t.criteriaName}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(run => (
                <RunRow
                  key={run.id}
                  run={run}
                  isChosen={chosen.includes(run.id)}
                  isFull={chosen.length >= MOST_COMPARED}
                  onChosen={isChosen => choose(run.id, isChosen)}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function fits(run: LabRun, text: string, state: string): boolean {
  if (state === 'over' ? run.state !== 'over' : state !== '' && run.state === 'over') return false;
  const all = [run.id, run.method, run.bench, run.verdict, run.mode, run.campaign ?? '']
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}

interface RunRowProps {
  readonly run: LabRun;
  readonly isChosen: boolean;
  /** As many as can be compared are chosen. */
  readonly isFull: boolean;
  readonly onChosen: (isChosen: boolean) => void;
}

function RunRow({ run, isChosen, isFull, onChosen }: RunRowProps) {
  const { t, n } = useWords();
  const isOver = run.state === 'over';
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={t.chooseRun(run.id)}
          checked={isChosen}
          disabled={!isOver || (isFull && !isChosen)}
          onChange={event => onChosen(event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={to('runs', run.id)}>{run.id}</a>
      </th>
      <td>{run.method}</td>
      <td>{run.bench}</td>
      <td>{wordOf(t.modes, run.mode)}</td>
      <td>{utcText(run.startedUtc)}</td>
      <td class="number">{run.duration_s === null ? '' : n(durationText(run.duration_s))}</td>
      <td>
        {isOver ? <VerdictMark of={endOf(run)} /> : <Mark of={run.silent === null ? run.state : 'silent'} />}
      </td>
      <td>
        {run.criteria !== '' && run.criteria !== 'none' && <Mark of={run.criteria} words={t.criteria} />}
      </td>
    </tr>
  );
}
