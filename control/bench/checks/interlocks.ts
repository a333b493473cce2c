import type { Place } from '../../../drivers/contract/explain.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { ConditionNames } from '../../kinds/interlocks/condition.ts';
import { kindOf } from '../../kinds/interlocks/index.ts';
import type { Bench, InterlockSpec } from '../bench.ts';
import { type Reach, settableBy, shownBy, stateSlip, within } from './facts.ts';

/** Interlocks: each id once, each as its kind asks it of the instruments. `names`: of conditions. @throws FileError */
export function checkInterlocks(yaml: YamlFile<Bench>, reach: Reach, names: ConditionNames): void {
  const { interlocks, twin } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    const place = ['interlocks', i];
    if (interlocks.findIndex(other => other.id === interlock.id) !== i) {
      throw yaml.error([...place, 'id'], `"${interlock.id}" stands twice, expected each id once`);
    }
    checkRecovery(yaml, reach, interlock, place);
    kindOf(interlock).check(interlock, {
      shown: (key, role, isSingle) => shownBy(yaml, reach, [...place, key], role, isSingle),
      settable: (key, role) => settableBy(yaml, reach, [...place, key], role),
      within: (key, figure, shown, role) => within(yaml, [...place, key], figure, shown, role),
      predicted: twin?.beside?.roles ?? [],
      names,
      error: (key, text) => yaml.error([...place, key], text),
      errorInside: (key, at, text) => yaml.errorInside([...place, key], at, text),
    });
  }
}

/** Of a cell these are at rest in a suspension. */
const OUTPUT = /^cell\.(output|current|voltage|power|resistance|mode|voltageMax|voltageMin)Set_/;

/** A recovery stands beside `suspend`, is over after it can have been, and sets what the bench lets it set. @throws FileError */
function checkRecovery(
  yaml: YamlFile<Bench>,
  reach: Reach,
  { reaction, recover }: InterlockSpec,
  place: Place,
): void {
  if (recover === undefined) {
    if (reaction !== 'suspend') return;
    const text = 'suspends without a recovery, expected recover: { set, for_s, within_s, at_most } beside it';
    throw yaml.error([...place, 'reaction'], text);
  }
  if (reaction !== 'suspend')
    throw yaml.error([...place, 'recover'], `beside ${reaction}, expected reaction: suspend`);
  const { for_s, within_s } = recover;
  if (within_s <= for_s)
    throw yaml.error(
      [...place, 'recover', 'within_s'],
      `ends after ${within_s} s and goes on after ${for_s} s back in range, expected more than for_s`,
    );
  for (const [role, set] of Object.entries(recover.set)) {
    const at = [...place, 'recover', 'set', role];
    settableBy(yaml, reach, at, role);
    if (OUTPUT.test(role))
      throw yaml.error(
        at,
        `${role} is of the output: a cell rests while it is suspended, expected other roles only (a chamber, a pump)`,
      );
    const to = typeof set === 'number' ? set : set.to;
    const limit = yaml.value.limits[role];
    if (limit !== undefined && (to < limit.min || to > limit.max))
      throw yaml.error(at, `${to} is outside the limits of ${role}, expected ${limit.min}..${limit.max}`);
    const slip = stateSlip(role, to);
    if (slip !== undefined) throw yaml.error(at, slip);
  }
}
