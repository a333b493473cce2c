import { useEffect, useRef, useState } from 'preact/hooks';
import type { DoorWhy } from '../../door/answers/why.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { Missing } from '../ask/missing.tsx';
import { refusedIn } from '../words/door/refused.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language, words } from '../words/language.ts';
import { type AtDoor, behindDoor, lookAtDoor, mayOperate, resultOf } from './behind-door.ts';
import { CutOffSaid } from './cut-off-said.tsx';
import { SilentSaid } from './silent-said.tsx';

interface AtDoorProps {
  readonly at: AtDoor | undefined;
}

/** The way back to the laboratory, and who is in control of it; nothing where the page is seen through no door. */
export function LabAndControl({ at }: AtDoorProps) {
  const behind = behindDoor(location.pathname);
  if (behind === undefined) return null;
  const say = words().lab;
  const who = at === undefined ? '' : at.by === null ? say.nobody : at.by === at.name ? say.you : at.by;
  return (
    <span class="lab">
      <a href={behind.lab}>{say.back}</a>
      {who !== '' && <span class="in-control">{say.control(who)}</span>}
      {at !== undefined && mayOperate(at) && at.by !== at.name && <TakeControl at={at} lab={behind.lab} />}
    </span>
  );
}

/** Takes control; from somebody else only with a reason, which they are told. */
function TakeControl({ at, lab }: { readonly at: AtDoor; readonly lab: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  const say = words().lab;
  const take = async (body: object): Promise<void> => {
    try {
      const headers = new Headers({ 'content-type': 'application/json' });
      if (at.csrf !== null) headers.set('x-csrf-token', at.csrf);
      const reply = await fetch(`${lab}api/v1/control`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const said = (await reply.json()) as { error?: string; why?: DoorWhy };
      setRefusal(reply.ok ? '' : refusedIn(language(), said.error ?? String(reply.status), said.why));
      if (!reply.ok) return;
      dialog.current?.close();
      lookAtDoor();
    } catch {
      setRefusal(words().notices.connectionLost);
    }
  };
  return (
    <>
      <button
        type="button"
        class="take-control"
        onClick={() => {
          if (at.by === null) void take({});
          else dialog.current?.showModal();
        }}
      >
        {say.take}
      </button>
      {refusal !== '' && <span role="status">{refusal}</span>}
      <dialog ref={dialog} aria-labelledby="take-title">
        <h2 id="take-title">{say.takeFrom(at.by ?? '')}</h2>
        <label>
          {words().controls.reason}
          <input value={reason} maxLength={200} onInput={event => setReason(event.currentTarget.value)} />
        </label>
        <Missing all={[[words().controls.reason, reason.trim() !== '']]} />
        <div class="buttons answers">
          <button type="button" onClick={() => dialog.current?.close()}>
            {words().alarms.cancel}
          </button>
          <button
            type="button"
            disabled={reason.trim() === ''}
            onClick={() => void take({ reason: reason.trim() })}
          >
            {say.take}
          </button>
        </div>
      </dialog>
    </>
  );
}

/** Where whoever has been signed out comes in again. */
export function SignInLink() {
  const behind = behindDoor(location.pathname);
  return behind === undefined ? null : <a href={behind.lab}>{words().lab.signIn}</a>;
}

/** Why nothing comes any more, as far as the door knows it; undefined: it knows nothing, or nothing is wrong. */
export function DoorNotice({ at }: AtDoorProps) {
  const behind = behindDoor(location.pathname);
  if (behind === undefined || at === undefined) return undefined;
  const say = words().lab;
  if (at.name === null)
    return (
      <div class="banner" role="alert">
        {say.signedOut} <SignInLink />
      </div>
    );
  if (at.verdict === null) return undefined;
  if (at.cutOff !== null) {
    const isBad = mustLook(at.cutOff);
    return (
      <div class={`banner cut-off${isBad ? ' bad' : ''}`} role={isBad ? 'alert' : 'status'}>
        <div>
          <CutOffSaid cutOff={at.cutOff} />
          <a href={resultOf(behind)}>{CUT_OFF[language()].toRun}</a>
        </div>
      </div>
    );
  }
  return (
    <div class="banner" role="status">
      {say.over(words().run.verdicts[at.verdict] ?? at.verdict)} <a href={resultOf(behind)}>{say.result}</a>
    </div>
  );
}

interface SilentNoticeProps extends AtDoorProps {
  /** Of the run, as far as it has said so. */
  readonly mode: string | undefined;
  readonly onStop: () => void;
}

/** The process of the run does not answer: since when, what guards the bench meanwhile, and the way to ask for a stop. */
export function SilentNotice({ at, mode, onStop }: SilentNoticeProps) {
  const silent = at?.silent ?? null;
  if (at === undefined || silent === null) return null;
  return (
    <div class="banner bad silent" role="alert">
      <div>
        <SilentSaid silent={silent} mode={mode} />
      </div>
      <button type="button" disabled={!mayOperate(at)} onClick={onStop}>
        {words().controls.stop}
      </button>
    </div>
  );
}

/** Told to whoever had control that somebody else has it now, until it is read. */
export function TakenOver({ at }: AtDoorProps) {
  const before = useRef<AtDoor>(null);
  const [by, setBy] = useState('');
  useEffect(() => {
    const had = before.current;
    before.current = at ?? null;
    if (at === undefined || had === null || had.by === null || had.by !== had.name) return;
    if (at.by !== null && at.by !== at.name) setBy(at.by);
  }, [at?.by]);
  if (by === '') return null;
  return (
    <div class="banner is-warn" role="alert">
      {words().lab.takenOver(by)}
      <button type="button" onClick={() => setBy('')}>
        {words().run.dismiss}
      </button>
    </div>
  );
}
