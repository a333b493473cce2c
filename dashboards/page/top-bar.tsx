import type { CommandName, LiveSnapshot, RunState } from '../../control/view.ts';
import { timeText } from '../format.ts';
import { Controls } from './controls.tsx';
import { LabAndControl } from './lab/at-door.tsx';
import type { AtDoor } from './lab/behind-door.ts';
import type { Ended } from './lab/ended-as.ts';
import { AlarmChip, type AlarmSum } from './notices.tsx';
import { clock_s, endsAt, expected_s, type Timed, timeLeft_s } from './time-left.ts';
import { language, words } from './words/language.ts';
import { verdictIn } from './words/verdict/verdict.ts';

interface TopBarProps {
  readonly snapshot: LiveSnapshot;
  readonly alarms: AlarmSum;
  readonly may: (command: CommandName) => boolean;
  readonly onCommand: (command: CommandName) => void;
  readonly at: AtDoor | undefined;
  /** It is over, as the door says; undefined: it goes on, or it has said itself how it ended. */
  readonly ended: Ended | undefined;
}

/** What runs, in which state, with which alarms, how far; and what an operator may always want to ask. */
export function TopBar({ snapshot, alarms, may, onCommand, at, ended }: TopBarProps) {
  const say = words().run;
  const { run } = snapshot;
  const [now_s, whole_s] = [clock_s(run), expected_s(snapshot)];
  // The plan is an upper estimate: a run that is complete is done, however much of it was not needed.
  const part = whole_s > 0 ? Math.min(1, now_s / whole_s) : 0;
  const done = run.state === 'Complete' ? 1 : part;
  return (
    <header class="top">
      <div class="who">
        <h1 title={run.bench}>{run.bench}</h1>
        {run.subject !== '' && (
          <span class="method" title={run.subject}>
            {run.subject}
          </span>
        )}
        <span class="method" title={run.method}>
          {run.method}
        </span>
        {run.edited !== '' && (
          <span class="mode" title={run.edited}>
            {run.edited}
          </span>
        )}
        <span class={`badge ${run.mode}`}>{modeWord(run.mode)}</span>
        <LabAndControl at={at} />
        <span class="mode">{say.modes[run.mode]}</span>
      </div>
      <div class="signal">
        <div
          class={`state ${ended === undefined ? toneOf(run.state) : `${ended.tone} ended`}`}
          role="status"
          aria-label={say.stateLabel}
          title={`PackML: ${run.state}`}
        >
          {ended?.word ?? say.states[run.state]}
        </div>
        <AlarmChip sum={alarms} />
      </div>
      <div class="where">
        <div class="phase">
          <strong>{run.phase || say.noPhase}</strong> <span class="step">{run.step}</span>
        </div>
        <progress value={done} max={1} aria-label={say.progress} />
        <div class="time">
          {timeText(now_s)} <small>{say.ofAbout(timeText(whole_s))}</small>
          {run.mode === 'rehearsal' && <small> {say.simulatedTime}</small>}
          {ended === undefined && <TimeLeft timed={snapshot} />}
          {!['', 'running'].includes(run.verdict) && timeLeft_s(snapshot) === undefined && (
            <span class="verdict">{say.verdict(verdictIn(language(), run.verdict))}</span>
          )}
          {run.report !== '' && (
            <a href={run.report.replace(/^\//, '')} target="_blank" rel="noopener">
              {say.openReport}
            </a>
          )}
        </div>
      </div>
      <Controls may={may} onCommand={onCommand} run={run} />
    </header>
  );
}

/** Whether what is shown is real, in one word. */
export function modeWord(mode: LiveSnapshot['run']['mode']): string {
  if (mode === 'bench') return words().bench;
  return mode === 'wire' ? words().emulated : words().simulated;
}

/** What is left by the plan, and the time of day at which it ends. */
function TimeLeft({ timed }: { readonly timed: Timed }) {
  const left_s = timeLeft_s(timed);
  if (left_s === undefined) return null;
  const say = words().run;
  const ends = endsAt(timed, new Date(), language());
  return (
    <span class="left">
      {left_s >= 0 ? say.left(timeText(left_s)) : say.longer(timeText(-left_s))}
      {ends !== '' && ` · ${say.ends(ends)}`}
    </span>
  );
}

/** The colour of a state: all well, wait, wrong, or nothing going on. */
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
    case 'Suspending':
    case 'Suspended':
    case 'Unsuspending':
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
