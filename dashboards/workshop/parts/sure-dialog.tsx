import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../words/words.ts';

interface SureProps {
  readonly title: string;
  readonly text: string;
  /** The button that does it, and the one that leaves all as it is. */
  readonly yes: string;
  readonly no?: string;
  /** Label of a field without which it is not done; absent: no field. */
  readonly reason?: string;
  /** More fields; whether they are filled. */
  readonly children?: ComponentChildren;
  readonly isReady?: boolean;
  /** Undefined: it is left as it is. */
  readonly onAnswer: (answer: { readonly reason: string } | undefined) => void;
}

/** Asks once more before something is done. Escape and the first button leave all as it is. Shown while it is drawn. */
export function SureDialog({ title, text, yes, no, reason, children, isReady = true, onAnswer }: SureProps) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const isWhole = isReady && (reason === undefined || said.trim() !== '');
  return (
    <dialog
      ref={dialog}
      aria-labelledby="sure-title"
      onCancel={event => {
        event.preventDefault();
        onAnswer(undefined);
      }}
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          if (isWhole) onAnswer({ reason: said.trim() });
        }}
      >
        <h2 id="sure-title">{title}</h2>
        <p>{text}</p>
        {children}
        {reason !== undefined && (
          <label>
            {reason}{' '}
            <input
              value={said}
              maxLength={200}
              required
              onInput={event => setSaid(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="buttons answers">
          <button type="button" onClick={() => onAnswer(undefined)}>
            {no ?? t.cancel}
          </button>
          <button type="submit" class="stop" disabled={!isWhole}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}
