import { FileError } from '../../drivers/contract/file-error.ts';
import { cannotSweep, type SweepAbility, sweepTime_s } from '../../drivers/contract/measure/sweep.ts';
import { constantAt } from '../../profiles/language/bench/constants.ts';
import type { Plan, PlannedStep } from '../../profiles/language/bench/plan.ts';
import { secondsOf } from '../../profiles/language/bench/times.ts';
import { topSteps } from '../../profiles/language/explain/method.ts';
import { stemOf } from '../../profiles/language/file/keys.ts';
import type { Program } from '../../profiles/language/layout/instruction.ts';
import { NOTHING_SWEEPS } from '../../profiles/language/run/actions/voltammetry.ts';
import { sweepAsked } from '../../profiles/language/steps/measured/sweep-asked.ts';
import { subjectOf } from './bench.ts';
import type { LoadedBench } from './bench-file.ts';

/** Every sweep that a method asks for must be one that the instrument behind the output of this bench can run. */

/** What the device that sets the voltage of the output can sweep, with its name; undefined: it cannot, or there is none. */
function sweeperOf({
  bench,
  descriptions,
}: LoadedBench): readonly [id: string, can: SweepAbility] | undefined {
  const [id = ''] = (bench.roles[`${subjectOf(bench).kind}.voltageSet_V`] ?? '').split('.');
  const can = descriptions.get(id)?.sweep;
  return can === undefined ? undefined : [id, can];
}

/** @throws FileError at the first sweep of a bench on which nothing sweeps */
export function mustBeSwept({ instructions }: Program, loaded: LoadedBench): void {
  const step = instructions.find(at => at.op === 'run' && at.kind === 'voltammetry');
  if (step === undefined || step.op !== 'run' || sweeperOf(loaded) !== undefined) return;
  throw new FileError(step.place, 0, `${NOTHING_SWEEPS} (bench ${loaded.path})`);
}

/**
 * Each sweep in each round, as far as its figures are known before the run. @throws LanguageError at the step, or at the call
 * that gives the parameters
 */
export function sweepsMustFit(plan: Plan, loaded: LoadedBench): void {
  const sweeper = sweeperOf(loaded);
  if (sweeper === undefined) return;
  for (const planned of topSteps(plan)) mustFitIn(planned, undefined, sweeper);
}

function mustFitIn(
  planned: PlannedStep,
  call: PlannedStep | undefined,
  sweeper: readonly [id: string, can: SweepAbility],
): void {
  const { step, file } = planned;
  const wrong = step.kind.key === 'voltammetry' ? whyNot(planned, sweeper) : undefined;
  if (wrong !== undefined) {
    if (call === undefined) throw file.errors.error([...step.place, 'voltammetry'], wrong);
    const inside = `${file.path}:${file.errors.lineOf([...step.place, 'voltammetry'])}`;
    throw call.file.errors.error([...call.step.place, 'call'], `${wrong} (${inside})`);
  }
  const outer = step.kind.key === 'call' ? (call ?? planned) : call;
  for (const list of planned.inside) for (const one of list.steps) mustFitIn(one, outer, sweeper);
}

/** Why one of its rounds cannot be; of one with a figure that only the run tells nothing is said. */
function whyNot(
  { step, on, visits }: PlannedStep,
  [id, can]: readonly [id: string, can: SweepAbility],
): string | undefined {
  const own = step.keys['voltammetry'] as Readonly<Record<string, unknown>>;
  const within = Object.keys(step.keys).find(key => stemOf(key) === 'within');
  const stems = Object.keys(own).map(key => stemOf(key) ?? key);
  const stray = ['vertex2', 'cycles'].find(stem => stems.includes(stem));
  if (stems.includes('end') && stray !== undefined)
    return `${stray} belongs to cycles, and this is a linear sweep, expected vertex1_V in place of end_V`;
  for (const { known } of visits) {
    const numberAt = (key: string): number =>
      constantAt([...step.place, 'voltammetry', key], own[key], on, known);
    const { request, quiet_s } = sweepAsked(own, numberAt);
    if (Object.keys(own).some(key => Number.isNaN(numberAt(key)))) continue;
    const wrong = cannotSweep(can, request);
    if (wrong !== undefined) return `${id}: ${wrong}`;
    if (within === undefined) continue;
    const within_s = constantAt([...step.place, within], step.keys[within], on, known) * secondsOf(within);
    const least_s = quiet_s + sweepTime_s(request);
    if (least_s > within_s)
      return `${within}: ${Math.round(within_s)} s is shorter than the sweep takes, expected ${Math.ceil(least_s)} s at least`;
  }
  return undefined;
}
