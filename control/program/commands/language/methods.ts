import { z } from 'zod';
import { unitWord } from '../../../../profiles/language/file/keys.ts';
import { readLanguageText } from '../../../../profiles/language/file/read-file.ts';
import { builtInNames, builtInText } from '../../../../profiles/language/methods/built-in.ts';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { readOptions } from '../../options.ts';

const schema = z.strictObject({ json: z.boolean().default(false), help: z.boolean().default(false) });

/** What a parameter of a built-in method is; `unit` is that of its name, limits and default as its file states them. */
export interface ListedParameter {
  readonly name: string;
  readonly unit: string;
  readonly default?: unknown;
  readonly min?: unknown;
  readonly max?: unknown;
  readonly doc?: unknown;
}

/** A built-in method as it is listed. */
export interface ListedMethod {
  readonly method: string;
  readonly doc: string;
  readonly parameters: readonly ListedParameter[];
  readonly figures: readonly { readonly id: string; readonly unit: string; readonly doc: string }[];
}

/** The parameters of a method, of the head of its file. */
export function listedParameters(head: Readonly<Record<string, unknown>>): readonly ListedParameter[] {
  const parameters = { ...(head['parameters'] as Readonly<Record<string, unknown>> | undefined) };
  return Object.entries(parameters).map(([name, raw]): ListedParameter => {
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    return { name, unit: unitWord(name), ...(isBlock ? raw : { default: raw }) };
  });
}

/** All built-in methods with parameters and figures, sorted by name. */
export function listedMethods(): readonly ListedMethod[] {
  return builtInNames().map(method => {
    const { head } = readLanguageText(`${method}.yaml`, builtInText(method) ?? '');
    const parameters = listedParameters(head);
    const figures = Object.hasOwn(EVALUATIONS, method) ? EVALUATIONS[method].figures : [];
    return { method, doc: String(head['doc'] ?? ''), parameters, figures };
  });
}

/** `cellbench methods`: the built-in methods with their parameters and figures. Returns the exit code. */
export async function methodsCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    words: [],
    help: 'cellbench methods --help',
  });
  const methods = listedMethods();
  console.log(options.json ? JSON.stringify({ methods }, undefined, 2) : methods.map(textOf).join('\n\n'));
  return 0;
}

function textOf({ method, doc, parameters, figures }: ListedMethod): string {
  const range = (p: ListedParameter): string =>
    [p.min === undefined ? '' : `at least ${p.min}`, p.max === undefined ? '' : `at most ${p.max}`]
      .filter(part => part !== '')
      .join(', ');
  const value = (p: ListedParameter): string =>
    p.default === undefined ? 'must be given' : JSON.stringify(p.default).replaceAll('"', '');
  return [
    `${method}: ${doc}`,
    ...parameters.map(p => {
      const limits = range(p);
      return `  ${p.name} = ${value(p)}${limits === '' ? '' : ` (${limits})`}: ${p.doc ?? ''}`;
    }),
    ...figures.map(({ id, unit, doc: what }) => `  gives ${id} (${unit}): ${what}`),
  ].join('\n');
}
