import type { RecordRule } from '../../layout/record-rule.ts';
import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { Lane } from '../lane.ts';
import type { OpenStep } from '../open-step.ts';

/** Which rows a bench is to keep from now on; times are those of the run. What is not said is the bench's own rule. */
export interface KeptRows {
  /** At least one row in so long, s. */
  readonly every_s?: number;
  /** A row where a role of the bench has moved by so much, in its unit. */
  readonly change?: readonly (readonly [role: string, by: number])[];
}

/**
 * Tells the bench which rows the step under way asks for: each of `every_` and `change` as the innermost says that says
 * it; of steps side by side, the row that any of them asks for. `before_` and `after_` belong to what they stand at.
 */
export class RecordRules {
  readonly #core: Core;
  readonly #lane: () => Lane;
  /** Longest time between two rows from the begin of a step on, run s; of a method that says any. */
  readonly #every = new WeakMap<OpenStep, number>();
  readonly #saysAny: boolean;

  /** `lane`: the one that moves now. */
  constructor(core: Core, lane: () => Lane) {
    this.#core = core;
    this.#lane = lane;
    const { record, instructions } = core.program;
    const said = [record, ...instructions.map(one => ('record' in one ? one.record : undefined))];
    this.#saysAny = said.some(rule => rule?.every_s !== undefined);
  }

  /** Longest time between two rows from the begin of a step on, run s; undefined: the method says none, or it is not known. */
  everyOf(step: OpenStep): number | undefined {
    return this.#every.get(step);
  }

  /** A step has begun, with the blocks that began with it. `t_s`: run time. */
  opened(step: OpenStep, t_s: number): void {
    const { env } = this.#core;
    const rule = this.rule();
    env.keepBy(rule);
    if (this.#saysAny) this.#every.set(step, rule.every_s ?? 0);
    const begun = [...framesIn(this.#lane())].filter(({ start_s }) => start_s === t_s);
    for (const { instruction } of [...begun, step]) {
      const before_s = this.#seconds(instruction.record?.before_s);
      if (before_s > 0) env.keepAll(t_s - before_s, t_s);
    }
  }

  /** A step or block is over. */
  left({ instruction }: OpenStep | Frame, t_s: number): void {
    const { env } = this.#core;
    env.keepEdge();
    const after_s = this.#seconds(instruction.record?.after_s);
    if (after_s > 0) env.keepAll(t_s, t_s + after_s);
  }

  /** What all steps under way ask for. */
  rule(): KeptRows {
    const chain = chains(this.#lane(), [this.#core.program.record]);
    const rules = [...chain].map(one => this.#innermost(one));
    return rules.length === 1 ? rules[0] : densest(rules);
  }

  #innermost(chain: readonly (RecordRule | undefined)[]): KeptRows {
    const every = chain.findLast(rule => rule?.every_s !== undefined)?.every_s;
    const change = chain.findLast(rule => rule?.change !== undefined)?.change;
    const moves = Object.entries(change ?? {}).map(([role, { by, to }]) => {
      return [role, (this.#core.valueOf(by) * to.num) / to.den] as const;
    });
    return {
      ...(every === undefined ? {} : { every_s: this.#seconds(every) }),
      ...(change === undefined ? {} : { change: moves }),
    };
  }

  /** Method time as run time, s. */
  #seconds(time: RecordRule['every_s']): number {
    return time === undefined ? 0 : this.#core.secondsOf(time) / this.#core.speed;
  }
}

/** Every block that is open. */
function* framesIn(lane: Lane): Generator<Frame> {
  yield* lane.frames;
  for (const inner of lane.lanes) yield* framesIn(inner);
}

/** The rules around each running step, the outermost first. */
function* chains(
  lane: Lane,
  around: readonly (RecordRule | undefined)[],
): Generator<readonly (RecordRule | undefined)[]> {
  let own = around;
  for (const { instruction } of lane.frames)
    own = instruction.keepsRows === true ? [ownOf(instruction)] : [...own, instruction.record];
  if (lane.step !== undefined) yield [...own, lane.step.instruction.record];
  for (const inner of lane.lanes) yield* chains(inner, own);
}

/** What a procedure says of itself: what its caller says does not thin the rows that its figures need. */
function ownOf(instruction: Frame['instruction']): RecordRule | undefined {
  return instruction.op === 'enter' ? instruction.ownRecord : undefined;
}

/** Every row that one of them asks for; one that says nothing asks for what the bench keeps. */
function densest(rules: readonly KeptRows[]): KeptRows {
  const every = rules.flatMap(({ every_s }) => every_s ?? []);
  const change = rules.flatMap(({ change: moves }) => moves ?? []);
  return {
    ...(every.length < rules.length || every.length === 0 ? {} : { every_s: Math.min(...every) }),
    ...(rules.some(rule => rule.change === undefined) ? {} : { change }),
  };
}
