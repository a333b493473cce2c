import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words/language.ts';
import { askedBy, keysAreOn, switchKeys } from './keys.ts';

/** Keys as they stand on the board, and what each does. */
const KEYS = [
  ['?', 'help'],
  ['a', 'alarms'],
  ['t', 'trends'],
  ['← → + − 0 f', 'window'],
  ['Shift + Esc', 'stop'],
] as const;

interface KeyHelpProps {
  /** Opens the question whether the run is to be stopped. */
  readonly onStop: () => void;
}

/** Listens to the keys of the page, and tells which there are when `?` is pressed. */
export function KeyHelp({ onStop }: KeyHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(keysAreOn());
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const asked = askedBy(event);
      if (asked === undefined) return;
      event.preventDefault();
      if (asked === 'stop') onStop();
      else if (asked === 'help') dialog.current?.showModal();
      else goTo(asked === 'alarms' ? '.alarms' : '.charts');
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
  const say = words().keys;
  return (
    <>
      <button type="button" class="keys" onClick={() => dialog.current?.showModal()}>
        {say.title}
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <h2 id="keys-title">{say.title}</h2>
        <dl class="key-list">
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{say.of[what]}</dd>
            </div>
          ))}
        </dl>
        <label>
          {say.single}
          <input
            type="checkbox"
            checked={on}
            onChange={event => {
              switchKeys(event.currentTarget.checked);
              setOn(event.currentTarget.checked);
            }}
          />
        </label>
        <div class="buttons answers">
          <button type="button" onClick={() => dialog.current?.close()}>
            {say.close}
          </button>
        </div>
      </dialog>
    </>
  );
}

function goTo(part: string): void {
  const node = document.querySelector<HTMLElement>(part);
  if (node === null) return;
  node.tabIndex = -1;
  node.scrollIntoView({ block: 'center' });
  node.focus({ preventScroll: true });
}
