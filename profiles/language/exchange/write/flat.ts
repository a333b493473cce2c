import type { PlainLoop, PlainNode, PlainStep } from '../plain-step.ts';

/** Steps one below the other, as cyclers have them: a loop is a line at its end that leads back, some have one at its begin. */
export type FlatLine =
  | { readonly is: 'step'; readonly step: PlainStep; readonly loops: readonly PlainLoop[] }
  | { readonly is: 'begin'; readonly loop: PlainLoop; readonly level: number }
  /** `first`: index of the first line inside. */
  | { readonly is: 'end'; readonly loop: PlainLoop; readonly level: number; readonly first: number };

/** What a cycler knows of loops. */
export interface LoopRules {
  /** A line where a loop begins. */
  readonly hasBegin: boolean;
  /** Loops inside each other; deeper ones are written out. */
  readonly deepest: number;
}

/** Loops that are written out make at most so many lines. */
const MOST_LINES = 100_000;

/** All lines in order; groups that are no loops are only their steps. @throws LanguageError of too many */
export function flatten(nodes: readonly PlainNode[], rules: LoopRules): readonly FlatLine[] {
  const lines: FlatLine[] = [];
  const add = (list: readonly PlainNode[], loops: readonly PlainLoop[]): void => {
    for (const node of list) {
      const { file, place } = node.at;
      if (lines.length > MOST_LINES)
        throw file.errors.error(place, `loops written out are more than ${MOST_LINES} steps there`);
      if (node.kind !== 'loop') lines.push({ is: 'step', step: node, loops });
      else if (node.times === 1) add(node.steps, loops);
      else if (loops.length >= rules.deepest) {
        for (let round = 0; round < node.times; round++) add(node.steps, loops);
      } else {
        const level = loops.length + 1;
        if (rules.hasBegin) lines.push({ is: 'begin', loop: node, level });
        const first = lines.length;
        add(node.steps, [...loops, node]);
        lines.push({ is: 'end', loop: node, level, first });
      }
    }
  };
  add(nodes, []);
  return lines;
}
