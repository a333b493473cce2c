import { useEffect, useRef } from 'preact/hooks';
import type { CommandName, LiveSnapshot, RunState } from '../../control/view.ts';
import { timeText } from '../format.ts';

const MODE_WORDS = {
  rehearsal: { badge: 'Simulated', text: 'Rehearsal: simulated plant, simulated time' },
  wire: { badge: 'Simulated', text: 'Wire run: simulated plant, real lines, real time' },
  bench: { badge: 'Bench', text: 'Real instruments' },
} as const;

interface TopBarProps {
  readonly run: LiveSnapshot['run'];
  readonly allowed: readonly CommandName[];
  readonly connected: boolean;
  readonly onCommand: (command: CommandName) => void;
}

/** What runs, in which state, how far; and the three things an operator may always want to ask. */
export function TopBar({ run, allowed, connected, onCommand }: TopBarProps) {
  const mode = MODE_WORDS[run.mode];
  const may = (command: CommandName): boolean => connected && allowed.includes(command);
  // The plan is an upper estimate: a run that is complete is done, however much of it was not needed.
  const part = run.planned_s > 0 ? Math.min(1, run.time_s / run.planned_s) : 0;
  const done = run.state === 'Complete' ? 1 : part;
  return (
    <header class="top">
      <div class="who">
        <h1>{run.bench}</h1>
        <span class="method">{run.method}</span>
        <span class={`badge ${run.mode}`}>{mode.badge}</span>
        <span class="mode">{mode.text}</span>
      </div>
      <div class={`state ${toneOf(run.state)}`} role="status" aria-label="Run state">
        {run.state}
      </div>
      <div class="where">
        <div class="phase">
          <strong>{run.phase || 'no phase'}</strong> <span class="step">{run.step}</span>
        </div>
        <progress value={done} max={1} aria-label="Progress of the run" />
        <div class="time">
          {timeText(run.time_s)} <small>of about {timeText(run.planned_s)}</small>
          {run.mode === 'rehearsal' && <small> simulated</small>}
          {run.verdict !== '' && <span class="verdict">verdict: {run.verdict}</span>}
          {run.report !== '' && (
            <a href={run.report.replace(/^\//, '')} target="_blank" rel="noopener">
              Open the report
            </a>
          )}
        </div>
      </div>
      <div class="buttons controls">
        <button type="button" disabled={!may('hold')} onClick={() => onCommand('hold')}>
          Hold
        </button>
        <button type="button" disabled={!may('resume')} onClick={() => onCommand('resume')}>
          Resume
        </button>
        <button type="button" class="stop" disabled={!may('stop')} onClick={() => onCommand('stop')}>
          Stop
        </button>
      </div>
    </header>
  );
}

export function toneOf(state: RunState): 'good' | 'warn' | 'bad' | 'quiet' {
  switch (state) {
    case 'Starting':
    case 'Execute':
    case 'Unholding':
    case 'Completing':
    case 'Complete':
      return 'good';
    case 'Holding':
    case 'Held':
    case 'Stopping':
    case 'Stopped':
      return 'warn';
    case 'Aborting':
    case 'Aborted':
      return 'bad';
    case 'Idle':
    case 'Clearing':
    case 'Resetting':
      return 'quiet';
  }
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
      <p>The bench is led to its safe state and the run ends. It cannot be resumed.</p>
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
