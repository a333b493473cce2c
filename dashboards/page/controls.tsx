import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandName, LiveSnapshot, RunState } from '../../control/view.ts';
import { Missing } from './ask/missing.tsx';
import { whichRun } from './ask/question.ts';
import { WhoAndWhy } from './ask/who-and-why.tsx';
import { words } from './words/language.ts';
import { saidText } from './words/said/said.ts';

/** How long the abort button waits for its second press. */
const ABORT_WAITS_MS = 4000;
/** A press that comes sooner belongs to a double click. */
const ABORT_NOT_BEFORE_MS = 700;

interface ControlProps {
  readonly may: (command: CommandName) => boolean;
  readonly onCommand: (command: CommandName) => void;
}

/** A run that is over: what is left to ask is the safe state once more, where something may be energised that should not be. */
const OVER: readonly RunState[] = ['Complete', 'Stopped', 'Clearing', 'Resetting'];

/** Whatever is under way: pause it, go on, end it. */
export function Controls({ may, onCommand, run }: ControlProps & { readonly run: LiveSnapshot['run'] }) {
  const say = words().controls;
  return (
    <div class="buttons controls">
      <button type="button" disabled={!may('hold')} onClick={() => onCommand('hold')}>
        {say.hold}
      </button>
      <button type="button" disabled={!may('resume')} onClick={() => onCommand('resume')}>
        {say.resume}
      </button>
      <button type="button" disabled={!may('skip')} title={say.skipHint} onClick={() => onCommand('skip')}>
        {say.skip}
      </button>
      <button type="button" disabled={!may('limit')} title={say.limitHint} onClick={() => onCommand('limit')}>
        {say.limit}
      </button>
      <button type="button" class="stop" disabled={!may('stop')} onClick={() => onCommand('stop')}>
        {say.stop}
      </button>
      <AbortButton
        enabled={may('abort')}
        of={whichRun(run)}
        hint={OVER.includes(run.state) ? words().told.abortOver : say.abortHint}
        onAbort={() => onCommand('abort')}
      />
    </div>
  );
}

interface AbortProps {
  readonly enabled: boolean;
  /** The run that it aborts: the next one is not aborted by a press that was meant for this one. */
  readonly of: string;
  /** What it does now. */
  readonly hint: string;
  readonly onAbort: () => void;
}

/** Two presses in the same place within some seconds: quicker than a dialog, and no slip of the hand. */
function AbortButton({ enabled, of, hint, onAbort }: AbortProps) {
  const [armed, setArmed] = useState(false);
  const pressed_ms = useRef(0);
  useEffect(() => {
    if (!armed) return;
    const disarm = (): void => setArmed(false);
    const onKey = ({ key }: KeyboardEvent): void => (key === 'Escape' ? disarm() : undefined);
    const timer = setTimeout(disarm, ABORT_WAITS_MS);
    addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      removeEventListener('keydown', onKey);
    };
  }, [armed]);
  useEffect(() => setArmed(false), [enabled, of, hint]);
  return (
    <button
      type="button"
      class={armed ? 'abort armed' : 'abort'}
      disabled={!enabled}
      title={hint}
      onClick={event => {
        const isSlip = armed && event.timeStamp - pressed_ms.current < ABORT_NOT_BEFORE_MS;
        if (isSlip) return;
        pressed_ms.current = event.timeStamp;
        setArmed(!armed);
        if (armed) onAbort();
      }}
    >
      {armed ? words().controls.abortAgain : words().controls.abort}
    </button>
  );
}

const WAY_OUT = ['acknowledge', 'clear', 'reset', 'start', 'confirm'] as const;

interface WayOutProps extends ControlProps {
  readonly next: LiveSnapshot['next'];
}

/** The way from an ending to the next run, step by step: what is next stands in words, and its button stands out. */
export function WayOut({ next, may, onCommand }: WayOutProps) {
  return (
    <section class="way-out" aria-label={words().controls.next}>
      <p role="status">{saidText(next.text, next.said)}</p>
      <div class="buttons">
        {WAY_OUT.map(command => (
          <button
            key={command}
            type="button"
            class={next.command === command ? 'next' : ''}
            disabled={!may(command)}
            onClick={() => onCommand(command)}
          >
            {words().controls.wayOut[command]}
          </button>
        ))}
      </div>
    </section>
  );
}

interface SkipDialogProps {
  readonly open: boolean;
  readonly step: string;
  /** Who sits here, as far as it was said. */
  readonly who: string;
  readonly account: string;
  readonly onAnswer: (who: { readonly by: string; readonly reason: string } | undefined) => void;
}

/** Who ends the step, and why: both stand in the record. Escape and the first button let it run. */
export function SkipDialog({ open, step, who, account, onAnswer }: SkipDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setName] = useState(who);
  const name = account === '' ? typed : account;
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
    setReason('');
    if (open && who !== '') setName(who);
  }, [open]);
  const say = words().controls;
  const isSaid = name.trim() !== '' && reason.trim() !== '';
  return (
    <dialog ref={dialog} aria-labelledby="skip-title" onCancel={() => onAnswer(undefined)}>
      <h2 id="skip-title">{say.skipTitle(step)}</h2>
      <p>{say.skipText}</p>
      <WhoAndWhy name={name} account={account} reason={reason} onName={setName} onReason={setReason} />
      <Missing
        all={[
          [say.name, name.trim() !== ''],
          [say.reason, reason.trim() !== ''],
        ]}
      />
      <div class="buttons answers">
        <button type="button" onClick={() => onAnswer(undefined)}>
          {say.skipNo}
        </button>
        <button
          type="button"
          class="stop"
          disabled={!isSaid}
          onClick={() => onAnswer({ by: name.trim(), reason: reason.trim() })}
        >
          {say.skipYes}
        </button>
      </div>
    </dialog>
  );
}

interface StopDialogProps {
  readonly open: boolean;
  readonly onAnswer: (stop: boolean) => void;
}

/** Asks once more before the run is ended. Escape and the first button keep it running. */
export function StopDialog({ open, onAnswer }: StopDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const say = words().controls;
  return (
    <dialog ref={dialog} aria-labelledby="stop-title" onCancel={() => onAnswer(false)}>
      <h2 id="stop-title">{say.stopTitle}</h2>
      <p>{say.stopText}</p>
      <p class="hint">{say.stopHint}</p>
      <div class="buttons answers">
        <button type="button" onClick={() => onAnswer(false)}>
          {say.stopNo}
        </button>
        <button type="button" class="stop" onClick={() => onAnswer(true)}>
          {say.stopYes}
        </button>
      </div>
    </dialog>
  );
}
