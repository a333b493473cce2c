import { onBench } from '../../../../profiles/language/bench/on-bench.ts';
import type { BenchNames } from '../../../../profiles/language/bench/reference.ts';
import type { Given } from '../../../../profiles/language/bench/rounds.ts';
import {
  type ExplainedParameter,
  explainParameters,
  GivenError,
  givenParameters,
} from '../../../../profiles/language/explain/given.ts';
import { quantityText } from '../../../../profiles/language/explain/words.ts';
import type { LanguageFile } from '../../../../profiles/language/file/nodes.ts';
import { UsageError } from '../../options.ts';

/** Parameters of a method as they stand on the command line: `--set cycles_count=3`, again for each. */

/** Values by the names of the file, in their units. @throws UsageError of one that cannot be taken */
export function readGiven(texts: readonly string[], file: LanguageFile, bench: BenchNames): Given {
  if (texts.length === 0) return new Map();
  try {
    return givenParameters(texts, file, onBench(file, bench), bench);
  } catch (error) {
    if (error instanceof GivenError) throw new UsageError(`--set ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * A line for each value that is given, for the terminal and the record.
 * @throws FileError of a parameter that has no default and that nobody gave
 */
export function givenLines(file: LanguageFile, bench: BenchNames, given: Given): readonly string[] {
  const all = explainParameters(file, onBench(file, bench), given);
  const missing = all.find(parameter => parameter.origin === 'missing');
  if (missing !== undefined)
    throw file.errors.error(
      ['parameters', missing.name],
      `has no default and no value was given, expected --set ${missing.name}=VALUE (in a campaign with: { ${missing.name}: VALUE })`,
    );
  return all.filter(({ origin }) => origin === 'given').map(lineOf);
}

function lineOf({ name, value, unit }: ExplainedParameter): string {
  const values = (Array.isArray(value) ? value : [value]) as readonly number[];
  return `parameter ${name} given: ${values.map(one => quantityText(one, unit)).join(', ')}`;
}
