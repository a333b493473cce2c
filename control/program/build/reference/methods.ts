import { readLanguageText } from '../../../../profiles/language/file/read-file.ts';
import { builtInNames, builtInText } from '../../../../profiles/language/methods/built-in.ts';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of the built-in methods: parameters, what each returns, its figures. */

type Keys = Readonly<Record<string, unknown>>;

/** The page. */
export function methodsPage(): string {
  return [
    '# Reference: built-in methods',
    `They are called by their name: ${code('{ call: capacity-check, with: { rate_C: 1/2 } }')}. Each is a file of the language that can be read, copied and changed; ${code('npx cellbench explain NAME --bench BENCH')} says it in plain words.`,
    ...builtInNames().map(methodText),
  ].join('\n\n');
}

function methodText(name: string): string {
  const { head } = readLanguageText(`${name}.yaml`, builtInText(name) ?? '');
  const parameters = Object.entries({ ...(head['parameters'] as Keys | undefined) }).map(([own, raw]) => {
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    const block: Keys = isBlock ? (raw as Keys) : { default: raw };
    const shown = (key: string): string => (block[key] === undefined ? '' : shownValue(block[key]));
    const value = block['default'] === undefined ? 'must be given' : shown('default');
    return [code(own), value, shown('min'), shown('max'), shown('doc')];
  });
  const figures = Object.hasOwn(EVALUATIONS, name) ? EVALUATIONS[name].figures : [];
  const returns = Object.entries({ ...(head['returns'] as Keys | undefined) });
  const parts = [`## ${name}`, typeof head['doc'] === 'string' ? head['doc'] : ''];
  if (parameters.length > 0)
    parts.push(markdownTable(['parameter', 'default', 'least', 'most', 'what'], parameters));
  if (figures.length > 0)
    parts.push(
      markdownTable(
        ['figure', 'unit', 'what'],
        figures.map(({ id, unit, doc }) => [code(id), unit, doc]),
      ),
    );
  if (returns.length > 0)
    parts.push(`Returns ${returns.map(([own, raw]) => `${code(own)} (${code(String(raw))})`).join(', ')}.`);
  return parts.filter(part => part !== '').join('\n\n');
}

function shownValue(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}
