import type { BenchSession } from '../../run/session.ts';
import type { LiveSnapshot } from '../../view.ts';

/** Where a run stands in its method, and which step a person may skip there. */
export function shownPlace({
  run,
  state,
}: Pick<BenchSession, 'run' | 'state'>): Pick<
  LiveSnapshot['run'],
  'phase' | 'step' | 'skips' | 'finishedBy'
> {
  const skips = state === 'Execute' ? run?.skip() : undefined;
  return {
    phase: run?.phase ?? '',
    step: run?.step ?? '',
    ...(typeof skips === 'object' ? { skips } : {}),
    finishedBy: run?.finishedBy ?? '',
  };
}
