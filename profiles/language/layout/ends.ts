import type { Place } from '../../../drivers/contract/explain.ts';
import type { OnBench } from '../bench/on-bench.ts';
import type { StepNode } from '../file/nodes.ts';
import type { Ends, Goal } from './instruction.ts';
import { conditionAt, secondsOf } from './values.ts';

/** How a step or block may end, and where its targets lead to. */

/** An instruction that is not there yet: its number is known at the end. */
export interface Mark {
  at: number;
}

/** Where targets of a step lead to. */
export interface Around {
  /** Behind the innermost loop or group. */
  readonly leave: Mark | undefined;
  readonly nextPhase: Mark;
  readonly finish: Mark;
  readonly ids: ReadonlyMap<string, Mark>;
}

/** A list of steps that no block is around. */
export function within(nextPhase: Mark, finish: Mark = nextPhase): Around {
  return { leave: undefined, nextPhase, finish, ids: new Map() };
}

/** To be filled in while a program is laid out. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** What is done when all numbers are known. */
export type Patches = (() => void)[];

/** Sets a goal when all numbers are known. */
export function setGoal(
  target: unknown,
  next: Mark,
  around: Around,
  patches: Patches,
  set: (to: Goal) => void,
): void {
  const text = typeof target === 'string' ? target : 'stop';
  if (text === 'stop' || text === 'trip') {
    set(text);
    return;
  }
  const marks: Readonly<Record<string, Mark | undefined>> = {
    next,
    leave: around.leave,
    'next-phase': around.nextPhase,
    finish: around.finish,
  };
  const mark = text.startsWith('goto ') ? around.ids.get(text.slice('goto '.length)) : marks[text];
  patches.push(() => set(mark?.at ?? 'stop'));
}

/** Until, exits, gate, time and deadline of a step. */
export function endsOf(step: StepNode, on: OnBench, next: Mark, around: Around, patches: Patches): Ends {
  const at = (key: string): Place => [...step.place, key];
  const [until, gate] = ['until', 'gate'].map(key => conditionAt(at(key), on));
  const [for_s, within_s] = ['for', 'within'].map(stem => secondsOf(step.keys, step.place, stem, on));
  const written = Array.isArray(step.keys['exits'])
    ? (step.keys['exits'] as readonly Readonly<Record<string, unknown>>[])
    : [];
  const exits = written.flatMap((exit, i) => {
    const when = conditionAt([...at('exits'), i, 'when'], on);
    if (when === undefined) return [];
    const leads = exit['then'] === 'finish' ? { isFinish: true as const } : {};
    const found: { when: typeof when; to: Goal; isFinish?: true } = { when, to: 'stop', ...leads };
    setGoal(exit['then'], next, around, patches, to => {
      found.to = to;
    });
    return [found];
  });
  const ends: Mutable<Ends> = {
    exits,
    otherwise: 'stop',
    ...(step.keys['otherwise'] === 'finish' ? { otherwiseIsFinish: true as const } : {}),
    ...(until === undefined ? {} : { until }),
    ...(gate === undefined ? {} : { gate }),
    ...(for_s === undefined ? {} : { for_s }),
    ...(within_s === undefined ? {} : { within_s }),
  };
  setGoal(step.keys['otherwise'], next, around, patches, to => {
    ends.otherwise = to;
  });
  return ends;
}
