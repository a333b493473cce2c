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
  const nth = (core.lets.get(where) ?? 0) + 1;
  core.lets.set(where, nth);
  if (!isToldRound(nth)) return;
  const figures: Record<string, number> = {};
  for (const { name } of values) {
    const value = core.names.get(name);
    if (value !== undefined) figures[name.slice(name.lastIndexOf('#') + 1)] = value;
  }
  const told: Omit<RecordedRound, 't_s'> = { where, round: loop.round, nth, figures };
  if (Object.keys(figures).length > 0) events.roundValues(told);
}
