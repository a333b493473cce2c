import type { Place } from '../../../drivers/contract/explain.ts';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { isRole, numberUnit, stemOf, unitWord } from '../file/keys.ts';
import { isList } from '../file/names-of-file.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { targetsOf } from '../file/rules-of-ways.ts';
import { conversion, converted, unitNamed } from '../units/unit.ts';
import { constantAt, type Known, listAt } from './constants.ts';
import { type OnBench, onBench } from './on-bench.ts';
import type { BenchNames } from './reference.ts';
import { Standing } from './standing.ts';

/**
 * The longest time that a method can take: every step ends by a time or a deadline, every loop is counted. Holds and the
 * time that set values need on the wire come on top.
 */

/** `longest_s` is infinite where a part is not bounded by the file alone; `unbounded` says which parts. */
export interface LongestTime {
  readonly longest_s: number;
  readonly unbounded: readonly string[];
}

type Keys = Readonly<Record<string, unknown>>;

/** What one file is while it is looked at. */
interface Looking {
  readonly file: LanguageFile;
  readonly on: OnBench;
  readonly known: Known;
  readonly standing: Standing;
}

/** `parameters`: what is given for those of the main file. `find`: the path of a procedure by its name. @throws FileError */
export function longestTime(
  files: LanguageFiles,
  bench: BenchNames,
  find: ReadCalled,
  parameters: Readonly<Record<string, number>> = {},
): LongestTime {
  const unbounded: string[] = [];
  const onBenches = new Map<LanguageFile, OnBench>();
  const standing = new Standing();

  const ofFile = (file: LanguageFile, given: ReadonlyMap<string, number>): number => {
    const on = onBenches.get(file) ?? onBench(file, bench);
    onBenches.set(file, on);
    const looking: Looking = { file, on, known: parametersOf(file, on, given), standing };
    const lists = [...file.phases.map(phase => phase.steps), file.finally];
    // A phase may begin from anywhere: the one before it may have been left.
    return lists.reduce((sum, list) => {
      standing.forget();
      return sum + ofList(list, looking);
    }, 0);
  };
  const ofList = (list: readonly StepNode[], looking: Looking): number =>
    list.reduce((sum, step) => sum + ofStep(step, looking), 0);

  const ofStep = (step: StepNode, looking: Looking): number => {
    const own_s = boundOf(step, looking);
    const isBlock = step.blocks.size + step.lanes.length > 0 || step.kind.key === 'call';
    if (isBlock || isGoal(step, looking.file)) standing.forget();
    const inside_s = inner(step, looking);
    if (isBlock) standing.forget();
    const found = Math.min(own_s, inside_s);
    if (step.kind.key === 'ramp' && own_s < inside_s) tooShort(step, looking, inside_s);
    if (found === Number.POSITIVE_INFINITY && !canBeSeenInside(step)) {
      const said = `${looking.file.path}: ${step.kind.key}${step.id === undefined ? '' : ` ${step.id}`}`;
      if (!unbounded.includes(said)) unbounded.push(said);
    }
    return found;
  };
  const inner = (step: StepNode, looking: Looking): number => {
    const { kind, keys, blocks, lanes } = step;
    const steps = blocks.get('steps') ?? [];
    remember(step, looking);
    if (kind.key === 'set' || kind.key === 'let') return 0;
    if (kind.key === 'ramp') return rampOf(step, looking);
    if (kind.key === 'if')
      return Math.max(...['then', 'else'].map(key => ofList(blocks.get(key) ?? [], looking)));
    if (kind.key === 'together') return ofList(lanes[0], looking);
    if (kind.key === 'steps') return ofList(steps, looking);
    if (kind.key === 'repeat') {
      const times = (keys['repeat'] as Keys)['times'];
      const rounds = constantAt([...step.place, 'repeat', 'times'], times, looking.on, looking.known);
      return Number.isNaN(rounds) ? Number.POSITIVE_INFINITY : rounds * ofList(steps, looking);
    }
    if (kind.key === 'each')
      return rounds(step, looking).reduce((sum, known) => sum + ofList(steps, { ...looking, known }), 0);
    if (kind.key === 'call') return called(step, looking);
    return Number.POSITIVE_INFINITY;
  };

  const called = (step: StepNode, looking: Looking): number => {
    const found = find(String(step.keys['call']), looking.file.path);
    const procedure = found === undefined ? undefined : files.procedures.get(found.path);
    if (procedure === undefined) return Number.POSITIVE_INFINITY;
    const given = Object.entries({ ...(step.keys['with'] as Keys | undefined) }).map(([name, raw]) => {
      return [name, constantAt([...step.place, 'with', name], raw, looking.on, looking.known)] as const;
    });
    return ofFile(procedure, new Map(given));
  };

  const longest_s = ofFile(files.main, new Map(Object.entries(parameters)));
  return { longest_s, unbounded };
}

/** A deadline before the end of the ramp always passes; a ramp that ends by `until` or `exits` may be meant so. */
function tooShort({ keys, place }: StepNode, { file }: Looking, takes_s: number): void {
  const key = Object.keys(keys).find(k => stemOf(k) === 'within');
  if (key === undefined || takes_s === Number.POSITIVE_INFINITY || 'until' in keys || 'exits' in keys) return;
  const needed = Number((takes_s / secondsOf(key)).toPrecision(4));
  throw file.errors.valueError(
    [...place, key],
    `is shorter than the ramp, which takes ${needed} ${unitWord(key)}`,
  );
}

