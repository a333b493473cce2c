import type { Plan, PlannedStep } from '../bench/plan.ts';
import type { BenchNames } from '../bench/reference.ts';
import type { Given } from '../bench/rounds.ts';
import { columnKeys } from '../file/data-entry.ts';
import { figuresOfBench } from './figures.ts';
import { type ExplainedParameter, explainParameters } from './given.ts';
import { conditionWords } from './spoken.ts';
import { type ExplainedStep, type ExplainedWay, explainSteps, recordText, waysIn } from './step.ts';
import { type ExplainedTimes, totalText } from './times.ts';

/** A whole method in plain words, for people and programs. */

/** A data file of the method with what it is. */
export interface ExplainedData {
  readonly name: string;
  /** undefined: the wind is made, or its file is named at the start. */
  readonly file?: string;
  /** undefined: it is not there. */
  readonly sha256?: string;
  readonly bytes?: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** A phase; its name is empty where the file has none. */
export interface ExplainedPhase {
  readonly name: string;
  readonly limits: readonly ExplainedWay[];
  readonly record?: string;
  readonly steps: readonly ExplainedStep[];
  /** Before it goes on after a cut. */
  readonly reentry: readonly ExplainedStep[];
}

/** A method on a bench, with given parameters. */
export interface ExplainedMethod {
  readonly method: string;
  readonly kind: 'method' | 'procedure';
  readonly file: string;
  readonly doc?: string;
  readonly parameters: readonly ExplainedParameter[];
  /** Figures that the method takes from the bench file. */
  readonly figures: Readonly<Record<string, number>>;
  readonly data: readonly ExplainedData[];
  /** Derived roles with what they are. */
  readonly derived: Readonly<Record<string, string>>;
  readonly limits: readonly ExplainedWay[];
  readonly record?: string;
  /** Built-in methods in it whose rows no rule around them thins: their figures need them. */
  readonly keptWhole: readonly string[];
  readonly phases: readonly ExplainedPhase[];
  readonly finally: readonly ExplainedStep[];
  readonly returns: Readonly<Record<string, string>>;
  readonly reads: readonly string[];
  readonly sets: readonly string[];
  readonly expected: {
    readonly known_s: number;
    readonly likely_s: number;
    readonly by: ExplainedTimes['by'];
  };
  /** null: not bounded by the file. */
  readonly longest_s: number | null;
  readonly total: string;
  readonly unbounded: readonly string[];
}

type Keys = Readonly<Record<string, unknown>>;

/** Finds a data file by its name in the method, and says what it is. */
export type LookAtData = (file: string) => { readonly sha256: string; readonly bytes: number } | undefined;

/** A plan in words. `given`: the parameters that it was made with. */
export function explainMethod(
  plan: Plan,
  bench: BenchNames,
  given: Given,
  look: LookAtData,
  needsRows: (method: string) => boolean = () => false,
): ExplainedMethod {
  const { head } = plan;
  const { file, on } = head;
  const keys = file.head;
  const block = (key: string): Keys => ({ ...(keys[key] as Keys | undefined) });
  const words = (key: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(block(key)).map(([name, raw]) => [name, conditionWords(head, [key, name], raw)]),
    );
  const record = recordText(head, keys, []);
  const hasPhases = plan.phases.some(phase => phase.name !== '');
  const all = topSteps(plan);
  const roles = (of: 'reads' | 'settings'): readonly string[] =>
    [...new Set(everyOne(all).flatMap(step => step.on[of]))].sort();
  return {
    method: file.name,
    kind: file.kind,
    file: file.path,
    ...(typeof keys['doc'] === 'string' ? { doc: keys['doc'] } : {}),
    parameters: explainParameters(file, on, given),
    figures: figuresOfBench(everyOne(all), head, bench),
    data: Object.entries(block('data')).map(([name, entry]) => explainData(name, entry as Keys, look)),
    derived: words('derived'),
    limits: waysIn(head, keys['limits'], ['limits']),
    ...(record === undefined ? {} : { record }),
    keptWhole: keptWhole(plan, needsRows),
    phases: plan.phases.map(({ name, steps, reentry }, i) => {
      const at = ['phases', i];
      const phase = hasPhases ? (keys['phases'] as readonly Keys[])[i] : {};
      const own = recordText(head, phase, at);
      return {
        name,
        limits: waysIn(head, phase['limits'], [...at, 'limits']),
        ...(own === undefined ? {} : { record: own }),
        steps: explainSteps(steps, hasPhases ? `${i + 1}.` : ''),
        reentry: explainSteps(reentry, `R${i + 1}.`),
      };
    }),
    finally: explainSteps(plan.finally, 'F'),
    returns: words('returns'),
    reads: roles('reads'),
    sets: roles('settings'),
    expected: plan.expected,
    longest_s: Number.isFinite(plan.longest_s) ? plan.longest_s : null,
    total: totalText(plan.expected, plan.longest_s),
    unbounded: plan.unbounded,
  };
}

/** Methods in it whose figures need their rows, where anything of the method thins them. */
function keptWhole(plan: Plan, needsRows: (method: string) => boolean): readonly string[] {
  const all = everyOne(topSteps(plan));
  const rules = [plan.head.file.head['record'], ...plan.head.file.phases.map(({ record }) => record)];
  if ([...rules, ...all.map(({ step }) => step.keys['record'])].every(rule => rule === undefined)) return [];
  const named = all.flatMap(({ step }) => [step.keys['evaluate'], step.keys['call']]);
  return [...new Set(named.filter(name => typeof name === 'string'))].filter(needsRows).sort();
}

/** The steps of all phases, their re-entries and `finally`. */
export function topSteps(plan: Plan): readonly PlannedStep[] {
  return [...plan.phases.flatMap(phase => [...phase.steps, ...phase.reentry]), ...plan.finally];
}

/** Every step with those inside. */
export function everyOne(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.flatMap(step => [step, ...everyOne(step.inside.flatMap(list => list.steps))]);
}

function explainData(name: string, entry: Keys, look: LookAtData): ExplainedData {
  const columns = columnKeys(entry).map(key => [key, String(entry[key])] as const);
  const file = entry['file'];
  return {
    name,
    ...(typeof file === 'string' ? { file, ...look(file) } : {}),
    columns: Object.fromEntries(columns),
  };
}
