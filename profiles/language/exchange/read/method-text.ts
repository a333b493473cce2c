import { Document, isMap, isSeq, type YAMLMap } from 'yaml';
import { ADDED_BOUND } from '../spell/spell-step.ts';

/** What has been read of a foreign file as the text of a method, version 2. */

/** A step: its keys, and where it is a block what is inside. */
export interface ReadStep {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly steps?: readonly ReadStep[];
  /** Stands behind the step as a comment. */
  readonly comment?: string;
}

/** A whole method that has been read. */
export interface ReadMethod {
  readonly name: string;
  readonly doc?: string;
  /** Lines of comment before the first key. */
  readonly comments: readonly string[];
  readonly record?: Readonly<Record<string, unknown>>;
  readonly limits?: readonly Readonly<Record<string, unknown>>[];
  readonly steps: readonly ReadStep[];
}

const BOUND_DOC = 'most time of a step for which the file that was read has none; no other file gets it';
/** A step without a bound may take twice the time of its rate, and never less than a day. */
const LEAST_BOUND_H = 24;

/** The text of the method. */
export function methodText(method: ReadMethod): string {
  const { name, doc, comments, record, limits, steps } = method;
  const isBound = [...allOf(steps)].some(({ keys }) => Object.values(keys).includes(ADDED_BOUND));
  const document = new Document({
    method: name,
    version: 2,
    ...(doc === undefined ? {} : { doc }),
    ...(isBound ? { parameters: { [ADDED_BOUND]: { default: longest_h(steps), doc: BOUND_DOC } } } : {}),
    ...(record === undefined || Object.keys(record).length === 0 ? {} : { record }),
    ...(limits === undefined || limits.length === 0 ? {} : { limits }),
    steps: steps.map(plainOf),
  });
  document.commentBefore = comments.map(line => ` ${line.replaceAll(/\s+/g, ' ')}`).join('\n');
  const root = document.contents as YAMLMap;
  for (const key of ['record', 'parameters']) flowInside(root.get(key, true), key === 'parameters');
  flowInside(root.get('limits', true), true);
  annotate(root.get('steps', true), steps);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function plainOf({ keys, steps }: ReadStep): Readonly<Record<string, unknown>> {
  return steps === undefined ? keys : { ...keys, steps: steps.map(plainOf) };
}

/** Steps in one line each, blocks over several. */
function annotate(list: unknown, steps: readonly ReadStep[]): void {
  if (!isSeq(list)) return;
  for (const [i, item] of list.items.entries()) {
    const step = steps[i];
    if (!isMap(item) || step === undefined) continue;
    if (step.comment !== undefined) item.commentBefore = ` ${step.comment.replaceAll(/\s+/g, ' ')}`;
    if (step.steps === undefined) item.flow = true;
    else {
      for (const pair of item.items) if (isMap(pair.value)) pair.value.flow = true;
      annotate(item.get('steps', true), step.steps);
    }
  }
}

/** `inside`: the entries stand in one line each, not the whole. */
function flowInside(node: unknown, inside: boolean): void {
  if (isMap(node)) {
    if (inside) for (const pair of node.items) flowInside(pair.value, false);
    else node.flow = true;
  }
  if (isSeq(node)) for (const item of node.items) flowInside(item, false);
}

function* allOf(steps: readonly ReadStep[]): Generator<ReadStep> {
  for (const step of steps) {
    yield step;
    if (step.steps !== undefined) yield* allOf(step.steps);
  }
}

function longest_h(steps: readonly ReadStep[]): number {
  const rates = [...allOf(steps)].flatMap(({ keys }) => {
    const own = { ...((keys['cc'] ?? keys['cccv']) as Readonly<Record<string, unknown>> | undefined) };
    return typeof own['current_C'] === 'number' && own['current_C'] !== 0 ? [Math.abs(own['current_C'])] : [];
  });
  return Math.max(LEAST_BOUND_H, ...rates.map(rate_C => Math.ceil(2 / rate_C)));
}