/** Some step goes to it: what lies between may not have been done. */
function isGoal({ id }: StepNode, file: LanguageFile): boolean {
  if (id === undefined) return false;
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  return steps.some(step => targetsOf(step).some(([, target]) => target === `goto ${id}`));
}

/** A block is bounded by what is inside: that says what is not. */
function canBeSeenInside({ blocks, lanes }: StepNode): boolean {
  return blocks.size + lanes.length > 0;
}

/** What `for_` and `within_` allow, s; both only with a gate: then the deadline. */
function boundOf({ keys, place }: StepNode, { on, known }: Looking): number {
  const times = ['within', 'for'].flatMap(stem => Object.keys(keys).filter(key => stemOf(key) === stem));
  if (times.length === 0) return Number.POSITIVE_INFINITY;
  const [key] = times;
  const value = constantAt([...place, key], keys[key], on, known);
  const bound_s = value * secondsOf(key);
  return Number.isNaN(bound_s) ? Number.POSITIVE_INFINITY : bound_s;
}

/** Remembers where set values stand after a step that sets them; takes no time of its own. */
function remember({ kind, keys, place }: StepNode, { on, known, standing }: Looking): void {
  const own = keys[kind.key] as Keys;
  if (kind.key === 'rest') standing.off();
  else if (kind.key === 'set' || kind.key === 'cc') {
    for (const [name, raw] of Object.entries(own)) {
      if (stemOf(name) === 'per') continue;
      const value = constantAt([...place, kind.key, name], raw, on, known);
      standing.set(name, [value, value]);
    }
  } else if (kind.isElectrical === true && kind.key !== 'eis') {
    standing.forgetOutput();
    for (const role of Object.keys(own ?? {}).filter(isRole)) standing.set(role, [Number.NaN, Number.NaN]);
  }
}

/** From where it stands, at the most; infinite where nobody knows. */
function rampOf({ keys, place }: StepNode, { on, known, standing }: Looking): number {
  const own = keys['ramp'] as Keys;
  const value = (key: string): number => constantAt([...place, 'ramp', key], own[key], on, known);
  const find = (...stems: readonly string[]): string =>
    Object.keys(own).find(key => stems.includes(stemOf(key) ?? '')) ?? '';
  const target = Object.keys(own).find(isRole) ?? find('current', 'voltage', 'power');
  const from = standing.of(target);
  const to = value(target);
  const isCut = ['until', 'exits', 'gate', 'otherwise'].some(key => key in keys);
  const way = from === undefined ? Number.NaN : Math.max(Math.abs(to - from[0]), Math.abs(to - from[1]));
  const ends = isCut ? (from ?? [Number.NaN, Number.NaN]) : [to, to];
  standing.set(target, [Math.min(to, ...ends), Math.max(to, ...ends)]);
  let time_s =
    find('in') === ''
      ? (way / value(find('per'))) * secondsOf(find('per'))
      : value(find('in')) * secondsOf(find('in'));
  if (own['pause_every'] !== undefined) {
    const pauses = Math.max(0, Math.ceil(way / value('pause_every') - 1e-9) - 1);
    time_s += pauses * value(find('pause')) * secondsOf(find('pause'));
  }
  return Number.isNaN(time_s) ? Number.POSITIVE_INFINITY : time_s;
}

/** Seconds in one of the unit of a key. */
function secondsOf(key: string): number {
  const [unit, second] = [numberUnit(key), unitNamed('s')];
  return unit === undefined || second === undefined ? Number.NaN : converted(1, conversion(unit, second));
}

/** Of each round of `each`, what is known in it; one unknown list makes the number of rounds unknown. */
function rounds(step: StepNode, { on, known, file }: Looking): readonly Known[] {
  const lists = Object.entries(step.keys['each'] as Keys).map(([name, raw]) => {
    return [name, listAt([...step.place, 'each', name], raw, on, known)] as const;
  });
  for (const [name, list] of lists) {
    if (list === undefined)
      throw file.errors.error(
        [...step.place, 'each', name],
        'the list is not known before the run, expected one that is',
      );
  }
  const length = lists[0][1]?.length ?? 0;
  for (const [name, list] of lists) {
    if (list?.length !== length)
      throw file.errors.error(
        [...step.place, 'each', name],
        `${list?.length} values, but ${lists[0][0]} has ${length}: lists go in step`,
      );
  }
  return Array.from({ length }, (_, i) => {
    const values = lists.map(([name, list]) => [name, list?.[i] ?? Number.NaN] as const);
    return { ...known, values: new Map([...known.values, ...values]) };
  });
}

/** Parameters as given, or their defaults. */
function parametersOf(file: LanguageFile, on: OnBench, given: ReadonlyMap<string, number>): Known {
  const values = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  const assigned = new Set(
    topLists(file).flatMap(list =>
      [...allSteps(list)].flatMap(step =>
        Object.keys(step.kind.key === 'let' ? (step.keys['let'] ?? {}) : {}),
      ),
    ),
  );
  for (const [name, raw] of Object.entries({ ...(file.head['parameters'] as Keys | undefined) })) {
    // What a step changes is known only in the run.
    if (assigned.has(name)) continue;
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    const at: Place = isBlock ? ['parameters', name, 'default'] : ['parameters', name];
    const value = isBlock ? (raw as Keys)['default'] : raw;
    if (isList(raw)) lists.set(name, listAt(at, value, on, { values, lists }) ?? []);
    else values.set(name, given.get(name) ?? constantAt(at, value, on, { values, lists }));
  }
  return { values, lists };
}
