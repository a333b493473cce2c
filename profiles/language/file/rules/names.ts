import { splitName } from '../../units/names.ts';
import { namesIn } from '../names-of-file.ts';
import {
  allSteps,
  type FileExpression,
  type LanguageFile,
  letsOf,
  listsOf,
  type StepNode,
} from '../nodes.ts';
import type { Source } from '../source.ts';

/**
 * A name is there from its `let` on, in the list that it stands in and what is inside; a name of `each` inside its steps,
 * where it hides no other.
 * `finally` may begin at any moment: there are only parameters. What is returned may be a name of any `let`.
 */

type Parts = Pick<LanguageFile, 'phases' | 'finally' | 'head'>;

/** @throws LanguageError with the first name that has no value where it is used */
export function checkNamesInOrder(
  source: Source,
  file: Parts,
  expressions: ReadonlyMap<string, FileExpression>,
): void {
  const all = [...expressions.values()];
  const named = (key: string): readonly string[] =>
    Object.keys({ ...(file.head[key] as object | undefined) });
  const derived = named('derived');
  const parameters = [...named('parameters'), ...derived].map(stemOfName);
  // What one phase has named, the next one knows.
  let known: ReadonlySet<string> = new Set(parameters);
  for (const phase of file.phases) {
    visit(phase.reentry, new Set(parameters));
    known = visit(phase.steps, known);
  }
  visit(file.finally, new Set(parameters));
  // One after the other, each out of those before it.
  for (const block of ['parameters', 'derived']) {
    const order = named(block);
    for (const { place, syntax } of all.filter(one => one.place[0] === block)) {
      const later = order.slice(order.indexOf(String(place[1]))).map(stemOfName);
      const name = [...namesIn(syntax)].find(one => later.includes(stemOfName(one)));
      if (name !== undefined)
        throw source.valueError(
          place,
          `"${name}" is worked out here or later, expected what stands before it`,
        );
    }
  }
  // What a list inside has named last is still there when all is over; what a loop went through is not.
  const lets = file.phases.flatMap(({ steps }) => [...allSteps(steps)]).flatMap(letsOf);
  const last = new Set([...known, ...lets.map(stemOfName)]);
  for (const expression of all.filter(({ place }) => place[0] === 'returns')) check(expression, last, AT_END);

  function visit(list: readonly StepNode[], before: ReadonlySet<string>): ReadonlySet<string> {
    const names = new Set(before);
    for (const step of list) {
      const own = ofStep(step);
      if (step.kind.key === 'let') {
        for (const name of letsOf(step)) {
          for (const one of own) if (one.place.at(-1) === name) check(one, names);
          names.add(stemOfName(name));
        }
        continue;
      }
      const inside = new Set(names);
      for (const one of own) check(one, names);
      if (step.kind.key === 'each')
        for (const name of Object.keys(step.keys['each'] as Readonly<Record<string, unknown>>)) {
          if (names.has(stemOfName(name)))
            throw source.error(
              [...step.place, 'each', name],
              parameters.includes(stemOfName(name)) ? HIDES_PARAMETER : HIDES_NAME,
            );
          inside.add(stemOfName(name));
        }
      for (const inner of listsOf(step)) visit(inner, inside);
    }
    return names;
  }

  /** Expressions of a step itself, not of the steps inside. */
  function ofStep({ place, kind, blocks, lanes }: StepNode): readonly FileExpression[] {
    const holders = new Set([...blocks.keys(), ...(lanes.length > 0 ? [kind.key] : [])]);
    return all.filter(({ place: at }) => {
      const isBelow = place.every((part, i) => at[i] === part);
      return isBelow && !holders.has(String(at[place.length]));
    });
  }

  function check({ place, syntax, text }: FileExpression, names: ReadonlySet<string>, say = YET): void {
    for (const name of namesIn(syntax)) {
      if (name.includes('.') || names.has(stemOfName(name)) || isScopeWord(name)) continue;
      const start = text.search(new RegExp(`(?<![\\w.])${name}(?![\\w.])`));
      throw source.expressionError(place, { start, end: start + name.length, message: say(name) });
    }
  }
}

/** What is given for it would do nothing in the rounds. */
const HIDES_PARAMETER = 'is a parameter already, which its rounds would hide, expected another name';
const HIDES_NAME =
  'has a value here already (let or each before), which its rounds would hide, expected another name';
const YET = (name: string): string =>
  `"${name}" has no value here yet, expected its let (or each) before, in this list or around it`;
const AT_END = (name: string): string =>
  `"${name}" has no value at the end, expected a parameter or a name of let (in its loop: let: { last${name[0].toUpperCase()}${name.slice(1)}: ${name} })`;

function stemOfName(name: string): string {
  return splitName(name)?.stem ?? name;
}

/** `change(x, run)`: the only names without a unit. */
function isScopeWord(name: string): boolean {
  return splitName(name) === undefined;
}
