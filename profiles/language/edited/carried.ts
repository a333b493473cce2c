import type { Instruction, Limit, Program } from '../layout/instruction.ts';
import type { BlockInstruction, FrameState } from '../run/frame.ts';
import { NO_ENDS } from '../run/frame.ts';
import type { LaneState } from '../run/lane-types.ts';
import type { MethodState } from '../run/method-state.ts';
import type { OpenStepState } from '../run/open-step.ts';
import { carriedLets } from './carried-lets.ts';
import { carriedWatch, pairedLimits } from './carried-watch.ts';
import { Renaming } from './renaming.ts';
import { comparable, type HowSame, isSame } from './same.ts';

/**
 * The rest of a method is edited while its run is held: what the run remembers is carried over into the new program. Pure.
 * What has been gone through must be the same; of what is under way only its end, its limits and how often it is gone
 * through may change.
 */

/** The state in the new program, and the places of its limits by those that they had; or what stands against it. */
export type Carried =
  | { readonly state: MethodState; readonly places: ReadonlyMap<string, string> }
  | { readonly against: string };

const REST = 'only what comes behind where the run is held may change';

/** Carries it over. */
export function carried(then: Program, state: MethodState, now: Program): Carried {
  const { lane } = state;
  if (state.isOver) return { against: 'the method is over' };
  if (state.isCut || state.reentry !== null)
    return { against: 'this is the way back after a cut (reentry), expected the run in its own steps' };
  const names = new Renaming(then.path, now.path);
  const last = lastOf(then, lane);
  const against =
    wrongHead(then, now, names) ??
    differs(then, now, lane, last, names) ??
    finallyMoved(then, now, last) ??
    wrongRounds(now, lane, then, names) ??
    askedTooLate(then, now, last, names);
  if (against !== undefined) return { against };
  names.close();
  return {
    state: {
      ...state,
      main: now.path,
      names: state.names.map(([name, value]) => [names.of(name), value] as const),
      lists: state.lists.map(([name, values]) => [names.of(name), values] as const),
      texts: state.texts.map(([name, text]) => [names.of(name), text] as const),
      figures: state.figures.map(([name, value]) => [names.of(name), value] as const),
      lets: carriedLets(state.lets ?? [], then, now, names),
      lane: carriedLane(then, now, lane, names),
      watch: carriedWatch(
        state.watch,
        { ends: NO_ENDS, limits: then.limits },
        { ends: NO_ENDS, limits: now.limits },
        names,
      ),
    },
    places: placesOf(allLimits(then), allLimits(now), names),
  };
}

/** The last instruction that has begun; lists side by side are one. */
function lastOf({ instructions }: Program, { pc, frames, lanes, step }: LaneState): number {
  const open = lanes.length === 0 ? undefined : instructions[frames.at(-1)?.at ?? -1];
  if (open?.op === 'fork') return open.end - 1;
  return step === null ? pc - 1 : pc;
}

function wrongHead(then: Program, now: Program, names: Renaming): string | undefined {
  if (then.method !== now.method)
    return `method: found ${now.method}, expected ${then.method}: an edit is of the same method`;
  for (const { name, value } of then.parameters) {
    const same = now.parameters.find(one => names.isSame(name, one.name));
    if (same !== undefined && !isSame(value, same.value, names))
      return `the parameter ${short(name)} has another value, expected the one that the run was given: it was worked with`;
  }
  if (!isSame(then.derived, now.derived, names))
    return 'the roles under derived: have changed, expected them as they were: the record has a column for each';
  return undefined;
}

/** The first instruction that has begun and is not the same. */
function differs(
  then: Program,
  now: Program,
  lane: LaneState,
  last: number,
  names: Renaming,
): string | undefined {
  const isAside = lane.lanes.length > 0;
  const open = new Set(lane.frames.slice(0, isAside ? -1 : undefined).map(({ at }) => at));
  for (let i = 0; i <= last; i++) {
    const [old, other] = [then.instructions[i], now.instructions[i]];
    const isStep = i === lane.pc && !isAside && lane.step !== null;
    const how: HowSame = isStep || open.has(i) ? 'open' : 'whole';
    if (
      other !== undefined &&
      i < now.end === i < then.end &&
      isSame(comparable(old, last, how), comparable(other, last, how), names)
    )
      continue;
    const where = lineOf(then, i);
    const found = other === undefined ? 'is not there any more' : `stands otherwise at ${lineOf(now, i)}`;
    const begun = isStep
      ? 'is under way, and only its end and its limits may change (or skip it)'
      : open.has(i)
        ? 'is under way, and only its end, its limits and its times may change'
        : `has begun; ${REST}`;
    return `${where}: ${found}, expected it as it was: it ${begun}`;
  }
  return undefined;
}

