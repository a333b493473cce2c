import { useState } from 'preact/hooks';
import type { Verified } from '../../door/lab/verified.ts';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useDoing } from '../door/use-asked.ts';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';

/** Whether the record is still what was written, as `cellbench verify` finds it: asked for by a person, for it reads every seal. */
export function Verify({ id }: { readonly id: string }) {
  const { t } = useWords();
  const lab = useLab();
  const { busy, refusal, run, forget } = useDoing();
  const [found, setFound] = useState<Verified>();
  const verify = (): Promise<void> =>
    run(async () => {
      setFound(undefined);
      setFound(await ask<Verified>('GET', pathOf('runs', id, 'verification')));
    });
  return (
    <section class="panel" aria-label={t.verify}>
      <button type="button" disabled={busy || !lab.mayAsk('viewer')} onClick={() => void verify()}>
        {t.verify}
      </button>
      {busy && <p role="status">{t.verifying}</p>}
      <Refused refusal={refusal} onDismiss={forget} />
      {found !== undefined && <Said found={found} />}
    </section>
  );
}

function Said({ found: { is, isClosed, found, seals, head, withFiles } }: { readonly found: Verified }) {
  const { t } = useWords();
  const isGood = is === 'unchanged' && isClosed;
  return (
    <div class={isGood ? 'said' : 'said is-bad'} role={isGood ? 'status' : 'alert'}>
      <p>
        <span aria-hidden="true">{isGood ? '✓' : '✕'}</span> <b>{t.verified[is]}</b>{' '}
        {is === 'unchanged' && withFiles && t.verifiedFiles}
      </p>
      {!isClosed && <p>{t.notClosed}</p>}
      <ul class="findings">
        {found.map(text => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {seals > 0 && (
        <p>
          <small>
            {t.seals(seals)}
            {head !== '' && (
              <>
                , <code>{head}</code>
              </>
            )}
          </small>
        </p>
      )}
    </div>
  );
}
