/** Single keys of the whole page (WCAG 2.1.4: they can be switched off). Nothing that steers a bench hangs on one. */

const KEPT_AS = 'cellbench.keys';

/** What a key asks the page for. */
export type KeyAsk = 'help' | 'alarms' | 'trends' | 'stop';

/** Where letters are typed, they are letters. */
const TYPED = 'input, textarea, select, [contenteditable="true"]';

/** Whether single keys count in this browser. */
export function keysAreOn(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== 'off';
  } catch {
    return true;
  }
}

/** Switches them on or off in this browser. */
export function switchKeys(on: boolean): void {
  try {
    localStorage.setItem(KEPT_AS, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing: they are on.
  }
}

/** What a key asks for; undefined: nothing. Shift+Esc, which opens the question of the stop, always counts. */
export function askedBy(event: KeyboardEvent): KeyAsk | undefined {
  if (event.repeat) return undefined;
  if (event.key === 'Escape' && event.shiftKey) return 'stop';
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
  const isTyped = event.target instanceof Element && event.target.closest(TYPED) !== null;
  if (!isPlain || isTyped || !keysAreOn() || document.querySelector('dialog[open]') !== null)
    return undefined;
  switch (event.key) {
    case '?':
      return 'help';
    case 'a':
      return 'alarms';
    case 't':
      return 'trends';
    default:
      return undefined;
  }
}
