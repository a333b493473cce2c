import { LanguageError } from '../../file/language-error.ts';
import type { LanguageFile, StepNode } from '../../file/nodes.ts';
import { beyondBorders, outOfOrder, quantityOf } from '../borders.ts';
import { givenAt } from '../constants.ts';
import { parameterMeant } from '../given-names.ts';
import type { Keys, Looking } from '../looking.ts';
import type { OnBench } from '../on-bench.ts';
import type { Given } from '../rounds.ts';

/** What a call gives to the parameters of a procedure, and what is wrong there because of it. */

/**
 * Values in the units of the parameters, NaN where only the run tells. @throws LanguageError of one beyond `min` and `max`,
 * or of a list in another order
 */
export function givenTo(
  step: StepNode,
  { file, bench, on, known }: Looking,
  procedure: LanguageFile,
  onProcedure: OnBench,
): Given {
  const given = Object.entries({ ...(step.keys['with'] as Keys | undefined) }).map(([name, raw]) => {
    const at = [...step.place, 'with', name];
    const meant = parameterMeant(name, procedure, bench);
    const turned = (value: number): number =>
      meant === undefined ? Number.NaN : (value * meant.to.num) / meant.to.den + meant.to.plus;
    const found = givenAt(at, raw, on, known);
    const value = typeof found === 'number' ? turned(found) : found.map(turned);
    const own = meant?.name ?? name;
    for (const one of typeof value === 'number' ? [value] : value) {
      const broken = beyondBorders(own, one, procedure, onProcedure);
      if (broken === undefined) continue;
      throw file.errors.valueError(at, `${quantityOf(own, one)}, ${broken} (${procedure.name})`);
    }
    const disorder = typeof value === 'number' ? undefined : outOfOrder(own, value, procedure);
    if (disorder !== undefined) throw file.errors.valueError(at, `${disorder} (${procedure.name})`);
    return [own, value] as const;
  });
  return new Map(given);
}

/**
 * What a procedure refuses because of a value that a call gives is told at that value; where in the procedure it is stands
 * behind it in brackets. `work`: goes through the procedure with these parameters. @throws what `work` throws
 */
export function atItsValue<T>(
  step: StepNode,
  { file, bench }: Pick<Looking, 'file' | 'bench'>,
  procedure: LanguageFile,
  given: Given,
  work: (parameters: Given) => T,
): T {
  try {
    return work(given);
  } catch (error) {
    if (!(error instanceof LanguageError) || error.file !== procedure.path) throw error;
    const inside = placeOf(error);
    for (const name of Object.keys({ ...(step.keys['with'] as Keys | undefined) })) {
      const own = parameterMeant(name, procedure, bench)?.name;
      const others = new Map([...given].filter(([other]) => other !== own));
      // It is wrong there without it, too.
      if (wrongAt(() => work(others)) === inside) continue;
      throw file.errors.valueError([...step.place, 'with', name], `${error.what} (${inside})`);
    }
    throw error;
  }
}

const placeOf = ({ file, line, column }: LanguageError): string => `${file}:${line}:${column}`;

/** Where something is wrong; undefined: nowhere. */
function wrongAt(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof LanguageError) return placeOf(error);
    throw error;
  }
}
