import type { OnBench, ResolvedExpression } from '../bench/on-bench.ts';
import type { Reference } from '../bench/reference.ts';

/**
 * Two files may give themselves the same names: in a program each own name, id and data file stands behind the file that
 * it belongs to.
 */

/** A name of a file as a program holds it: `rate.yaml#rate_C`. */
export function ownName(path: string, name: string): string {
  return `${path}#${name}`;
}

/** The file on its bench, with every name of its own behind its path. */
export function withOwnNames(on: OnBench, path: string): OnBench {
  const expressions = [...on.expressions].map(
    ([key, { tree, slots, text }]): [string, ResolvedExpression] => [
      key,
      { tree, slots: slots.map(slot => owned(slot, path)), text },
    ],
  );
  return { ...on, expressions: new Map(expressions) };
}

function owned(slot: Reference, path: string): Reference {
  if (slot.from === 'own name') return { ...slot, name: ownName(path, slot.name) };
  if (slot.from === 'step') return { ...slot, id: ownName(path, slot.id) };
  if (slot.from === 'data') return { ...slot, data: ownName(path, slot.data) };
  return slot;
}