/** The line of an instruction, for people; what has none is told by the one before. */
function lineOf({ instructions }: Program, at: number): string {
  for (let i = Math.min(at, instructions.length - 1); i >= 0; i--) {
    const one = instructions[i];
    if ('where' in one) return one.where;
  }
  return 'its begin';
}

function finallyMoved(then: Program, now: Program, last: number): string | undefined {
  const isIn = then.finally <= last;
  if (isIn === now.finally <= last && (!isIn || then.finally === now.finally)) return undefined;
  return `finally: begins elsewhere, expected it ${isIn ? 'where it was' : 'behind where the run is held'}`;
}

/** A loop under way goes on with as many rounds as it has now. */
function roundsNow(then: Program, now: Program, { at, rounds }: FrameState, names: Renaming): number {
  const [old, other] = [blockAt(then, at), blockAt(now, at)];
  if (old.op !== 'enter' || other.op !== 'enter' || isSame(old.times, other.times, names)) return rounds;
  if (other.times === undefined) return 1;
  return typeof other.times === 'number' ? other.times : Number.NaN;
}

function wrongRounds(now: Program, lane: LaneState, then: Program, names: Renaming): string | undefined {
  for (const frame of lane.frames) {
    const rounds = roundsNow(then, now, frame, names);
    const where = lineOf(now, frame.at);
    if (Number.isNaN(rounds))
      return `${where}: times: of a loop under way is worked out as it begins, expected a number`;
    if (rounds < frame.round)
      return `${where}: times: found ${rounds}, expected ${frame.round} or more: it is in its round ${frame.round}`;
  }
  return undefined;
}

/** What is asked of a step is kept as it runs: of one that has begun nothing new can be asked. */
function askedTooLate(then: Program, now: Program, last: number, names: Renaming): string | undefined {
  const begun = now.instructions.slice(0, last + 1).flatMap(one => ('id' in one && one.id) || []);
  const late = now.figures.find(
    figure => begun.includes(figure.id) && !then.figures.some(old => isSame(old, figure, names)),
  );
  if (late === undefined) return undefined;
  return `${short(late.id)}.${late.name} is asked for, expected no new figure of a step that has begun: it was not kept`;
}

function carriedLane(then: Program, now: Program, lane: LaneState, names: Renaming): LaneState {
  const { pc, step, lanes } = lane;
  return {
    pc,
    frames: lane.frames.map(frame => ({
      ...frame,
      rounds: roundsNow(then, now, frame, names),
      lists: frame.lists.map(({ name, values }) => ({ name: names.of(name), values })),
      watch: carriedWatch(frame.watch, blockAt(then, frame.at), blockAt(now, frame.at), names),
    })),
    lanes: lanes.map(inner => carriedLane(then, now, inner, names)),
    step: step === null ? null : carriedStep(step, then.instructions[pc], now.instructions[pc], names),
  };
}

function carriedStep(
  step: OpenStepState,
  then: Instruction,
  now: Instruction,
  names: Renaming,
): OpenStepState {
  if (then.op !== 'run' || now.op !== 'run') throw new RangeError('a step under way is no step');
  // Its end was seen by a condition that may be another one now.
  const { met_s: _, ...rest } = step;
  const kept = isSame(then.ends, now.ends, names) ? step : rest;
  return { ...kept, watch: carriedWatch(step.watch, then, now, names) };
}

function blockAt({ instructions }: Program, at: number): BlockInstruction {
  const block = instructions[at];
  if (block?.op !== 'enter' && block?.op !== 'fork') throw new RangeError(`${at} is no block`);
  return block;
}

function allLimits({ limits, instructions }: Program): readonly Limit[] {
  return [...limits, ...instructions.flatMap(one => ('limits' in one ? one.limits : []))];
}

/** Where each limit stands now, by where it stood: what counts by the place of a limit goes on. */
function placesOf(then: readonly Limit[], now: readonly Limit[], names: Renaming): Map<string, string> {
  const pairs = pairedLimits(then, now, names).flatMap((i, at) =>
    i === undefined ? [] : [[then[i].where, now[at].where] as const],
  );
  return new Map(pairs);
}

const short = (name: string): string => name.slice(name.lastIndexOf('#') + 1);
