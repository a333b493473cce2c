import type { Bench } from '../bench.ts';
import type { Objection } from './objection.ts';

/** Words that need no step of a method; the compiler and the follow step write `load` themselves. */
const ALWAYS_THERE = ['always', 'running', 'load'];

/**
 * Interlocks armed under a tag that no step of the method carries: they would never watch anything. `isSlip`: the tag
 * is another one misspelt, for which no lab has a reason.
 */
export function* tagsThatNoStepHas(
  { interlocks }: Bench,
  tags: ReadonlySet<string>,
): Iterable<Objection & { readonly isSlip: boolean }> {
  const known = [...new Set([...ALWAYS_THERE, ...tags])];
  for (const [i, { armed }] of interlocks.entries()) {
    if (known.includes(armed)) continue;
    const near = known.find(tag => isMisspelt(armed, tag));
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    const text = `no step of this method has the tag "${armed}"${hint}, so it would never be armed, expected one of ${known.join(', ')}`;
    const entry = ['interlocks', i];
    const place = [...entry, 'armed'];
    yield { check: 'armed-by-no-step', entry, place, text, isSlip: near !== undefined };
  }
}

/** Whether an interlock's reason may answer this check, which needs a method. */
export function isArmedByTag({ interlocks }: Bench, index: number): boolean {
  return isTag(interlocks[index].armed);
}

/** Whether what arms an interlock is a tag of steps. */
export function isTag(armed: string): boolean {
  return !ALWAYS_THERE.includes(armed);
}

/** One letter (no digit) more, less or other, two neighbours turned round, or other capitals. */
function isMisspelt(word: string, meant: string): boolean {
  const [a, b] = [word.toLowerCase(), meant.toLowerCase()];
  if (a === b) return true;
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  const [restA, restB] = [a.slice(head), b.slice(head)];
  // `cycle-1` and `cycle-2` are two tags.
  if (/^\d/.test(restA) || /^\d/.test(restB)) return false;
  const isTurned =
    restA.length >= 2 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return (
    isTurned || restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)
  );
}
