import { refusedIn } from '../../page/words/door/refused.ts';
import type { Refusal } from '../door/ask.ts';
import { useWords } from '../words/words.ts';
import { Findings } from './findings.tsx';

interface RefusedProps {
  readonly refusal: Refusal | undefined;
  readonly onDismiss?: () => void;
}

/** Why something was not done, with what is wrong in the file where that was it. */
export function Refused({ refusal, onDismiss }: RefusedProps) {
  const { t, language } = useWords();
  if (refusal === undefined) return null;
  return (
    <div class="said is-bad" role="alert">
      <p>
        <span aria-hidden="true">✕</span>{' '}
        {refusal.status === 0 ? t.unreachable : refusedIn(language, refusal.message, refusal.why)}
      </p>
      {/* What has no place of its own is the message itself. */}
      <Findings findings={refusal.findings.filter(({ text }) => text !== refusal.message)} />
      {onDismiss !== undefined && (
        <button type="button" onClick={onDismiss}>
          {t.dismiss}
        </button>
      )}
    </div>
  );
}

/** What was answered. */
export function Answered({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p class="said" role="status">
      {text}
    </p>
  );
}
