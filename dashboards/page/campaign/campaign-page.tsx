import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CampaignShown, CarriedCourse } from '../../../control/view.ts';
import { timeText, utcText } from '../../format.ts';
import { getJson } from '../trends.ts';
import { language, words } from '../words/language.ts';
import { LanguageChoice } from '../words/language-choice.tsx';
import { verdictIn } from '../words/verdict/verdict.ts';
import { useBeginnings } from './beginnings.ts';
import { pageOf } from './channel-texts.ts';
import { Matrix } from './matrix.tsx';
import { channelsOf, wantsSomebody } from './matrix-facts.ts';
import { Worst } from './worst.tsx';

const EACH_MS = 1000;

/** The page of a campaign that is carried out: all channels of its benches, what goes on, what waits for a person. */
export function CampaignPage() {
  const { shown, isConnected } = useCampaign();
  const beginning = useBeginnings(shown);
  const say = words().campaign;
  const title = shown === undefined ? 'cellbench' : say.title(shown.course.campaign);
  const benches = (shown?.benches ?? []).map(of => ({
    of,
    channels: channelsOf(shown as CampaignShown, of, beginning),
  }));
  const channels = benches.flatMap(one => one.channels);
  const wanting = channels.filter(wantsSomebody).length;
  const tab = wanting > 0 ? `(${wanting}!) ${title}` : title;
  useEffect(() => {
    document.title = tab;
  }, [tab]);
  if (shown === undefined) return <p class="waiting">{say.waits}</p>;
  const { course, withPage } = shown;
  const held = course.benches.filter(one => one.held !== null);
  return (
    <div class={isConnected ? 'page' : 'page lost'}>
      <header class="top campaign-top">
        <div class="who">
          <h1>{title}</h1>
          <span class={`badge ${course.mode}`}>
            {course.mode === 'bench' ? words().bench : words().simulated}
          </span>
          <span class="campaign-is" role="status">
            {say.is[course.is]}
          </span>
        </div>
        <p class="campaign-counts">{countsOf(course)}</p>
      </header>
      {!isConnected && (
        <div class="banner lost" role="alert">
          {say.lost}
        </div>
      )}
      <Worst channels={channels} />
      {course.held !== null && course.is !== 'over' && (
        <div class="banner held" role="status">
          {say.held(course.held.by, course.held.sinceUtc.slice(0, 16).replace('T', ' '), course.held.because)}
        </div>
      )}
      {held.map(({ bench, held: why }) => (
        <div class="banner held" role="status" key={bench}>
          {bench} {say.waitsForPerson}: {verdictIn(language(), why ?? '')}
        </div>
      ))}
      <main class="campaign">
        {benches.map(({ of, channels: all }) => (
          <Matrix key={of.bench} bench={of.bench} channels={all} />
        ))}
        <RunsUnderWay course={course} withPage={withPage} />
        <OtherRuns course={course} />
      </main>
      <footer>
        <LanguageChoice />
      </footer>
    </div>
  );
}

const COUNTED = ['running', 'waiting', 'completed', 'failed', 'skipped'] as const;

function countsOf({ counts, runs }: CarriedCourse): string {
  const say = words().campaign;
  const told = COUNTED.filter(state => counts[state] > 0).map(state => say.counts[state](counts[state]));
  const ends = runs.flatMap(({ state, expectedEndUtc }) => (state === 'running' ? [expectedEndUtc] : []));
  const last = ends.toSorted((a, b) => (a ?? '').localeCompare(b ?? '')).at(-1) ?? null;
  if (last === null || ends.includes(null)) return told.join(', ');
  return [...told, say.endsAbout(`${last.slice(5, 16).replace('T', ' ')} UTC`)].join(', ');
}

function RunsUnderWay({
  course,
  withPage,
}: {
  readonly course: CarriedCourse;
  readonly withPage: readonly string[];
}) {
  const say = words().campaign;
  const runs = course.runs.filter(({ state }) => state === 'running');
  return (
    <section class="panel" aria-label={say.runsUnderWay}>
      <h2>{say.runsUnderWay}</h2>
      {runs.length === 0 ? (
        <p>{say.nothing}</p>
      ) : (
        <Rows
          heads={[say.run, say.where, say.since, say.livePage]}
          rows={runs.map(({ id, bench, subject, beginUtc }) => [
            id,
            [bench, subject].filter(text => text !== null).join(', '),
            utcText(beginUtc),
            withPage.includes(id) ? <a href={pageOf(id)}>{say.openPage}</a> : say.noPage,
          ])}
        />
      )}
    </section>
  );
}

function OtherRuns({ course }: { readonly course: CarriedCourse }) {
  const say = words().campaign;
  const runs = course.runs.filter(({ state }) => state !== 'running');
  return (
    <section class="panel" aria-label={say.others}>
      <h2>{say.others}</h2>
      <Rows
        heads={[say.run, say.state, say.why, say.duration]}
        rows={runs.map(({ id, state, reason, waitsFor, duration_s }) => [
          id,
          say.states[state],
          [verdictIn(language(), reason), waitsFor === null ? '' : say.waitsFor(waitsFor)]
            .filter(text => text !== '')
            .join('; '),
          duration_s === null ? '' : timeText(duration_s),
        ])}
      />
    </section>
  );
}

function Rows({
  heads,
  rows,
}: {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly [string, ...ComponentChild[]])[];
}) {
  return (
    <div class="rows">
      <table>
        <thead>
          <tr>
            {heads.map(head => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([id, ...others]) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              {others.map((one, i) => (
                <td key={heads[i + 1]}>{one}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Asked for again and again, one request at a time; what was shown last stays where nobody answers. */
function useCampaign(): { readonly shown: CampaignShown | undefined; readonly isConnected: boolean } {
  const [shown, setShown] = useState<CampaignShown>();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        setShown(await getJson<CampaignShown>('api/campaign'));
        setConnected(true);
      } catch {
        setConnected(false);
      }
      if (!isOver) timer = setTimeout(() => void look(), EACH_MS);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return { shown, isConnected };
}
