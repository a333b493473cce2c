import { Evaluator } from '../evaluate/evaluator.ts';
import { checkPart } from '../expression/check.ts';
import { ExpressionError } from '../expression/problem.ts';
import type { Syntax } from '../expression/syntax.ts';
import { hangsOnTime, Slots } from '../expression/tree.ts';
import { declaredNames, namesIn } from '../file/names-of-file.ts';
import { allSteps, type LanguageFile, topLists } from '../file/nodes.ts';
import type { Unit } from '../units/unit.ts';
import { type Known, valueIn } from './constants.ts';
import { findName, type Wrong } from './find-name.ts';
import { namesOn } from './on-bench.ts';
import type { BenchNames, Reference } from './reference.ts';

/** Parts of expressions that can be worked out before a run: of numbers, parameters and figures of the bench. */

/** A value with what it is measured in; no unit: a plain number that takes that of the other side. */
export interface KnownPart {
  readonly value: number;
  readonly unit: Unit | undefined;
}

/** What the names of one file are on one bench. */
export interface NamesOfFile {
  find(name: string): Reference | Wrong;
  /** The value of a part, undefined where it is known only in the run, and of conditions. */
  partOf(text: string, part: Syntax, known: Known): KnownPart | undefined;
  /** What a part is measured in, undefined of plain numbers and conditions. */
  unitOf(text: string, part: Syntax): Unit | undefined;
}

/** Makes it, once for a file. */
export function namesOfFile(file: LanguageFile, bench: BenchNames): NamesOfFile {
  const declared = declaredNames(file);
  const ids = topLists(file).flatMap(list => [...allSteps(list)].flatMap(step => step.id ?? []));
  const names = namesOn(bench, declared, ids);
  const find = (name: string): Reference | Wrong => findName(name, bench, declared, ids);
  return {
    find,
    unitOf(text, part) {
      try {
        const { type } = checkPart(text, part, { names });
        return type.kind === 'quantity' || type.kind === 'list' ? type.unit : undefined;
      } catch (error) {
        // A part may mean something only beside the whole.
        if (error instanceof ExpressionError) return undefined;
        throw error;
      }
    },
    partOf(text, part, known) {
      const own = [...namesIn(part)].map(find);
      const isKnown = own.every(
        one => !('wrong' in one) && (one.from === 'figure of the bench' || one.from === 'own name'),
      );
      if (!isKnown) return undefined;
      const slots = new Slots();
      try {
        const { tree, type } = checkPart(text, part, { names, slots });
        if (type.kind === 'on' || type.kind === 'list' || hangsOnTime(tree)) return undefined;
        const values = slots.names.map(name => {
          const found = find(name);
          return 'wrong' in found ? Number.NaN : valueIn(found, known);
        });
        const places = values.map((_, first) => ({ first, count: 1 }));
        const evaluator = new Evaluator(tree, places);
        evaluator.run(Float64Array.from(values), Float64Array.of(0));
        const value = evaluator.result;
        if (!Number.isFinite(value)) return undefined;
        return { value, unit: type.kind === 'quantity' ? type.unit : undefined };
      } catch (error) {
        if (error instanceof ExpressionError) return undefined;
        throw error;
      }
    },
  };
}
