import { stemOf, unitWord } from '../../file/keys.ts';
import type { StepNode } from '../../file/nodes.ts';
import { constantAt } from '../constants.ts';
import type { Looking } from '../looking.ts';
import { beginningOf } from '../ramp-time.ts';
import { secondsOf } from '../times.ts';

/**
 * A time that ends a step (`for_`) and is not over before the deadline beside it (`within_`, where a gate stands) never ends
 * it: where both are known it is refused. It counts from arrival, the deadline from the beginning.
 * @throws LanguageError at the time
 */
export function refuseLateEnd(step: StepNode, looking: Looking): void {
  const { keys, place } = step;
  const { file, on, known } = looking;
  const find = (stem: string): string | undefined => Object.keys(keys).find(key => stemOf(key) === stem);
  const [lasts, within] = [find('for'), find('within')];
  if (lasts === undefined || within === undefined) return;
  const [for_s, within_s] = [lasts, within].map(
    key => constantAt([...place, key], keys[key], on, known) * secondsOf(key),
  );
  const arrives_s = beginningOf(step, looking).known_s;
  if (!(arrives_s + for_s > within_s * (1 + 1e-9))) return;
  const told = (time_s: number, key: string): string =>
    `${Number((time_s / secondsOf(key)).toPrecision(4))} ${unitWord(key)}`;
  const arrival = arrives_s > 0 ? ` from its arrival after ${Number(arrives_s.toPrecision(4))} s` : '';
  throw file.errors.valueError(
    [...place, lasts],
    `is ${told(for_s, lasts)}${arrival}, but ${within} is over after ${told(within_s, within)}: the time never ends the step, expected ${within} of ${told(arrives_s + for_s, within)} at least`,
  );
}
