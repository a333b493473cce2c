import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Refusal, refusalOf } from './ask.ts';

export interface Asked<T> {
  /** The newest answer; it stays while the next one is on its way. Undefined: none yet. */
  readonly value: T | undefined;
  readonly refusal: Refusal | undefined;
  /** Asks once more. */
  reload(): void;
}

/** Asks the door for what a page shows: at first, when the path changes and when `news` does. Undefined path: nothing. */
export function useAsked<T>(path: string | undefined, news: unknown = 0): Asked<T> {
  const [answer, setAnswer] = useState<{ path?: string; value?: T; refusal?: Refusal }>({});
  const [again, setAgain] = useState(0);
  const newest = useRef(0);
  useEffect(() => {
    newest.current += 1;
    const own = newest.current;
    if (path === undefined) {
      setAnswer({});
      return;
    }
    ask<T>('GET', path).then(
      value => own === newest.current && setAnswer({ path, value }),
      error =>
        own === newest.current &&
        setAnswer(old => ({ ...(old.path === path ? old : { path }), refusal: refusalOf(error) })),
    );
  }, [path, news, again]);
  const isOfPath = answer.path === path;
  return {
    value: isOfPath ? answer.value : undefined,
    refusal: isOfPath ? answer.refusal : undefined,
    reload: () => setAgain(n => n + 1),
  };
}

/** One thing at a time that is asked of the door at a press, and what came of it. */
export function useDoing(): {
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  run(what: () => Promise<void>): Promise<void>;
  forget(): void;
} {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  return {
    busy,
    refusal,
    async run(what) {
      setBusy(true);
      setRefusal(undefined);
      try {
        await what();
      } catch (error) {
        setRefusal(refusalOf(error));
      }
      setBusy(false);
    },
    forget: () => setRefusal(undefined),
  };
}
