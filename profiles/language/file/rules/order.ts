import { namesIn } from '../names-of-file.ts';
import {
  allSteps,
  type FileExpression,
  type LanguageFile,
  listsOf,
  type StepNode,
  topLists,
} from '../nodes.ts';
import type { Source } from '../source.ts';

/**
 * What a step has counted is there once it is over, and rounds are those of a loop: a name that can have no value where it
 * stands is refused. In a loop around both a later step may mean its last round.
 */

type Parts = Pick<LanguageFile, 'kind' | 'phases' | 'finally' | 'head'>;

/** A step with the steps around it, from the outermost on. */
interface Placed {
  readonly step: StepNode;
  readonly around: readonly StepNode[];
  readonly at: number;
}

const LOOPS: readonly string[] = ['repeat', 'each'];

/** @throws LanguageError with the first name of a step that is not over there, or of a round outside every loop */
export function checkOrder(
  source: Source,
  file: Parts,
  expressions: ReadonlyMap<string, FileExpression>,
): void {
  const all: Placed[] = [];
  const place = (steps: readonly StepNode[], around: readonly StepNode[]): void => {
    for (const step of steps) {
      all.push({ step, around, at: all.length });
      for (const list of listsOf(step)) place(list, [...around, step]);
    }
  };
  for (const list of topLists(file)) place(list, []);
  const byId = new Map(all.flatMap(one => (one.step.id === undefined ? [] : [[one.step.id, one] as const])));
  const reentry = new Set(file.phases.flatMap(phase => [...allSteps(phase.reentry)]));
  for (const expression of expressions.values()) {
    for (const name of namesIn(expression.syntax)) {
      const first = name.slice(0, Math.max(0, name.indexOf('.')));
      const meant = byId.get(first);
      if (meant === undefined && first !== 'round') continue;
      const own = all.findLast(({ step }) => step.place.every((part, i) => expression.place[i] === part));
      if (own === undefined || reentry.has(own.step)) continue;
      const wrong = meant === undefined ? roundless(own, file.kind) : notOver(own, meant);
      if (wrong === undefined) continue;
      const { text } = expression;
      const start = Math.max(
        0,
        text.search(new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?![\\w.])`)),
      );
      const message = `"${name}" ${wrong}`;
      throw source.expressionError(expression.place, { start, end: start + name.length, message });
    }
  }
}

/** The rounds of a procedure may be those of a loop around its call. */
function roundless({ step, around }: Placed, kind: Parts['kind']): string | undefined {
  if (kind === 'procedure' || [...around, step].some(isLoop)) return undefined;
  return 'stands outside every loop, where no round is counted: expected it in a repeat or each';
}

function notOver(own: Placed, meant: Placed): string | undefined {
  const id = meant.step.id ?? '';
  const isInside = own.around.includes(meant.step);
  if (own.at > meant.at && !isInside) return undefined;
  // In another round of a loop around both, or beside it.
  const around = new Set([...own.around, own.step]);
  if (meant.around.some(step => around.has(step) && (isLoop(step) || step.lanes.length > 0)))
    return undefined;
  return isInside || own.step === meant.step
    ? `has no value before ${id} is over, expected step. or block. for what is counted so far`
    : `has no value before ${id} is over, which comes later: expected a step that stands before this one`;
}

function isLoop({ kind }: StepNode): boolean {
  return LOOPS.includes(kind.key);
}
