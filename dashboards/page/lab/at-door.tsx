import { useEffect, useRef, useState } from 'preact/hooks';
import type { DoorWhy } from '../../door/answers/why.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { Missing } from '../ask/missing.tsx';
import { refusedIn } from '../words/door/refused.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language, words } from '../words/language.ts';
import { verdictIn } from '../words/verdict/verdict.ts';
import {
  type AtDoor,
  behindDoor,
  controlSeen,
  lookAtDoor,
  mayOperate,
  resultOf,
  takenFrom,
} from './behind-door.ts';
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
  return (
    <span class="lab">
      <a href={behind.lab}>{say.back}</a>
      {at !== undefined && <span class="in-control">{controlText(at)}</span>}
      {at !== undefined && mayOperate(at) && at.by !== at.name && <TakeControl at={at} lab={behind.lab} />}
    </span>
  );
}

function controlText(at: AtDoor): string {
  const say = words().lab;
  const seen = controlSeen(at);
  if (seen === undefined) return say.control(say.unknown);
  return say.control(typeof seen === 'string' ? say[seen] : seen.by);
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
          setReason('');
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
            {say.takeNo}
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
      {say.over(verdictIn(language(), at.verdict))} <a href={resultOf(behind)}>{say.result}</a>
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

/** Told to whoever had control that somebody else has it now, and why, until it is read or control is back. */
export function TakenOver({ at }: AtDoorProps) {
  const before = useRef<AtDoor>(undefined);
  const [lost, setLost] = useState<ReturnType<typeof takenFrom>>();
  useEffect(() => {
    const taken = takenFrom(before.current, at);
    before.current = at;
    if (taken !== undefined) setLost(taken);
    else if (at !== undefined && controlSeen(at) === 'you') setLost(undefined);
  }, [at?.by, at?.name]);
  if (lost === undefined) return null;
  return (
    <div class="banner is-warn" role="alert">
      {words().lab.takenOver(lost.by, lost.because)}
      <button type="button" onClick={() => setLost(undefined)}>
        {words().run.dismiss}
      </button>
    </div>
  );
}
