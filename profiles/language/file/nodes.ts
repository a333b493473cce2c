import type { Place } from '../../../drivers/contract/explain.ts';
import type { Expected } from '../expression/check.ts';
import type { Syntax } from '../expression/syntax.ts';
import type { StepKind } from './define-step.ts';
import type { Source } from './source.ts';

/** A method or procedure file that has been read: blocks and steps with their places, expressions parsed and checked. */

/** An expression of the file, in the unit of the key it stands behind. */
export interface FileExpression {
  readonly place: Place;
  readonly text: string;
  readonly syntax: Syntax;
  readonly expected: Expected;
}

/** One step. */
export interface StepNode {
  readonly kind: StepKind;
  readonly place: Place;
  readonly id: string | undefined;
  /** All its keys as they are written, checked; steps inside are left out. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Steps inside, by the key that holds them. */
  readonly blocks: ReadonlyMap<string, readonly StepNode[]>;
  readonly lanes: readonly (readonly StepNode[])[];
}

/** One phase; the only one of a file without phases has no name. */
export interface PhaseNode {
  readonly name: string;
  readonly place: Place;
  readonly steps: readonly StepNode[];
  readonly reentry: readonly StepNode[];
  /** As they are written, checked. */
  readonly limits?: unknown;
  readonly record?: unknown;
}

/** A whole file. */
export interface LanguageFile {
  readonly path: string;
  readonly kind: 'method' | 'procedure';
  readonly name: string;
  /** Head of the file as it is written, checked, without its steps. */
  readonly head: Readonly<Record<string, unknown>>;
  /** One without a name where the file has no phases. */
  readonly phases: readonly PhaseNode[];
  readonly finally: readonly StepNode[];
  /** Makes errors at places of this file. */
  readonly errors: Pick<Source, 'error' | 'valueError' | 'expressionError' | 'lineOf'>;
  /** By place, `dotted`. */
  readonly expressions: ReadonlyMap<string, FileExpression>;
}

/** Every list of steps directly inside a step. */
export function listsOf(step: StepNode): readonly (readonly StepNode[])[] {
  return [...step.blocks.values(), ...step.lanes];
}

/** Every step of a list and of what is inside, in the order of the file. */
export function* allSteps(steps: readonly StepNode[]): Generator<StepNode> {
  for (const step of steps) {
    yield step;
    for (const list of listsOf(step)) yield* allSteps(list);
  }
}

/** Names that a step gives a value by `let`. */
export function letsOf({ kind, keys }: StepNode): readonly string[] {
  return kind.key === 'let' ? Object.keys(keys['let'] as Readonly<Record<string, unknown>>) : [];
}

/** All lists of steps of a file that are no part of another. */
export function topLists(file: Pick<LanguageFile, 'phases' | 'finally'>): readonly (readonly StepNode[])[] {
  return [...file.phases.flatMap(phase => [phase.steps, phase.reentry]), file.finally];
}
