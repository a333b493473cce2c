import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import { Missing } from './missing.tsx';

interface SureProps {
  readonly title: string;
  readonly text: string;
  /** The button that does it, and the one that leaves all as it is. */
  readonly yes: string;
  readonly no?: string;
  /** Label of the field for why; absent: no field. */
  readonly reason?: string;
  /** It is done without a word, too. */
  readonly mayBeSilent?: boolean;
  /** More fields; names of those that have to be filled yet. */
  readonly children?: ComponentChildren;
  readonly missing?: readonly string[];
  /** Undefined: it is left as it is. */
  readonly onAnswer: (answer: { readonly reason: string } | undefined) => void;
}

/** Asks once more before something is done. Escape and the first button leave all as it is. Shown while it is drawn. */
export function SureDialog(props: SureProps) {
  const { title, text, yes, no, reason, mayBeSilent = false, children, onAnswer } = props;
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const isSaid = reason === undefined || mayBeSilent || said.trim() !== '';
  const missing = [...(props.missing ?? []), ...(isSaid ? [] : [t.reason])];
  const isWhole = missing.length === 0;
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
              required={!mayBeSilent}
              onInput={event => setSaid(event.currentTarget.value)}
            />
          </label>
        )}
        <Missing what={missing} />
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
