import { useState } from 'preact/hooks';
import type { LabRun } from '../../door/lab.ts';
import { SilentSaid } from '../../page/lab/silent-said.tsx';
import { command, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useDoing } from '../door/use-asked.ts';
import { Answered, Refused } from '../parts/said.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { MayNot } from '../people/control-bar.tsx';
import { useWords } from '../words/words.ts';

/** A run under way: hold, go on, stop; everything else is on its live page. A person can always stop. */
export function RunCommands({ run }: { readonly run: LabRun }) {
  const { t, language } = useWords();
  const lab = useLab();
  const { busy, refusal, run: doing, forget } = useDoing();
  const [answer, setAnswer] = useState('');
  const [asking, setAsking] = useState(false);
  const send = (asked: 'hold' | 'resume' | 'stop'): Promise<void> =>
    doing(async () => {
      setAnswer('');
      const text = await command(pathOf('runs', run.id, 'commands'), { command: asked }, language);
      setAnswer(`${t[asked]}: ${text}`);
    });
  const isSilent = run.silent !== null;
  const mayAct = lab.mayAct('operator') && run.state === 'going' && !isSilent && !busy;
  return (
    <>
      <div class="buttons">
        {run.state === 'going' && (
          <a class="as-button" href={`run/${encodeURIComponent(run.id)}/`}>
            {t.toLivePage}
          </a>
        )}
        <button type="button" disabled={!mayAct} onClick={() => void send('hold')}>
          {t.hold}
        </button>
        <button type="button" disabled={!mayAct} onClick={() => void send('resume')}>
          {t.resume}
        </button>
        <button
          type="button"
          class="stop"
          disabled={!lab.may('operator') || busy}
          onClick={() => setAsking(true)}
        >
          {t.stop}
        </button>
      </div>
      {run.silent !== null && (
        <div class="said is-bad" role="alert">
          <SilentSaid silent={run.silent} mode={run.mode} />
          <p>{t.mayOnlyStop}</p>
        </div>
      )}
      <MayNot needs="operator" />
      <Answered text={answer} />
      <Refused refusal={refusal} onDismiss={forget} />
      {asking && (
        <SureDialog
          title={t.sureStop(run.id)}
          text={t.sureStopText}
          yes={t.stopIt}
          no={t.keepRunning}
          onAnswer={said => {
            setAsking(false);
            if (said !== undefined) void send('stop');
          }}
        />
      )}
    </>
  );
}
