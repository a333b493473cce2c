import type { BenchSession } from '../../run/session.ts';

/** Where a run stands in its method; `skips`: the step that a skip would end, and the run time at which it began, s. */
interface ShownPlace {
  readonly phase: string;
  readonly step: string;
  readonly skips?: { readonly step: string; readonly began_s: number };
  /** By what the method went to its end before its last step; empty: it has not. */
  readonly finishedBy: string;
}

/** What a page shows of it. */
export function shownPlace({ run, state }: Pick<BenchSession, 'run' | 'state'>): ShownPlace {
  const skips = state === 'Execute' ? run?.skip() : undefined;
  return {
    phase: run?.phase ?? '',
    step: run?.step ?? '',
    ...(typeof skips === 'object' ? { skips } : {}),
    finishedBy: run?.finishedBy ?? '',
  };
}
