import { useState } from 'preact/hooks';
import type { CarriedCourse } from '../../../control/view.ts';
import type { LabCampaign, LabFile } from '../../door/lab.ts';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { goTo, to } from '../door/route.ts';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { SelectField } from '../parts/fields.tsx';
import { Mark } from '../parts/mark.tsx';
import { Missing, missingOf } from '../parts/missing.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { MayNot } from '../people/control-bar.tsx';
import { askedOf, ModeFields, ON_TWIN, wrongField } from '../start/mode-fields.tsx';
import { useWords, wordOf } from '../words/words.ts';

/** The campaigns that there are, and the way to start one from its file (`file`: chosen already). */
export function CampaignsPage({ file }: { readonly file: string }) {
  const { t } = useWords();
  const { campaigns } = useLab();
  return (
    <>
      <PageHead title={t.campaigns} />
      {campaigns === undefined && <p class="waiting">{t.loading}</p>}
      {campaigns?.length === 0 && <p class="is-quiet">{t.noCampaigns}</p>}
      {campaigns !== undefined && campaigns.length > 0 && (
        <section class="panel">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">{t.campaigns}</th>
                <th scope="col">{t.campaignFile}</th>
                <th scope="col">{t.mode}</th>
                <th scope="col">{t.state}</th>
                <th scope="col">{t.progress}</th>
              </tr>
            </thead>
            <tbody>
              {campaigns.map(campaign => (
                <tr key={campaign.id}>
                  <th scope="row">
                    <a href={to('campaigns', campaign.id)}>{campaign.id}</a>
                  </th>
                  <td>{campaign.file}</td>
                  <td>{wordOf(t.modes, campaign.mode)}</td>
                  <td>
                    <Mark
                      of={
                        campaign.is === 'under way' && campaign.course?.['held'] != null
                          ? 'held'
                          : campaign.is
                      }
                    />{' '}
                    {campaign.reason}
                  </td>
                  <td>{countsText(campaign, t.counts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <StartCampaign chosen={file} />
    </>
  );
}

type CountWords = ReturnType<typeof useWords>['t']['counts'];

function countsText({ course }: LabCampaign, counts: CountWords): string {
  if (course === null) return '';
  const { completed, failed, running, waiting, skipped } = (course as unknown as CarriedCourse).counts;
  return counts(completed, failed, running, waiting, skipped);
}

function StartCampaign({ chosen }: { readonly chosen: string }) {
  const { t } = useWords();
  const lab = useLab();
  const files = useAsked<readonly LabFile[]>(pathOf('campaign-files'));
  const [file, setFile] = useState(chosen);
  const [where, setWhere] = useState(ON_TWIN);
  const [asking, setAsking] = useState(false);
  const { busy, refusal, run, forget } = useDoing();
  const asked = askedOf(where);
  const role = where.mode === 'real' ? 'engineer' : 'operator';
  const start = (): Promise<void> =>
    run(async () => {
      const begun = await ask<LabCampaign>('POST', pathOf('campaigns'), { file, ...asked });
      lab.reload();
      goTo(to('campaigns', begun.id));
    });
  return (
    <form
      class="panel"
      aria-labelledby="start-campaign"
      onSubmit={event => {
        event.preventDefault();
        if (where.mode === 'real') setAsking(true);
        else void start();
      }}
    >
      <h2 id="start-campaign">{t.startCampaign}</h2>
      {files.value?.length === 0 && <p class="is-quiet">{t.noCampaignFiles}</p>}
      <SelectField
        label={t.campaignFile}
        value={file}
        required
        options={[
          ['', t.choose],
          ...(files.value ?? []).map(
            ({ name, title }) => [name, title === '' ? name : `${name}: ${title}`] as const,
          ),
        ]}
        onValue={setFile}
      />
      <ModeFields chosen={where} onChosen={setWhere} />
      <Missing
        what={missingOf([[t.campaignFile, file !== '']])}
        wrong={[wrongField(where, t.form) ?? []].flat()}
      />
      <MayNot needs={role} />
      <Refused refusal={files.refusal ?? refusal} onDismiss={forget} />
      <div class="buttons">
        <button
          type="submit"
          class="main"
          disabled={file === '' || busy || asked === undefined || !lab.mayAct(role)}
        >
          {t.startCampaign}
        </button>
      </div>
      {asking && (
        <SureDialog
          title={t.sureReal}
          text={t.sureRealCampaign(file)}
          yes={t.startReal}
          onAnswer={answer => {
            setAsking(false);
            if (answer !== undefined) void start();
          }}
        />
      )}
    </form>
  );
}
