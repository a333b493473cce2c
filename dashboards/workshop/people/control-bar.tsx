import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, pathOf } from '../door/ask.ts';
import { type InControl, useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useDoing } from '../door/use-asked.ts';
import { Refused } from '../parts/said.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { utcText } from '../parts/texts.ts';
import { useWords } from '../words/words.ts';

/** Who sits here and who is in control; the way to take control, with a reason where somebody has it. */
export function ControlBar() {
  const { t } = useWords();
  const lab = useLab();
  const { busy, refusal, run, forget } = useDoing();
  const [asking, setAsking] = useState(false);
  const { me, control, isInControl } = lab;
  const lost = useLost(control, isInControl);
  if (me === undefined || me.role === null) return null;

  const take = (reason: string): Promise<void> =>
    run(async () => {
      await ask('POST', pathOf('control'), reason === '' ? {} : { reason });
      lab.reload();
    });
  const give = (): Promise<void> =>
    run(async () => {
      await ask('DELETE', pathOf('control'));
      lab.reload();
    });
  const signOut = (): Promise<void> =>
    run(async () => {
      await ask('DELETE', pathOf('session'));
      location.reload();
    });
  return (
    <section class="control" aria-label={t.takeControl}>
      {me.guestUntilUtc !== null && <b class="chip">{t.guest(utcText(me.guestUntilUtc))}</b>}
      <span role="status" title={control?.reason ?? ''}>
        {isInControl ? (
          <b>{t.youInControl}</b>
        ) : control === null ? (
          t.nobodyInControl
        ) : (
          t.inControl(control.by)
        )}
      </span>
      {lab.may('operator') && !isInControl && (
        <button
          type="button"
          disabled={busy || !lab.connected}
          onClick={() => (control === null ? void take('') : setAsking(true))}
        >
          {t.takeControl}
        </button>
      )}
      {isInControl && (
        <button type="button" disabled={busy || !lab.connected} onClick={() => void give()}>
          {t.giveControl}
        </button>
      )}
      {me.withoutAccounts ? (
        <b class="chip">{t.withoutAccounts}</b>
      ) : (
        <>
          <a class="as-button" href={to('people')}>
            {t.signedInAs(me.name ?? '', t.roles[me.role])}
          </a>
          <button type="button" disabled={busy || !lab.connected} onClick={() => void signOut()}>
            {t.signOut}
          </button>
        </>
      )}
      {asking && control !== null && (
        <SureDialog
          title={t.takeFrom(control.by)}
          text={t.takeFromText(control.by)}
          yes={t.takeControl}
          reason={t.reason}
          onAnswer={answer => {
            setAsking(false);
            if (answer !== undefined) void take(answer.reason);
          }}
        />
      )}
      <Refused refusal={refusal} onDismiss={forget} />
      {lost.to !== undefined && (
        <div class="said" role="alert">
          <span aria-hidden="true">▲</span> {t.lostControl(lost.to.by, lost.to.reason)}{' '}
          <button type="button" onClick={lost.forget}>
            {t.dismiss}
          </button>
        </div>
      )}
    </section>
  );
}

/** Who has taken control from here, and why; stays until it is read or control is back. */
function useLost(
  control: InControl | null,
  isInControl: boolean,
): { readonly to: InControl | undefined; forget(): void } {
  const [to, setTo] = useState<InControl>();
  const had = useRef(false);
  useEffect(() => {
    if (isInControl) setTo(undefined);
    else if (had.current && control !== null) setTo(control);
    had.current = isInControl;
  }, [isInControl, control]);
  return { to, forget: () => setTo(undefined) };
}

/** Why the buttons of a place do nothing, where that is so. */
export function MayNot({ needs }: { readonly needs: 'operator' | 'engineer' }) {
  const { t } = useWords();
  const lab = useLab();
  if (!lab.may(needs)) return <p class="is-quiet">{t.roleNeeded(t.roles[needs])}</p>;
  if (!lab.connected) return <p class="is-quiet">{t.lostButtons}</p>;
  return lab.isInControl ? null : <p class="is-quiet">{t.controlNeeded}</p>;
}
