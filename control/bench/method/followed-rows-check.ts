import { dotted } from '../../../drivers/contract/explain.ts';
import type { Plan } from '../../../profiles/language/bench/plan.ts';
import type { MethodData, OwnData } from '../../../profiles/language/data/method-data.ts';
import { everyOne, topSteps } from '../../../profiles/language/explain/method.ts';
import { ownName } from '../../../profiles/language/layout/own-names.ts';
import type { LoadedBench } from '../bench-file.ts';

/** Rows of a data file that come oftener than anything on the bench is set: some of them are never followed. */

/** Rows of a logger need not come to the millisecond. */
const JITTER = 1.1;
/** Rows that come oftener than each second are brought to seconds, s. */
const FINEST_S = 1;

/** What is told of each file that a step follows so, a line each. A value is set at the beat of the fastest instrument. */
export function unfollowedRows(plan: Plan, data: MethodData, { bench }: LoadedBench): readonly string[] {
  const poll_s = Math.min(...Object.values(bench.devices).map(device => device.poll_s));
  const told = new Set<string>();
  for (const { step, file, on } of everyOne(topSteps(plan))) {
    if (step.kind.key !== 'follow') continue;
    for (const [key, { slots }] of on.expressions) {
      if (!key.startsWith(`${dotted([...step.place, 'follow'])}.`)) continue;
      for (const slot of slots) {
        const own = slot.from === 'data' ? data.files.get(ownName(file.path, slot.data)) : undefined;
        const text = own === undefined ? undefined : textOf(own, poll_s);
        if (text !== undefined) told.add(text);
      }
    }
  }
  return [...told];
}

function textOf({ path, rows }: OwnData, poll_s: number): string | undefined {
  const times = rows?.time_s ?? [];
  if (times.length < 2) return undefined;
  const usual_s = (times[times.length - 1] - times[0]) / (times.length - 1);
  const each_s = Math.max(FINEST_S, usual_s);
  if (!(poll_s > JITTER * each_s)) return undefined;
  const part = Number((poll_s / each_s).toPrecision(3));
  return `WARNING: ${path ?? ''} has a row each ${Number(usual_s.toPrecision(3))} s, but nothing on this bench is set oftener than each ${poll_s} s (the shortest poll_s): one ${usual_s < FINEST_S ? 'second' : 'row'} of ${part} is followed`;
}
