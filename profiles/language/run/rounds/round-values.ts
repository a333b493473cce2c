import type { RecordedRound } from '../../../recorded-round.ts';
import type { Instruction } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { LaneEvents } from '../lane-types.ts';
import type { Count } from '../live-expression.ts';

/** Values that a `let` gives names in the rounds of a loop: told round by round, so that a result shows how they went. */

/** So many of one `let` are told each; from then on each second one, from twice as many on each fourth, and so on. */
const ALL = 1000;

/** Whether the value of this time, from 1, is told. */
export const isToldRound = (nth: number): boolean =>
  nth <= ALL || nth % 2 ** Math.ceil(Math.log2(nth / ALL)) === 0;

/** How often a `let` in a loop has been come to, JSON. */
export interface LetCount {
  /** Its line as it is now; null: the method was edited, and no `let` of it is known to be this one. */
  readonly where: string | null;
  /** Under which line it is told: the one that it had as it was come to first. */
  readonly as: string;
  readonly nth: number;
}

/** Those of a run by their lines. */
export class LetCounts {
  readonly #counts: LetCount[] = [];

  /** It is come to once more. */
  next(where: string): LetCount {
    const at = this.#counts.findIndex(one => one.where === where);
    const before = this.#counts[at] ?? { where, as: this.#free(where), nth: 0 };
    const now = { ...before, nth: before.nth + 1 };
    this.#counts[at < 0 ? this.#counts.length : at] = now;
    return now;
  }

  /** A line that no other one is told under: the one that was there before an edit may have been another. */
  #free(where: string): string {
    const isTaken = this.#counts.some(({ as }) => as === where);
    return isTaken ? this.#free(`${where} (edited)`) : where;
  }

  /** All of them. */
  state(): readonly LetCount[] {
    return [...this.#counts];
  }

  /** Goes on from there. */
  restore(saved: readonly LetCount[]): void {
    this.#counts.splice(0, this.#counts.length, ...saved);
  }
}

/** Gives the names of a `let` their values; in a loop they are told. */
export function giveNames(
  core: Core,
  events: Pick<LaneEvents, 'roundValues'>,
  { values, where }: Extract<Instruction, { op: 'let' }>,
  loop: Frame | undefined,
  count: Count,
): void {
  for (const { name, value } of values) core.assign(name, value, count);
  if (loop === undefined) return;
  const { as, nth } = core.lets.next(where);
  if (!isToldRound(nth)) return;
  const figures: Record<string, number> = {};
  for (const { name } of values) {
    const value = core.names.get(name);
    if (value !== undefined) figures[name.slice(name.lastIndexOf('#') + 1)] = value;
  }
  const told: Omit<RecordedRound, 't_s'> = { where: as, round: loop.round, nth, figures };
  if (Object.keys(figures).length > 0) events.roundValues(told);
}
