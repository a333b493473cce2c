import type { ExpressionState } from '../evaluate/evaluator.ts';
import type { ExactState } from './beside/exact-times.ts';
import type { ReentryState } from './beside/reentry.ts';
import type { CutState } from './beside/take-up.ts';
import type { Core } from './core.ts';
import type { TotalsState } from './counts/totals.ts';
import type { HoldState } from './hold/hold.ts';
import type { LaneState } from './lane-types.ts';
import type { LetCount } from './rounds/round-values.ts';
import type { WatchState } from './watch.ts';

/** What a run of a method remembers, JSON: enough to go on as if nothing had been. */

/** What all its lanes share. */
export interface CoreState {
  readonly running_s: number;
  readonly held_s: number;
  readonly changed_s: number | null;
  readonly names: readonly (readonly [string, number | null])[];
  readonly lists: readonly (readonly [string, readonly number[]])[];
  readonly texts: readonly (readonly [string, string])[];
  readonly figures: readonly (readonly [string, number | null])[];
  readonly totals: TotalsState;
  readonly soc: { readonly pct: number; readonly mark: readonly number[] } | null;
  /** How often each `let` in a loop has been come to; absent in what older programs wrote. */
  readonly lets?: readonly LetCount[];
}

/** The whole state of a run of a method. */
export interface MethodState extends CoreState, CutState {
  readonly language: 2;
  /** Path of the main file, behind which its names stand; absent in what older programs wrote. */
  readonly main?: string;
  /** Run time of its last look, s. */
  readonly at_s: number;
  readonly lane: LaneState;
  /** Under way before it goes on after a cut. */
  readonly reentry: ReentryState | null;
  readonly phase: string;
  readonly lastEnd: string;
  /** Of the last step whose duration counts, until the next one is set. */
  readonly exact: ExactState | null;
  readonly derived: readonly ExpressionState[];
  readonly hold: HoldState;
  /** Of the limits of the whole method. */
  readonly watch: WatchState;
  readonly asked: readonly string[];
  /** Tags as last told. */
  readonly tags: readonly string[];
  readonly isOver: boolean;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The shared part as it is now. */
export function savedCore(core: Core): CoreState {
  return {
    running_s: core.running_s,
    held_s: core.held_s,
    changed_s: orNull(core.changed_s),
    names: [...core.names].map(([name, value]) => [name, orNull(value)] as const),
    lists: [...core.lists],
    texts: [...core.texts],
    figures: [...core.stepFigures].map(([name, value]) => [name, orNull(value)] as const),
    totals: core.totals.state(),
    lets: core.lets.state(),
    soc: core.soc === undefined ? null : { pct: core.soc.pct, mark: [...core.soc.mark] },
  };
}

/** Puts it back; `main`: where the main file was then. What has a default only since is given it. @throws UnknownValue */
export function restoreCore(core: Core, saved: CoreState & Pick<MethodState, 'main'>): void {
  const { path } = core.program;
  // It may be named otherwise now, from another folder.
  const own = (name: string): string =>
    saved.main !== undefined && name.startsWith(`${saved.main}#`)
      ? `${path}${name.slice(saved.main.length)}`
      : name;
  core.running_s = saved.running_s;
  core.held_s = saved.held_s;
  core.changed_s = saved.changed_s ?? Number.NEGATIVE_INFINITY;
  core.totals.restore(saved.totals);
  core.lets.restore(saved.lets ?? []);
  for (const [name, values] of saved.lists) core.lists.set(own(name), values);
  for (const [name, text] of saved.texts) core.texts.set(own(name), text);
  for (const [name, value] of saved.names) core.set(own(name), value ?? Number.NaN);
  for (const [key, value] of saved.figures) {
    const name = own(key);
    const dot = name.indexOf('.', name.lastIndexOf('#'));
    core.keep(name.slice(0, dot), name.slice(dot + 1), value ?? Number.NaN);
  }
  if (saved.soc !== null) core.soc = { pct: saved.soc.pct, mark: Float64Array.from(saved.soc.mark) };
  giveParameters(core);
}

/** Each parameter that has no value yet gets its own. @throws UnknownValue */
export function giveParameters(core: Core): void {
  for (const { name, value } of core.program.parameters)
    if (!core.names.has(name) && !core.lists.has(name) && !core.texts.has(name)) core.assign(name, value);
}
