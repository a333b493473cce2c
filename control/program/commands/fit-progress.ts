import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';

/** Says how far a long fit is: on a terminal in one line, else one line each ten seconds; a short fit says nothing. */

const wall = realClock();
const FIRST_S = 2;
const TERMINAL_EVERY_S = 0.2;
const LINE_EVERY_S = 10;

/** What a fit tells while it works; dispose it when it is over. */
export interface FitTeller extends Disposable {
  /** `text` is made only when it is shown. */
  tell(text: () => string): void;
}

/** A teller to the terminal's error stream, so that what is printed stays the result alone. */
export function fitTeller(): FitTeller {
  const screen = new Screen(process.stderr);
  const every_s = screen.isTerminal ? TERMINAL_EVERY_S : LINE_EVERY_S;
  const start_s = wall.now_s();
  let next_s = start_s + (screen.isTerminal ? FIRST_S : LINE_EVERY_S / 2);
  return {
    tell(text) {
      const now_s = wall.now_s();
      if (now_s < next_s) return;
      next_s = now_s + every_s;
      const line = `fit: ${Math.round(now_s - start_s)} s, ${text()}`;
      screen.status(screen.columns === undefined ? line : line.slice(0, screen.columns - 1));
    },
    [Symbol.dispose]() {
      screen.endStatus();
    },
  };
}
