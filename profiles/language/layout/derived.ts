import type { OnBench, ResolvedExpression } from '../bench/on-bench.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { ownName } from './own-names.ts';
import { conditionAt } from './values.ts';

/** A role that a file works out of others; JSON. */
export interface DerivedRole {
  /** As its file calls it, behind its path. */
  readonly name: string;
  /** As it is recorded: `method.rise_mV`, of a procedure `oneCycle.rise_mV`; a name in parts as it is. */
  readonly role: string;
  readonly expression: ResolvedExpression;
}

/** What a file derives, in its order: a later one may be worked out of an earlier one. */
export function derivedOf({ path, kind, name: title, head }: LanguageFile, on: OnBench): DerivedRole[] {
  const prefix = kind === 'method' ? 'method' : oneWord(title);
  return Object.keys({ ...(head['derived'] as object | undefined) }).flatMap(name => {
    const expression = conditionAt(['derived', name], on);
    if (expression === undefined) return [];
    return { name: ownName(path, name), role: name.includes('.') ? name : `${prefix}.${name}`, expression };
  });
}

/** `one-cycle` as the first part of a role: `oneCycle`. */
function oneWord(title: string): string {
  const parts = title.split(/[^A-Za-z0-9]+/).filter(part => part !== '');
  const [first = 'procedure', ...rest] = parts;
  const lower = first.charAt(0).toLowerCase() + first.slice(1);
  return [lower, ...rest.map(part => part.charAt(0).toUpperCase() + part.slice(1))].join('');
}
