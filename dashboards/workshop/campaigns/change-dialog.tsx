import type { CarriedCourse } from '../../../control/view.ts';
import type { LabState } from '../door/lab-state.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { type Spoken, useWords } from '../words/words.ts';
import { removedWith } from './row-facts.ts';

/** A run of a campaign file, as far as this page writes one. */
export interface RunWritten {
  readonly run: string;
  readonly method: string;
  readonly bench?: string;
  readonly subject?: string;
  readonly after?: readonly string[];
  readonly with?: Readonly<Record<string, string | number>>;
}

/** What can be changed of a campaign, as `cellbench campaign edit` takes it. */
export type Change =
  | { readonly do: 'add'; readonly runs: readonly RunWritten[]; readonly before?: string }
  | { readonly do: 'replace'; readonly run: string; readonly with: RunWritten }
  | { readonly do: 'remove'; readonly run: string }
  | { readonly do: 'move'; readonly run: string; readonly before?: string }
  | { readonly do: 'hold' | 'resume' | 'stop'; readonly run?: string }
  | { readonly do: 'acknowledge'; readonly bench?: string };

/** Whether somebody may make such a change. Stopping needs no control: a person can always stop. */
export function mayChange({ may, mayAct }: LabState, change: Change['do']): boolean {
  if (change === 'stop') return may('operator');
  return mayAct(change === 'add' || change === 'replace' ? 'engineer' : 'operator');
}

interface ChangeDialogProps {
  readonly campaign: string;
  readonly course: CarriedCourse | null | undefined;
  readonly change: Change;
  /** Why, or nothing; undefined: it is left as it is. */
  readonly onAnswer: (because: string | undefined) => void;
}

/** Says what is about to be changed, and asks why: it stands in the record. */
export function ChangeDialog({ campaign, course, change, onAnswer }: ChangeDialogProps) {
  const { t } = useWords();
  const isStop = change.do === 'stop';
  return (
    <SureDialog
      title={titleOf(t, campaign, change)}
      text={change.do === 'remove' ? removedText(t, course, change) : textOf(t, change)}
      yes={isStop ? t.stopIt : t.doIt}
      {...(isStop ? { no: t.keepRunning } : {})}
      reason={t.reasonIfAny}
      mayBeSilent
      onAnswer={answer => onAnswer(answer?.reason)}
    />
  );
}

/** What else is not done then: nothing goes without being named. */
function removedText(t: Spoken['t'], course: CarriedCourse | null | undefined, change: Change): string {
  const removed = course == null ? undefined : removedWith(course, change);
  if (removed === undefined) return '';
  if (removed.skipped.length > 0) return t.campaign.skippedToo(removed.skipped.join(', '));
  return removed.isOneOfMore ? t.campaign.onlyThis : '';
}

function titleOf(t: Spoken['t'], campaign: string, change: Change): string {
  switch (change.do) {
    case 'hold':
      return change.run === undefined ? `${t.holdAll}: ${campaign}` : `${t.holdBack}: ${change.run}`;
    case 'resume':
      return change.run === undefined ? `${t.resumeAll}: ${campaign}` : `${t.letBegin}: ${change.run}`;
    case 'stop':
      return change.run === undefined ? t.sureStopCampaign(campaign) : t.sureStop(change.run);
    case 'remove':
      return `${t.remove}: ${change.run}`;
    case 'move':
      return `${t.move}: ${change.run}`;
    case 'acknowledge':
      return `${t.acknowledge}: ${change.bench ?? campaign}`;
    case 'add':
      return t.add;
    case 'replace':
      return `${t.replace}: ${change.run}`;
  }
}

function textOf(t: Spoken['t'], change: Change): string {
  switch (change.do) {
    case 'stop':
      return change.run === undefined ? t.sureStopCampaignText : t.sureStopText;
    case 'hold':
      return t.holdText;
    case 'move':
      return `${t.moveBefore}: ${change.before ?? t.toTheEnd}`;
    case 'acknowledge':
      return t.acknowledgeText;
    default:
      return '';
  }
}
