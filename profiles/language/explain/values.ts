import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { constantAt } from '../bench/constants.ts';
import type { Context } from '../bench/plan.ts';
import type { Syntax } from '../expression/syntax.ts';
import { hangsOnTime } from '../expression/tree.ts';
import { unitWord } from '../file/keys.ts';
import { namesIn } from '../file/names-of-file.ts';
import { converted } from '../units/unit.ts';
import { expressionWords } from './condition.ts';
import { numbersText, quantityText, unitWords } from './words.ts';

/** Values of a step as they are written and as they come out, over all rounds in which the step is gone through. */

/**
 * The value behind a key in the unit of the key, and in that of the role it goes to where that is another:
 * `-0.5 C (-rate_C) = -2.5 A`. `unit`: where the key does not say it.
 */
export function valueText(
  planned: Context,
  place: Place,
  raw: unknown,
  unit = unitWord(String(place.at(-1))),
): string {
  if (typeof raw === 'boolean') return raw ? 'on' : 'off';
  if (Array.isArray(raw))
    return raw.map((member, i) => valueText(planned, [...place, i], member, unit)).join(', ');
  const written = writtenText(planned, place, raw, unit);
  const values = planned.visits.map(({ known }) => constantAt(place, raw, planned.on, known));
  if (values.length === 0 || values.some(Number.isNaN)) return written;
  const syntax = planned.file.expressions.get(dotted(place))?.syntax;
  const isWorkedOut = syntax?.kind === 'arithmetic' && saysUnit(syntax);
  const isNamed = typeof raw === 'string' && (isWorkedOut || hasNames(planned, place));
  const own =
    unit === 'on' ? quantityText(values[0], unit) : `${numbersText(values)} ${unitWords(unit)}`.trimEnd();
  const first = isNamed ? `${own} (${raw})` : written;
  const target = planned.on.sets.get(dotted(place));
  const { num, den, plus } = target?.to ?? { num: 1, den: 1, plus: 0 };
  if (target === undefined || (num === den && plus === 0)) return first;
  const inRole = numbersText(values.map(value => converted(value, { num, den, plus })));
  return `${first} = ${inRole} ${unitWords(unitWord(target.role))}`;
}

/** What is written, with the unit of its key; an expression that only the run can tell in words. */
function writtenText(planned: Context, place: Place, raw: unknown, unit: string): string {
  const expression = planned.file.expressions.get(dotted(place));
  const words = unitWords(unit);
  if (expression === undefined || (!hasNames(planned, place) && !isOverTime(planned, place)))
    return expression !== undefined && saysUnit(expression.syntax) ? `${raw}` : `${raw} ${words}`.trimEnd();
  const saying = {
    text: expression.text,
    names: planned.names,
    rounds: planned.visits.map(visit => visit.known),
  };
  return expressionWords(expression.syntax, saying, unit);
}

/** A unit is written in it: that of the key would be a second one. */
function saysUnit(node: Syntax): boolean {
  if (node.kind === 'number') return node.unit !== undefined;
  if (node.kind === 'negate') return saysUnit(node.of);
  return node.kind === 'arithmetic' && (saysUnit(node.a) || saysUnit(node.b));
}

function isOverTime({ on }: Context, place: Place): boolean {
  const tree = on.expressions.get(dotted(place))?.tree;
  return tree !== undefined && hangsOnTime(tree);
}

function hasNames({ file }: Context, place: Place): boolean {
  const expression = file.expressions.get(dotted(place));
  return expression !== undefined && !namesIn(expression.syntax).next().done;
}
