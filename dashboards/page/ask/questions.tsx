import type { Command } from '../../../control/view.ts';
import { SkipDialog } from '../controls.tsx';
import { LimitDialog } from './limit-dialog.tsx';
import type { Asking, Question } from './question.ts';

interface QuestionsProps {
  readonly question: Question | undefined;
  /** It may be asked now. */
  readonly may: (what: Asking) => boolean;
  /** Who sits here, as far as it was said. */
  readonly who: string;
  readonly account: string;
  readonly onClose: () => void;
  readonly onCommand: (command: Command) => void;
}

/** The questions that want to know who and why: a step to be skipped, a limit to be made stricter. */
export function Questions({ question, may, who, account, onClose, onCommand }: QuestionsProps) {
  const isOpen = (what: Asking): boolean => question?.what === what && may(what);
  const { step = '', began_s } = question ?? {};
  const which = began_s === undefined ? {} : { began_s };
  return (
    <>
      <SkipDialog
        open={isOpen('skip')}
        step={step}
        who={who}
        account={account}
        onAnswer={said => {
          onClose();
          if (said !== undefined) onCommand({ command: 'skip', ...said, ...which });
        }}
      />
      <LimitDialog
        open={isOpen('limit')}
        name={who}
        account={account}
        onAnswer={limit => {
          onClose();
          if (limit !== undefined) onCommand({ command: 'limit', ...limit });
        }}
      />
    </>
  );
}
