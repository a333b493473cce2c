import { realClock } from '../../../drivers/contract/clock.ts';
import type { StopWord } from '../../campaign/carrier.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** The same signal again within this, s, is the same word of the same person. */
const ECHO_S = 0.25;
const wall = realClock();

/** Signals ask a campaign for its orderly end; a second one asks its runs to go into their safe state at once. */
export function askedToStop(stop: StopWord, say: (text: string) => void): Disposable {
  let last_s = Number.NEGATIVE_INFINITY;
  const told = (signal: (typeof SIGNALS)[number]): void => {
    const now_s = wall.now_s();
    const isEcho = now_s - last_s < ECHO_S;
    last_s = now_s;
    if (isEcho) return;
    say(
      `\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: ${stop.isAsked ? 'safe state at once' : 'the runs end in order'}`,
    );
    stop.ask();
  };
  for (const signal of SIGNALS) process.on(signal, told);
  return {
    [Symbol.dispose]() {
      // The handlers stay: while the program closes, one more Ctrl-C must not kill it.
      last_s = Number.POSITIVE_INFINITY;
    },
  };
}
