import { parse } from 'yaml';
import type { LabMethod } from '../../../dashboards/door/lab.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { EVALUATIONS } from '../../../profiles/language/methods/index.ts';
import { splitName } from '../../../profiles/language/units/names.ts';
import { unitsLike } from '../../../profiles/language/units/unit.ts';
import { listedParameters } from '../commands/language/methods.ts';

/** What a person fills in before a method is carried out, and which figures it gives. */

type Parameter = LabMethod['parameters'][number];
type Head = Readonly<Record<string, unknown>>;

/** Name and head of a method file that is right. @throws FileError */
export function headOf(name: string, text: string): { readonly name: string; readonly head: Head } {
  const { name: own, head } = readLanguageText(`${name}.yaml`, text);
  return { name: own, head };
}

/** Parameters and figures; none of a text that cannot be read. */
export function formOf(
  name: string,
  text: string,
  isBuiltIn: boolean,
): Pick<LabMethod, 'parameters' | 'figures'> {
  const head = readable(text);
  if (head === undefined) return { parameters: [], figures: [] };
  const returned = Object.keys(blockOf(head['returns']));
  const own = isBuiltIn && Object.hasOwn(EVALUATIONS, name) ? EVALUATIONS[name].figures : [];
  const figures = [...new Set([...own.map(({ id }) => id), ...returned])];
  const parameters = { parameters: blockOf(head['parameters']) };
  return { parameters: listedParameters(parameters).map(fieldOf), figures };
}

function readable(text: string): Head | undefined {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    return typeof value === 'object' && value !== null ? (value as Head) : undefined;
  } catch {
    return undefined;
  }
}

function blockOf(value: unknown): Head {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Head) : {};
}

function fieldOf(listed: ReturnType<typeof listedParameters>[number]): Parameter {
  const { name, default: given, doc } = listed;
  const unit = splitName(name)?.unit;
  const kind =
    unit === 'on'
      ? 'choice'
      : Array.isArray(given)
        ? 'list'
        : unit === undefined || typeof unit === 'string'
          ? 'text'
          : 'number';
  return {
    name,
    unit: typeof listed.unit === 'string' ? listed.unit : '',
    units: typeof unit === 'object' ? [...new Set([unit.text, ...unitsLike(unit)])] : [],
    kind,
    default: defaultOf(given),
    min: numberOf(listed.min),
    max: numberOf(listed.max),
    choices: kind === 'choice' ? ['on', 'off'] : [],
    doc: typeof doc === 'string' ? doc : '',
  };
}

/** As it is written: `1/3` stays `1/3`. */
function defaultOf(given: unknown): Parameter['default'] {
  if (typeof given === 'number' || typeof given === 'string') return given;
  if (typeof given === 'boolean') return given ? 'on' : 'off';
  if (!Array.isArray(given)) return null;
  return given.every(one => typeof one === 'number') ? given : given.map(String).join(', ');
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
