import { useState } from 'preact/hooks';
import type { CarriedCourse } from '../../../control/view.ts';
import type { LabCampaign } from '../../door/lab.ts';
import { verdictIn } from '../../page/words/verdict/verdict.ts';
import { command, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { Mark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Answered, Refused } from '../parts/said.tsx';
import { utcText } from '../parts/texts.ts';
import { MayNot } from '../people/control-bar.tsx';
import { useWords, wordOf } from '../words/words.ts';
import { type Change, ChangeDialog, mayChange } from './change-dialog.tsx';
import { CampaignChannels, useChannels } from './channels.tsx';
import { CourseTable, reasonText } from './course-table.tsx';
import { wholeAsks } from './row-facts.ts';
import { RunForm } from './run-form.tsx';

/** What a dialog is open for: a change that is complete, or the form of a run that is added or put in another's place. */
type Asking = { readonly change: Change } | { readonly form: 'add' | 'replace'; readonly run: string };

/** A campaign that is carried out: what ran, what runs, what waits for what; and everything that may be changed in it. */
export function CampaignPage({ id }: { readonly id: string }) {
  const { t, language } = useWords();
  const lab = useLab();
  const listed = lab.campaigns?.find(one => one.id === id);
  const { value, refusal } = useAsked<LabCampaign>(
    lab.campaigns !== undefined && listed === undefined ? pathOf('campaigns', id) : undefined,
    lab.standing,
  );
  const campaign = listed ?? value;
  const [asking, setAsking] = useState<Asking>();
  const [answer, setAnswer] = useState('');
  const doing = useDoing();
  const course = campaign?.course as CarriedCourse | null | undefined;
  const channels = useChannels(id, course == null ? undefined : course.is !== 'over');
  const asks = wholeAsks(campaign?.is ?? 'over', course);
  const isHeld = course?.held != null && campaign?.is !== 'over';

  const send = (change: Change, because: string): Promise<void> =>
    doing.run(async () => {
      setAnswer('');
      setAnswer(await command(pathOf('campaigns', id, 'edits'), { change, because }, language));
    });
  const may = (change: Change['do']): boolean => !doing.busy && mayChange(lab, change);
  return (
    <>
      <PageHead title={course?.campaign ?? id}>
        <Mark of={isHeld && campaign?.is === 'under way' ? 'held' : (campaign?.is ?? '')} />
      </PageHead>
      {campaign === undefined && <Refused refusal={refusal} />}
      {campaign !== undefined && (
        <section class="panel" aria-label={t.state}>
          {campaign.reason !== '' && <p class="said is-bad">{campaign.reason}</p>}
          <p>
            {campaign.file}, {wordOf(t.modes, campaign.mode)}
            {course !== null && course !== undefined && (
              <>
                {': '}
                <span role="status">
                  {t.counts(
                    course.counts.completed,
                    course.counts.failed,
                    course.counts.running,
                    course.counts.waiting,
                    course.counts.skipped,
                  )}
                </span>
              </>
            )}
          </p>
          {isHeld && course?.held != null && (
            <p class="said is-warn" role="status">
              <span aria-hidden="true">▲</span>{' '}
              {t.campaign.heldAll(
                course.held.by,
                utcText(course.held.sinceUtc),
                reasonText(t, course.held.because),
              )}
            </p>
          )}
          {campaign.is === 'stopped' && <p class="is-quiet">{t.campaign.nobodyCarries}</p>}
          <div class="buttons">
            <button
              type="button"
              disabled={!may('hold') || !asks.hold}
              onClick={() => setAsking({ change: { do: 'hold' } })}
            >
              {t.holdAll}
            </button>
            <button
              type="button"
              disabled={!may('resume') || !asks.resume}
              onClick={() => setAsking({ change: { do: 'resume' } })}
            >
              {t.resumeAll}
            </button>
            <button type="button" disabled={!may('add')} onClick={() => setAsking({ form: 'add', run: '' })}>
              {t.add}
            </button>
            <button
              type="button"
              class="stop"
              disabled={!may('stop') || !asks.stop}
              onClick={() => setAsking({ change: { do: 'stop' } })}
            >
              {t.stopAll}
            </button>
            <a href={pathOf('campaigns', id, 'morning')} target="_blank" rel="noopener">
              {t.openMorning}
            </a>
            {campaign.is === 'stopped' && (
              <a href={to('campaigns', '', { file: campaign.file })}>{t.startAgain}</a>
            )}
          </div>
          <MayNot needs="operator" />
          <Answered text={answer} />
          <Refused refusal={doing.refusal} onDismiss={doing.forget} />
        </section>
      )}
      {course?.benches
        .filter(({ held }) => held !== null)
        .map(({ bench, held }) => (
          <section key={bench} class="said is-bad" aria-label={t.heldBench(bench)}>
            <p>
              <span aria-hidden="true">▲</span> <b>{t.heldBench(bench)}</b>: {verdictIn(language, held ?? '')}
            </p>
            <button
              type="button"
              disabled={!may('acknowledge')}
              onClick={() => setAsking({ change: { do: 'acknowledge', bench } })}
            >
              {t.acknowledge}
            </button>
          </section>
        ))}
      {course !== null && course !== undefined && (
        <CampaignChannels id={id} course={course} channels={channels} />
      )}
      {course !== null && course !== undefined && (
        <CourseTable
          id={id}
          course={course}
          readings={channels?.readings ?? {}}
          may={may}
          onChange={change => setAsking({ change })}
          onReplace={run => setAsking({ form: 'replace', run })}
          onCommand={(record, asked) =>
            void doing.run(async () => {
              setAnswer('');
              const text = await command(pathOf('runs', record, 'commands'), { command: asked }, language);
              setAnswer(`${t[asked]}: ${text}`);
            })
          }
        />
      )}
      {asking !== undefined && 'change' in asking && (
        <ChangeDialog
          campaign={course?.campaign ?? id}
          course={course}
          change={asking.change}
          onAnswer={because => {
            setAsking(undefined);
            if (because !== undefined) void send(asking.change, because);
          }}
        />
      )}
      {asking !== undefined && 'form' in asking && course !== null && course !== undefined && (
        <RunForm
          course={course}
          replaced={asking.form === 'replace' ? asking.run : undefined}
          onAnswer={asked => {
            setAsking(undefined);
            if (asked !== undefined) void send(asked.change, asked.because);
          }}
        />
      )}
    </>
  );
}
