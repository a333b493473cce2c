import { wrongCount } from '../bench/rounds.ts';
import type { Assignment, Ends, Instruction } from '../layout/instruction.ts';
import { type Core, Stuck, UnknownValue } from './core.ts';
import type { Mark } from './counts/totals.ts';
import type { Column, Count } from './live-expression.ts';
import { type Exceeded, Watch, type WatchEnd, type WatchState } from './watch.ts';

/** A block that is open: a loop in one of its rounds, a group, a call, lists side by side. */

/** An instruction that opens a block. */
export type BlockInstruction = Extract<Instruction, { op: 'enter' | 'fork' }>;

/** What an open block remembers, JSON; lanes apart. */
export interface FrameState {
  readonly at: number;
  readonly mark: readonly number[];
  readonly roundMark: readonly number[];
  readonly start_s: number;
  readonly round: number;
  readonly rounds: number;
  readonly lists: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly watch: WatchState;
  readonly hasSkipped?: true;
}

/** Where a step or block begins: its time, the counts as it sees them, the names of the loops around with their values. */
export interface Begun {
  /** Run time, s. */
  readonly start_s: number;
  readonly count: (mark: Mark) => Count;
  readonly levels: Readonly<Record<string, number>>;
  /** How long ago the set points have left that a step without its own begins with, s. */
  readonly lead_s: number;
}

/** A block that is open. */
export class Frame {
  readonly at: number;
  readonly instruction: BlockInstruction;
  readonly mark: Mark;
  /** Run time at which it began, s. */
  readonly start_s: number;
  readonly watch: Watch;
  /** What its expressions count and follow; made once, not for each look. */
  readonly count: Count;
  readonly column: Column;
  /** Of a loop: the one it is in, from 1, and how many there are at most. */
  round: number;
  rounds: number;
  roundMark: Mark;
  /** A person has skipped a step of it: its figures are those of no whole part. */
  hasSkipped: boolean;
  readonly lists: readonly { readonly name: string; readonly values: readonly number[] }[];

  /** Opens it. @throws UnknownValue of a list or a time that is not known */
  constructor(
    core: Core,
    at: number,
    instruction: BlockInstruction,
    begun: Pick<Begun, 'start_s' | 'count'>,
    saved?: FrameState,
  ) {
    this.at = at;
    this.instruction = instruction;
    this.mark = saved === undefined ? core.totals.mark() : Float64Array.from(saved.mark);
    this.roundMark = saved === undefined ? this.mark : Float64Array.from(saved.roundMark);
    this.start_s = saved?.start_s ?? begun.start_s;
    const own = begun.count(this.mark);
    this.count = own;
    this.column = (data, name) => core.column(data, name, this.watch.elapsed_s);
    this.watch = new Watch(core, instruction.ends, instruction.limits, own, saved?.watch);
    this.hasSkipped = saved?.hasSkipped ?? false;
    this.round = saved?.round ?? 1;
    if (saved === undefined && instruction.op === 'enter')
      for (const name of instruction.lets ?? []) core.set(name, Number.NaN);
    this.lists = saved === undefined ? listsOf(core, instruction, own) : listsAgain(instruction, saved);
    this.rounds = saved?.rounds ?? roundsOf(core, instruction, this.lists, own);
  }

  /** A loop: `round` and `leave` mean it. */
  get isLoop(): boolean {
    return this.instruction.op === 'enter' && ['repeat', 'each'].includes(this.instruction.block);
  }

  /** Behind its end. */
  get behind(): number {
    return this.instruction.op === 'fork' ? this.instruction.end : this.instruction.end + 1;
  }

  /** Whether a place in the program lies in it. */
  holds(to: number): boolean {
    return to > this.at && to < this.behind;
  }

  /** The built-in method that it is, or whose figures are worked out of it; undefined: neither. */
  get method(): string | undefined {
    const { instruction } = this;
    if (instruction.evaluate !== undefined || instruction.op === 'fork') return instruction.evaluate;
    const { called } = instruction;
    return called === undefined || /\.ya?ml$/.test(called) ? undefined : called;
  }

  /** One look: its clocks go on, unless a gate is shut; what of its limits is exceeded; whether it ends. */
  look(
    dt_s: number,
    isShut: boolean,
  ): {
    readonly isGated: boolean;
    readonly exceeded: Exceeded | undefined;
    readonly end: WatchEnd | undefined;
  } {
    const { watch, count, column } = this;
    watch.age_s += dt_s;
    const isGated = watch.isShut(count, column) || isShut;
    if (!isGated) watch.elapsed_s += dt_s;
    const exceeded = watch.exceeded(count, column);
    return { isGated, exceeded, end: watch.look(count, column, true) };
  }

  /** `while` is looked at before each round. @throws UnknownValue */
  mayBegin(core: Core, count: Count): boolean {
    const { instruction } = this;
    if (instruction.op !== 'enter' || instruction.while === undefined) return true;
    const is = core.once(instruction.while, count);
    if (Number.isNaN(is)) throw new UnknownValue(instruction.while.text);
    return is === 1;
  }

  /** Gives the names of its lists the values of its round. */
  takeRound(core: Core): void {
    for (const { name, values } of this.lists) core.set(name, values[this.round - 1]);
  }

  /** What it remembers. */
  state(): FrameState {
    const { at, start_s, round, rounds, lists } = this;
    return {
      at,
      start_s,
      round,
      rounds,
      lists,
      mark: [...this.mark],
      roundMark: [...this.roundMark],
      watch: this.watch.state(),
      ...(this.hasSkipped ? { hasSkipped: true as const } : {}),
    };
  }
}

/** Ends of a block that has none. */
export const NO_ENDS: Ends = { exits: [], otherwise: 'stop' };

function listsOf(core: Core, instruction: BlockInstruction, count: Count): Frame['lists'] {
  const written: readonly Assignment[] = instruction.op === 'enter' ? (instruction.lists ?? []) : [];
  return written.map(({ name, value }) => ({ name, values: core.listOf(value, count) ?? [] }));
}

/** As they were worked out; their file may be named otherwise since. */
function listsAgain(instruction: BlockInstruction, { lists }: FrameState): Frame['lists'] {
  const written = instruction.op === 'enter' ? instruction.lists : undefined;
  return lists.map(({ name, values }, i) => ({ name: written?.[i]?.name ?? name, values }));
}

function roundsOf(core: Core, instruction: BlockInstruction, lists: Frame['lists'], count: Count): number {
  if (instruction.op === 'fork') return 1;
  if (instruction.block === 'repeat') {
    if (instruction.times === undefined) return 1;
    const rounds = core.valueOf(instruction.times, count);
    const wrong = wrongCount(rounds);
    if (wrong !== undefined) throw new Stuck(wrong);
    return Math.round(rounds);
  }
  return instruction.block === 'each' ? Math.min(...lists.map(({ values }) => values.length)) : 1;
}

/** The names of loops with their values in their round, as they are called in their file. */
export function levelsIn(frames: readonly Frame[]): Readonly<Record<string, number>> {
  const own = frames.flatMap(({ lists, round }) =>
    lists.map(({ name, values }) => [name.slice(name.indexOf('#') + 1), values[round - 1]] as const),
  );
  return Object.fromEntries(own);
}

/** The phase among them. */
export function phaseIn(frames: readonly Frame[]): Frame | undefined {
  return frames.find(({ instruction }) => instruction.op === 'enter' && instruction.block === 'phase');
}
