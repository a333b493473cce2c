import type { RunState } from '../contract/run-state.ts';
import type { BenchSession } from './session.ts';

/** Waits until the bench changes into such a state. */
export interface Reached {
  readonly promise: Promise<void>;
  /** Waits no more; the promise then never resolves. */
  cancel(): void;
}

/** Resolves at the next change into a state that `isThere` takes; what stands now does not count. */
export function reached(session: BenchSession, isThere: (state: RunState) => boolean): Reached {
  let cancel = (): void => {};
  const promise = new Promise<void>(resolve => {
    cancel = session.changed$.add(() => {
      if (!isThere(session.state)) return;
      cancel();
      resolve();
    });
  });
  return { promise, cancel: () => cancel() };
}
