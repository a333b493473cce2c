import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { constantAt } from '../bench/constants.ts';
import type { Context, Plan, PlannedStep } from '../bench/plan.ts';
import { recoversIn } from '../bench/refused/recovery.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { converted } from '../units/unit.ts';
import { type SetKey, type SetValues, setValues, valuesSetBy } from './set-values.ts';

/** What the recoveries of a method set while it is suspended. */

type Keys = Readonly<Record<string, unknown>>;

/** Limits of a step, a phase or a file: what their recoveries set, each time it is gone through. */
export function recoveryValues({ on, visits }: Context, keys: Keys, around: Place): readonly SetKey[] {
  return recoversIn(keys, around).flatMap(([at, recover]) =>
    Object.entries({ ...(recover['set'] as Keys | undefined) }).flatMap(([name, raw]): SetKey[] => {
      const place = [...at, 'set', name];
      const target = on.sets.get(dotted(place));
      if (target === undefined) return [];
      const isBlock = typeof raw === 'object' && raw !== null;
      const [where, own] = isBlock ? [[...place, 'to'], (raw as Keys)['to']] : [place, raw];
      const values = visits.map(({ known }) => converted(constantAt(where, own, on, known), target.to));
      return [{ place, role: target.role, values }];
    }),
  );
}

/** The same of all limits of a plan: of its steps, and of the head and the phases of each file in it. */
function allRecoveryValues(plan: Plan, steps: readonly PlannedStep[]): readonly SetKey[] {
  // A file that is called has its parameters in its steps only: what hangs on them the run tells.
  const files = new Map<LanguageFile, Context>();
  for (const context of [plan.head, ...steps]) if (!files.has(context.file)) files.set(context.file, context);
  const heads = [...files.values()].flatMap(context => [
    ...recoveryValues(context, context.file.head, []),
    ...context.file.phases.flatMap(({ place, limits }) => recoveryValues(context, { limits }, place)),
  ]);
  return [
    ...heads,
    ...steps.flatMap(planned => recoveryValues(planned, planned.step.keys, planned.step.place)),
  ];
}

/** By role, what the steps of a plan and its recoveries set. */
export function allSetValues(plan: Plan, steps: readonly PlannedStep[]): ReadonlyMap<string, SetValues> {
  return setValues([...steps.flatMap(valuesSetBy), ...allRecoveryValues(plan, steps)]);
}
