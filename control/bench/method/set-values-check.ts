import { unitOf } from '../../../drivers/contract/units.ts';
import type { Plan, PlannedStep } from '../../../profiles/language/bench/plan.ts';
import { topSteps } from '../../../profiles/language/explain/method.ts';
import { recoveryValues } from '../../../profiles/language/explain/recoveries.ts';
import { valuesSetBy } from '../../../profiles/language/explain/set-values.ts';
import type { LoadedBench } from '../bench-file.ts';
import { stateSlip } from '../checks/facts.ts';
import { isBeyondGate } from '../limits-of-method.ts';

/**
 * Every value that a method is known to set before it runs must be one that the bench lets through; what only the run can
 * tell is the gate's. @throws LanguageError with the place of the first that is not: in the method, or its call
 */
export function checkSetValues(plan: Plan, loaded: LoadedBench): void {
  for (const planned of topSteps(plan)) checkStep(planned, undefined, loaded);
}

/** `call`: the step of the method that leads here, where it is in another file. */
function checkStep(planned: PlannedStep, call: PlannedStep | undefined, loaded: LoadedBench): void {
  const { step } = planned;
  for (const { place, role, values } of [
    ...valuesSetBy(planned),
    ...recoveryValues(planned, step.keys, step.place),
  ]) {
    const wrong = slipOf(role, values, loaded);
    if (wrong === undefined) continue;
    if (call === undefined) throw planned.file.errors.error(place, wrong);
    throw call.file.errors.error([...call.step.place, 'call'], `${String(call.step.keys['call'])} ${wrong}`);
  }
  const outer = planned.step.kind.key === 'call' ? (call ?? planned) : call;
  for (const list of planned.inside) for (const inner of list.steps) checkStep(inner, outer, loaded);
}

/** What is wrong with the values of a role; undefined: nothing, or nobody limits it. */
function slipOf(role: string, values: readonly number[], { bench, path }: LoadedBench): string | undefined {
  const limit = bench.limits[role] ?? bench.softwareControl[role];
  if (limit === undefined) return undefined;
  const { min, max } = limit;
  const wrong = values.find(value => isBeyondGate(value, limit));
  if (wrong !== undefined)
    return `sets ${role} to ${Number(wrong.toPrecision(6))}, expected ${min}..${max} ${unitOf(role)} (limits of ${path})`;
  const known = values.filter(Number.isFinite);
  return known.map(value => stateSlip(role, value)).find(text => text !== undefined);
}
