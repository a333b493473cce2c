import { dotted } from '../../../drivers/contract/explain.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { constantAt, valueIn } from '../../../profiles/language/bench/constants.ts';
import type { ResolvedExpression, SetTarget } from '../../../profiles/language/bench/on-bench.ts';
import type { Plan, PlannedStep, Visit } from '../../../profiles/language/bench/plan.ts';
import { secondsOf } from '../../../profiles/language/bench/times.ts';
import type { MethodData, OwnData } from '../../../profiles/language/data/method-data.ts';
import { Evaluator } from '../../../profiles/language/evaluate/evaluator.ts';
import { topSteps } from '../../../profiles/language/explain/method.ts';
import { hangsOnTime } from '../../../profiles/language/expression/tree.ts';
import { isRole, stemOf } from '../../../profiles/language/file/keys.ts';
import { ownName } from '../../../profiles/language/layout/own-names.ts';
import { converted } from '../../../profiles/language/units/unit.ts';
import type { LoadedBench } from '../bench-file.ts';
import { isBeyondGate } from '../limits-of-method.ts';

/**
 * Rows of a data file that a step follows are known before the run, as set values are: each must be one that the bench lets
 * through. A step that may end before by `until`, `exits` or a block around it is told of, not refused.
 * @throws LanguageError with the key that is followed, the file, its line and value
 */
export function checkFollowed(plan: Plan, data: MethodData, loaded: LoadedBench): readonly string[] {
  return topSteps(plan).flatMap(step => checkStep(step, data, loaded, undefined, false));
}

/** `call`: the step of the method that leads here; `mayEnd`: something around it may end it. Returns what is told. */
function checkStep(
  planned: PlannedStep,
  data: MethodData,
  loaded: LoadedBench,
  call: PlannedStep | undefined,
  mayEnd: boolean,
): readonly string[] {
  const { step, file } = planned;
  const isEnded = mayEnd || 'until' in step.keys || 'exits' in step.keys;
  const told: string[] = [];
  const wrong = step.kind.key === 'follow' ? beyondIn(planned, data, loaded) : undefined;
  if (wrong !== undefined && isEnded) told.push(`WARNING: ${wrong.text}, should the step come so far`);
  else if (wrong !== undefined && call === undefined) throw file.errors.valueError(wrong.place, wrong.text);
  else if (wrong !== undefined)
    throw call?.file.errors.error(
      [...call.step.place, 'call'],
      `${String(call.step.keys['call'])}: ${wrong.text}`,
    );
  const outer = step.kind.key === 'call' ? (call ?? planned) : call;
  for (const { steps } of planned.inside)
    for (const inner of steps) told.push(...checkStep(inner, data, loaded, outer, isEnded));
  return told;
}

interface Beyond {
  readonly place: PlannedStep['step']['place'];
  readonly text: string;
}

/** The first row beyond what the bench lets through; undefined: none, or what is followed is known in the run only. */
function beyondIn(planned: PlannedStep, data: MethodData, { bench, path }: LoadedBench): Beyond | undefined {
  const { step, on, visits, file } = planned;
  const own = step.keys['follow'] as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(own)) {
    const place = [...step.place, 'follow', key];
    const [target, expression] = [on.sets.get(dotted(place)), on.expressions.get(dotted(place))];
    const limit = bench.limits[target?.role ?? ''];
    if (target === undefined || target.byCurrent !== undefined || limit === undefined) continue;
    const entry = expression === undefined ? undefined : entryOf(expression, file.path, data);
    if (expression === undefined || entry?.rows === undefined) continue;
    for (const visit of visits) {
      const follows = followedBy(planned, target, expression, data, visit);
      const { time_s, line } = entry.rows;
      const most_s = lastsFor_s(planned, visit);
      for (let i = 0; i < time_s.length && time_s[i] < most_s; i++) {
        if (time_s[i] < 0) continue;
        const value = follows(time_s[i]);
        if (!isBeyondGate(value, limit)) continue;
        const unit = unitOf(target.role) ?? '';
        const text = `${entry.path ?? ''}:${line[i]} sets ${target.role} to ${Number(value.toPrecision(6))} ${unit} at ${Number(time_s[i].toFixed(3))} s, expected ${limit.min}..${limit.max} ${unit} (limits of ${path})`;
        return { place, text };
      }
    }
  }
  return undefined;
}

/** The one data file of an expression; undefined: none, or one that does not hang on its rows alone. */
function entryOf({ tree, slots }: ResolvedExpression, path: string, data: MethodData): OwnData | undefined {
  const names = [...new Set(slots.flatMap(slot => (slot.from === 'data' ? [slot.data] : [])))];
  if (names.length !== 1 || hangsOnTime(tree)) return undefined;
  return data.files.get(ownName(path, names[0]));
}

/** What is asked of the role at s seconds of the data: cut at `max_`, nothing below `min_`; NaN: known in the run only. */
function followedBy(
  { step, file, on }: PlannedStep,
  target: SetTarget,
  { tree, slots }: ResolvedExpression,
  data: MethodData,
  { known }: Visit,
): (at_s: number) => number {
  const own = step.keys['follow'] as Readonly<Record<string, unknown>>;
  const bound = (stem: string): number => {
    const key = Object.keys(own).find(name => !isRole(name) && stemOf(name) === stem);
    const at = [...step.place, 'follow', key ?? ''];
    const to = on.sets.get(dotted(at))?.to;
    return key === undefined || to === undefined
      ? Number.NaN
      : converted(constantAt(at, own[key], on, known), to);
  };
  const [least, most] = [bound('min'), bound('max')];
  const columns = slots.map(slot =>
    slot.from === 'data' ? data.column(ownName(file.path, slot.data), slot.column) : undefined,
  );
  const row = Float64Array.from(slots, slot => valueIn(slot, known));
  const evaluator = new Evaluator(
    tree,
    slots.map((_, first) => ({ first, count: 1 })),
  );
  const now = Float64Array.of(0);
  return at_s => {
    slots.forEach((slot, i) => {
      const value = columns[i]?.(at_s);
      if (slot.from === 'data') row[i] = converted(value ?? Number.NaN, slot.to);
    });
    evaluator.run(row, now);
    const value = converted(evaluator.result, target.to);
    if (value < least) return 0;
    return value > most ? most : value;
  };
}

/** How long the step lasts at the most, s; Infinity: as long as its data. */
function lastsFor_s({ step, on }: PlannedStep, { known }: Visit): number {
  const key = Object.keys(step.keys).find(name => stemOf(name) === 'for');
  const lasts_s =
    key === undefined
      ? Infinity
      : constantAt([...step.place, key], step.keys[key], on, known) * secondsOf(key);
  return Number.isNaN(lasts_s) ? Infinity : lasts_s;
}
