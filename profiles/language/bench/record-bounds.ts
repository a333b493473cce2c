import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { stemOf } from '../file/keys.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { constantAt, type Known } from './constants.ts';
import type { OnBench } from './on-bench.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { secondsOf } from './times.ts';

/** How much the record rules of a method leave out at the most, known before its run: the record says so of itself. */
export interface RecordBounds {
  /** The longest time between two rows that are kept, s; 0: nothing is thinned. */
  readonly every_s: number;
  /** By role: the farthest that it moves between two such rows, where every rule that names it is taken. */
  readonly change: Readonly<Record<string, number>>;
  /** So long before a step rows are wanted, s: readings are held back for it. */
  readonly before_s: number;
}

/** The longest that readings are held back, waiting for a step, s. */
export const LONGEST_BEFORE_S = 3600;

type Keys = Readonly<Record<string, unknown>>;

/** A rule that asks for rows oftener than anything is read. */
export interface FasterRule {
  /** `rate.yaml steps[1]` */
  readonly place: string;
  readonly every_s: number;
}

/** The rules of a plan that ask for rows oftener than each `poll_s`, once each. */
export function fasterRules(plan: Plan, poll_s: number): readonly FasterRule[] {
  const found = new Map<string, FasterRule>();
  eachRule(plan, (keys, at, file, on, known) => {
    const { every_s } = boundsOf(keys, at, file, on, known);
    const place = `${file.path} ${dotted(at.slice(0, -1))}`.trimEnd();
    if (every_s > 0 && every_s < poll_s * (1 - 1e-9)) found.set(place, { place, every_s });
  });
  return [...found.values()];
}

/** Undefined: the method has no such rule. @throws LanguageError of a figure that is known only in the run */
export function recordBounds(plan: Plan): RecordBounds | undefined {
  const found: RecordBounds[] = [];
  eachRule(plan, (keys, at, file, on, known) => found.push(boundsOf(keys, at, file, on, known)));
  if (found.length === 0) return undefined;
  const change: Record<string, number> = {};
  for (const one of found)
    for (const [role, by] of Object.entries(one.change)) change[role] = Math.max(by, change[role] ?? 0);
  return {
    every_s: Math.max(...found.map(one => one.every_s)),
    before_s: Math.max(...found.map(one => one.before_s)),
    change,
  };
}

type Rule = readonly [keys: Keys, place: Place, file: LanguageFile, on: OnBench, known: Known];

/** Goes through every rule of a plan, each time that it is in force. */
function eachRule({ head, phases, finally: last }: Plan, see: (...rule: Rule) => void): void {
  const take = (keys: Keys, place: Place, file: LanguageFile, on: OnBench, known: Known): void => {
    const record = keys['record'];
    if (typeof record === 'object' && record !== null)
      see(record as Keys, [...place, 'record'], file, on, known);
  };
  const takeFile = (file: LanguageFile, on: OnBench, known: Known): void => {
    take(file.head, [], file, on, known);
    for (const { place, record } of file.phases) take({ record }, place, file, on, known);
  };
  const takeStep = ({ step, file, on, visits, inside }: PlannedStep): void => {
    for (const { known } of visits) take(step.keys, step.place, file, on, known);
    for (const list of inside) {
      const [first] = list.steps;
      if (first !== undefined && first.file !== file)
        for (const { known } of first.visits) takeFile(first.file, first.on, known);
      list.steps.forEach(takeStep);
    }
  };
  for (const { known } of head.visits) takeFile(head.file, head.on, known);
  for (const { steps, reentry } of phases) [...steps, ...reentry].forEach(takeStep);
  last.forEach(takeStep);
}

function boundsOf(own: Keys, at: Place, file: LanguageFile, on: OnBench, known: Known): RecordBounds {
  const value = (place: Place, raw: unknown): number => {
    const found = constantAt(place, raw, on, known);
    if (Number.isFinite(found)) return found;
    throw file.errors.valueError(
      place,
      'is known only in the run, expected a number, or parameters with a value',
    );
  };
  const seconds = (stem: string): number => {
    const key = Object.keys(own).find(k => stemOf(k) === stem);
    return key === undefined ? 0 : value([...at, key], own[key]) * secondsOf(key);
  };
  const before_s = seconds('before');
  if (before_s > LONGEST_BEFORE_S) {
    const key = Object.keys(own).find(k => stemOf(k) === 'before') ?? 'before';
    throw file.errors.valueError([...at, key], `is ${before_s} s, expected ${LONGEST_BEFORE_S} s at most`);
  }
  seconds('after');
  const change = Object.entries({ ...(own['change'] as Keys | undefined) }).flatMap(([name, raw]) => {
    const target = on.changes.get(name);
    if (target === undefined) return [];
    return [[target.role, (value([...at, 'change', name], raw) * target.to.num) / target.to.den] as const];
  });
  return { every_s: seconds('every'), before_s, change: Object.fromEntries(change) };
}
