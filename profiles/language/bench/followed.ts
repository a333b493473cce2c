import { dotted } from '../../../drivers/contract/explain.ts';
import { stemOf } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { constantAt } from './constants.ts';
import type { Looking } from './looking.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { secondsOf } from './times.ts';

/** How much of its data a method follows, as far as it can be known before the run. */

/** s of each data file, by path of the method and name in it; 0: all of it, or nobody knows. */
export type Followed = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The longest that each data file is followed by the steps of a plan. */
export function followedTimes(plan: Plan): Followed {
  const found = new Map<string, Map<string, number>>();
  const note = (path: string, data: string, time_s: number): void => {
    const times = found.get(path) ?? new Map<string, number>();
    found.set(path, times);
    const before_s = times.get(data);
    // Once all of it is looked at, no shorter part counts.
    const all_s = before_s === 0 || time_s === 0 ? 0 : Math.max(before_s ?? 0, time_s);
    times.set(data, all_s);
  };
  const covered = new Map<string, string[]>();
  const steps = [...plan.phases.flatMap(phase => [...phase.steps, ...phase.reentry]), ...plan.finally];
  for (const planned of steps.flatMap(withInner)) {
    const { step, file, on } = planned;
    if (step.kind.key !== 'follow') continue;
    const at = `${dotted(step.place)}.`;
    covered.set(file.path, [...(covered.get(file.path) ?? []), at]);
    const time_s = timeOf(planned);
    for (const [key, { slots }] of on.expressions)
      if (key.startsWith(at))
        for (const slot of slots) if (slot.from === 'data') note(file.path, slot.data, time_s);
  }
  // Whatever else looks at data may do so at any time.
  for (const { file, on } of [plan.head, ...steps.flatMap(withInner)]) {
    const own = covered.get(file.path) ?? [];
    for (const [key, { slots }] of on.expressions) {
      if (own.some(at => key.startsWith(at))) continue;
      for (const slot of slots) if (slot.from === 'data') note(file.path, slot.data, 0);
    }
  }
  return found;
}

/** How long the first of the data lasts that a `follow` follows, s; infinite without any, and where nobody knows yet. */
export function dataTime({ place }: StepNode, { file, on, dataEnd_s }: Looking): number {
  const at = `${dotted([...place, 'follow'])}.`;
  const slots = [...on.expressions].flatMap(([key, { slots: own }]) => (key.startsWith(at) ? own : []));
  const ends = slots.flatMap(slot => (slot.from === 'data' ? [dataEnd_s(file.path, slot.data)] : []));
  return Math.min(...ends.map(end => end ?? Number.POSITIVE_INFINITY));
}

/** `for_` of a step in s, the longest of its rounds; 0 without one, or where only the run knows it. */
function timeOf({ step, on, visits }: PlannedStep): number {
  const key = Object.keys(step.keys).find(own => stemOf(own) === 'for');
  if (key === undefined) return 0;
  const times = visits.map(
    ({ known }) => constantAt([...step.place, key], step.keys[key], on, known) * secondsOf(key),
  );
  return times.some(Number.isNaN) ? 0 : Math.max(0, ...times);
}

function withInner(step: PlannedStep): readonly PlannedStep[] {
  return [step, ...step.inside.flatMap(list => list.steps.flatMap(withInner))];
}
