import { parameterMeant, turnedValues } from '../bench/given-names.ts';
import type { OnBench } from '../bench/on-bench.ts';
import type { BenchNames } from '../bench/reference.ts';
import { noParameter } from '../file/calls.ts';
import type { LanguageFile, StepNode } from '../file/nodes.ts';
import type { Assignment } from './instruction.ts';
import { ownName } from './own-names.ts';
import { bordersOf, defaultsOf, valuesAt } from './values.ts';

/** A file, and what its expressions mean on the bench. */
interface Side {
  readonly file: LanguageFile;
  readonly on: OnBench;
}

type Keys = Readonly<Record<string, unknown>>;

/**
 * Parameters of a procedure in their order, what the call gives or else the default: a default may hang on one before it.
 * @throws LanguageError at what is no unit of a parameter
 */
export function givenAtCall(
  step: StepNode,
  { file, on }: Side,
  { file: procedure, on: onProcedure }: Side,
  bench: BenchNames,
): readonly Assignment[] {
  const place = [...step.place, 'with'];
  const own = Object.entries({ ...(step.keys['with'] as Keys | undefined) }).map(
    ([asked, raw]): Assignment => {
      const meant = parameterMeant(asked, procedure, bench);
      if (meant === undefined) throw file.errors.error([...place, asked], noParameter(asked, procedure));
      const value = turnedValues(valuesAt(raw, [...place, asked], on), meant.to);
      const borders = bordersOf(procedure.head, meant.name, onProcedure);
      return { name: ownName(procedure.path, meant.name), value, ...(borders && { borders }) };
    },
  );
  const names = own.map(({ name }) => name);
  const defaults = defaultsOf(procedure.head, onProcedure, procedure.path);
  const all = [...defaults.filter(({ name }) => !names.includes(name)), ...own];
  const order = Object.keys({ ...(procedure.head['parameters'] as Keys | undefined) }).map(name =>
    ownName(procedure.path, name),
  );
  return all.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
