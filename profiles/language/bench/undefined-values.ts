import { dotted } from '../../../drivers/contract/explain.ts';
import { mayBeUndefined, whyUndefined } from '../evaluate/undefined.ts';
import type { LanguageFile, StepNode } from '../file/nodes.ts';
import { constantAt, type Known, valueIn } from './constants.ts';
import type { Keys, Looking } from './looking.ts';
import type { OnBench, ResolvedExpression } from './on-bench.ts';

/** Expressions that have no value with the parameters and figures that are known before the run. */

const STEPS = /^(phases|steps|finally)\b/;
const BLOCKS = /^\.(steps|then|else|together)\[/;

/** @throws LanguageError at an expression of the step itself that divides by zero, or takes a root of what is below it */
export function refuseUndefined(step: StepNode, { file, on, known, isSkipped }: Looking): void {
  if (isSkipped === true) return;
  refuse(expressionsOf(step, on), file, known);
}

/** The same of the head of a file: its parameters, limits, derived roles. What it returns is worked out at its end. */
export function refuseUndefinedHead({ file, on, known }: Looking): void {
  const head = candidates(on).filter(([key]) => !STEPS.test(key) && !key.startsWith('returns'));
  refuse(head, file, known);
}

/**
 * Which of the lists of a step are not gone through, as far as it is known before the run; `all`: nobody knows what behind
 * the step is.
 */
export function skippedLists(step: StepNode, { on, known }: Looking): readonly string[] {
  const { kind, keys, place } = step;
  const own = keys[kind.key] as Keys;
  if (kind.key === 'if') {
    const is = constantAt([...place, 'if'], keys['if'], on, known);
    const goesAway = (key: string): boolean => typeof keys[key] === 'string' && keys[key] !== 'next';
    const isLeft = (goesAway('then') && is !== 0) || (goesAway('else') && is !== 1);
    const skipped = is === 0 ? ['then'] : is === 1 ? ['else'] : ['then', 'else'];
    return isLeft ? [...skipped, 'all'] : skipped;
  }
  if (kind.key !== 'repeat') return [];
  const times = constantAt([...place, 'repeat', 'times'], own['times'], on, known);
  const goesOn = 'while' in own ? constantAt([...place, 'repeat', 'while'], own['while'], on, known) : 1;
  return times > 0 && goesOn === 1 ? [] : ['steps'];
}

type Candidate = readonly [key: string, expression: ResolvedExpression];

const candidatesOf = new WeakMap<OnBench, readonly Candidate[]>();
const ofSteps = new WeakMap<StepNode, readonly Candidate[]>();

function candidates(on: OnBench): readonly Candidate[] {
  const known = candidatesOf.get(on) ?? [...on.expressions].filter(([, { tree }]) => mayBeUndefined(tree));
  candidatesOf.set(on, known);
  return known;
}

/** Those of the step itself, not of the steps inside it. */
function expressionsOf(step: StepNode, on: OnBench): readonly Candidate[] {
  const known = ofSteps.get(step);
  if (known !== undefined) return known;
  const at = dotted(step.place);
  const found = candidates(on).filter(
    ([key]) => key.startsWith(`${at}.`) && !BLOCKS.test(key.slice(at.length)),
  );
  ofSteps.set(step, found);
  return found;
}

function refuse(expressions: readonly Candidate[], file: LanguageFile, known: Known): void {
  for (const [key, { tree, slots }] of expressions) {
    const why = whyUndefined(
      tree,
      slots.map(slot => valueIn(slot, known)),
    );
    const place = file.expressions.get(key)?.place;
    if (why !== undefined && place !== undefined) throw file.errors.valueError(place, why);
  }
}
