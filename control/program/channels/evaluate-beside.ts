import { startThread } from '../../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { EndedRun } from '../result/ended-run.ts';
import type { Evaluated } from '../result/evaluate.ts';

/** As `evaluated`, in a thread of its own. */
export function evaluateBeside(ended: EndedRun): Promise<Evaluated> {
  return new Promise((resolve, reject) => {
    const worker = startThread(siblingUrl(import.meta.url, './evaluate-thread'), {
      workerData: withoutCode(ended),
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.once('message', (made: Evaluated) => resolve(made));
    worker.once('error', reject);
    worker.once('exit', code => reject(new Error(`the evaluation has ended (exit code ${code})`)));
  });
}

/**
 * The same without its functions, which no other thread can be given: a method that follows a series has one for it. A run is
 * evaluated from its record alone, which needs none of them. What was one object twice is so again.
 */
export function withoutCode<T>(value: T): T {
  return copied(value, new Map()) as T;
}

function copied(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  if (Array.isArray(value)) {
    const made: unknown[] = [];
    known.set(value, made);
    for (const one of value) made.push(copied(one, known));
    return made;
  }
  if (value instanceof Map) {
    const made = new Map<unknown, unknown>();
    known.set(value, made);
    for (const [key, one] of value) made.set(copied(key, known), copied(one, known));
    return made;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Arrays of numbers, sets and the like hold no functions of ours.
  if (prototype !== Object.prototype && prototype !== null) return value;
  const made: Record<string, unknown> = {};
  known.set(value, made);
  for (const [key, one] of Object.entries(value))
    if (typeof one !== 'function') made[key] = copied(one, known);
  return made;
}
