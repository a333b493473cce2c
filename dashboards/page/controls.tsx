import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandName, LiveSnapshot } from '../../control/view.ts';
import { WhoAndWhy } from './ask/who-and-why.tsx';

/** How long the abort button waits for its second press. */
const ABORT_WAITS_MS = 4000;

interface ControlProps {
  readonly may: (command: CommandName) => boolean;
  readonly onCommand: (command: CommandName) => void;
}

/** Whatever is under way: pause it, go on, end it. */
export function Controls({ may, onCommand }: ControlProps) {
  return (
    <div class="buttons controls">
      <button type="button" disabled={!may('hold')} onClick={() => onCommand('hold')}>
        Hold
      </button>
      <button type="button" disabled={!may('resume')} onClick={() => onCommand('resume')}>
        Resume
      </button>
      <button
        type="button"
        disabled={!may('skip')}
        title="The step that runs now is over, the method goes on behind it"
        onClick={() => onCommand('skip')}
      >
        Skip step
      </button>
      <button
        type="button"
        disabled={!may('limit')}
        title="An interlock has a stricter limit for this run"
        onClick={() => onCommand('limit')}
      >
        Limit
      </button>
      <button type="button" class="stop" disabled={!may('stop')} onClick={() => onCommand('stop')}>
        Stop
      </button>
      <AbortButton enabled={may('abort')} onAbort={() => onCommand('abort')} />
    </div>
  );
}

/** Two presses in the same place within some seconds: quicker than a dialog, and no slip of the hand. */
function AbortButton({ enabled, onAbort }: { readonly enabled: boolean; readonly onAbort: () => void }) {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), ABORT_WAITS_MS);
    return () => clearTimeout(timer);
  }, [armed]);
  useEffect(() => {
    if (!enabled) setArmed(false);
  }, [enabled]);
  return (
    <button
      type="button"
      class={armed ? 'abort armed' : 'abort'}
      disabled={!enabled}
      title="At once into the safe state, without ramping the load off"
      onClick={() => {
        setArmed(!armed);
        if (armed) onAbort();
      }}
    >
      {armed ? 'Press again' : 'Abort'}
    </button>
  );
}

const WAY_OUT: readonly (readonly [command: CommandName, label: string])[] = [
  ['acknowledge', 'Acknowledge all'],
  ['clear', 'Clear'],
  ['reset', 'Reset'],
  ['start', 'Start again'],
  ['confirm', 'Confirm'],
];

interface WayOutProps extends ControlProps {
  readonly next: LiveSnapshot['next'];
}

/** The way from an ending to the next run, step by step: what is next stands in words, and its button stands out. */
export function WayOut({ next, may, onCommand }: WayOutProps) {
  return (
    <section class="way-out" aria-label="What is next">
      <p role="status">{next.text}</p>
      <div class="buttons">
        {WAY_OUT.map(([command, label]) => (
          <button
            key={command}
            type="button"
            class={next.command === command ? 'next' : ''}
            disabled={!may(command)}
            onClick={() => onCommand(command)}
          >
            {label}
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
  readonly onAnswer: (who: { readonly by: string; readonly reason: string } | undefined) => void;
}

/** Who ends the step, and why: both stand in the record. Escape and the first button let it run. */
export function SkipDialog({ open, step, who, onAnswer }: SkipDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(who);
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
    setReason('');
    if (open && who !== '') setName(who);
  }, [open]);
  const isSaid = name.trim() !== '' && reason.trim() !== '';
  return (
    <dialog ref={dialog} aria-labelledby="skip-title" onCancel={() => onAnswer(undefined)}>
      <h2 id="skip-title">Skip {step}?</h2>
      <p>The step ends now and the method goes on behind it. It cannot be taken back.</p>
      <WhoAndWhy name={name} reason={reason} onName={setName} onReason={setReason} />
      <div class="buttons answers">
        <button type="button" onClick={() => onAnswer(undefined)}>
          Let it run
        </button>
        <button
          type="button"
          class="stop"
          disabled={!isSaid}
          onClick={() => onAnswer({ by: name.trim(), reason: reason.trim() })}
        >
          Skip the step
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
  return (
    <dialog ref={dialog} aria-labelledby="stop-title" onCancel={() => onAnswer(false)}>
      <h2 id="stop-title">Stop this run?</h2>
      <p>
        The load is ramped off, the bench is led to its safe state and the run ends. It cannot be resumed.
      </p>
      <p class="hint">In danger use the hard-wired emergency stop: this button is software.</p>
      <div class="buttons answers">
        <button type="button" onClick={() => onAnswer(false)}>
          Keep running
        </button>
        <button type="button" class="stop" onClick={() => onAnswer(true)}>
          Stop the run
        </button>
      </div>
    </dialog>
  );
}
