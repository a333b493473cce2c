import { askOnce } from '../../../steps/ask.ts';
import { currentBeside } from '../../bench/held-potential.ts';
import { isRole } from '../../file/keys.ts';
import { Asking } from '../asking.ts';
import { cannotDrive, type Stage, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionLook, ActionParts, RunInstruction } from './action.ts';
import { failing } from './electrical.ts';
import { halfCellState, howHeld, mV } from './how-held.ts';
import { OWN_ENDS, tellShort } from './shortfall.ts';
import { Doubt, LoopQuality, nextCurrent_A, StandingStill } from './software-loop.ts';
import { intoOf, standingOf } from './standing.ts';

/**
 * A potential of one electrode held by the current, by software: one new current with each good reading that was taken
 * after the last one was applied. A reading that is bad or missing never moves the current; where none comes for as
 * long as its instrument may be silent, nothing is asked to flow any more and the step has failed. Interlocks see the
 * potential beside this, as ever.
 */

/** A change of the current below this part of its range is left out: no instrument would show it. */
const LEAST_PART = 1e-5;
/** Current that falls so far short of what is asked is limited by something else: the loop goes on from what flows. */
const SHORT_PART = 0.05;
/** The current is at a bound of its own within this part. */
const AT_BOUND = 1e-6;

/** The potential that a step holds; undefined: a voltage, as ever. */
export function potentialIn({ own }: Pick<RunInstruction, 'own'>): string | undefined {
  return Object.keys(own).find(isRole);
}

/** cccv and cv at the potential of one electrode. */
export function halfCell(parts: ActionParts): Action {
  const { env, label, instruction } = parts;
  const { output } = env;
  const key = potentialIn(instruction);
  const current = output?.roles.current;
  const wrong = cannotDrive(output, 'cc');
  if (output === undefined || key === undefined || current === undefined || wrong !== undefined)
    return failing(wrong ?? 'nothing on this bench sets the current of its output');
  const [role, target_V] = parts.onRole(key, parts.value(key));
  const loop = output.loops?.get(role);
  if (loop === undefined) return failing(`the bench file has no softwareControl of ${role}`);
  const range = output.range(current);
  const limit = parts.keyOf('current');
  const most_A = limit === undefined ? Number.NaN : parts.onRole(limit, parts.value(limit))[1];
  if (Number.isNaN(target_V) || (limit !== undefined && Number.isNaN(most_A)))
    return failing(`${Number.isNaN(target_V) ? key : limit} is not known`);
  // Without a current of its own, what any voltage is held with: the smaller of the two ways.
  const beside_A = Math.abs(currentBeside(range) ?? 0);
  const low_A = limit === undefined ? Math.max(range.min, -beside_A) : Math.min(0, most_A);
  const high_A = limit === undefined ? Math.min(range.max, beside_A) : Math.max(0, most_A);
  if (low_A === high_A) return failing(`the bench allows no current beside ${role}`);
  const shown_A = `${output.subject}.current_A`;
  const old = parts.saved === undefined ? undefined : halfCellState.parse(parts.saved);
  const bounded = (value_A: number): number => Math.min(high_A, Math.max(low_A, value_A));
  // From nothing, or from what flows already within its bounds: never from the full current.
  let current_A = old?.current_A ?? bounded(standingOf(env, 'current', current));
  const isOn = env.applied(output.roles.output) === 1;
  const into = intoOf(env, 'cc', isOn);
  const stages = (): readonly Stage[] => stagesInto(output, 'cc', { current: current_A }, into);
  let asking = new Asking(stages(), label, false, old?.asking);
  let quality = new LoopQuality(loop, old?.quality);
  const still = new StandingStill(loop, old?.still);
  const doubt = new Doubt(loop, old?.seen);
  let set_s = old?.set_s ?? Number.NaN;
  let asked_s = old?.asked_s ?? 0;
  let used_s = old?.used_s ?? -Infinity;
  let good_s = old?.good_s ?? 0;
  let side = old?.side ?? 0;
  /** The side that the potential came from when the step began: what is beyond is told from there. */
  let cameFrom = old?.cameFrom ?? side;
  let isArrived = old?.isArrived ?? false;
  let now_s = good_s;

  /** A bound of its own keeps the current from what the deviation asks for. */
  const isHeldBack = (error_V: number): boolean => {
    const dust_A = AT_BOUND * (range.max - range.min);
    const wants_A = -error_V / loop.response_Ohm;
    return wants_A < 0 ? current_A <= low_A + dust_A : current_A >= high_A - dust_A;
  };

  /** Nothing flows any more, whatever comes next. */
  const givesUp = (reason: string): ActionEnd => {
    env.ask(current, 0, label);
    return { kind: 'failed', reason };
  };

  /** One new current, where there is a reading that saw the last one; how it ended, where it did. */
  const turns = (look: ActionLook): ActionEnd | undefined => {
    const answer = env.answer(current);
    if (answer.outcome === 'refused' || answer.outcome === 'failed')
      return givesUp(`${current} was not applied: ${answer.reason}`);
    const arrived_s = env.arrived_s(role);
    const value_V = env.value(role);
    const isNew = arrived_s > used_s && arrived_s > set_s;
    if (isNew && Number.isNaN(value_V)) quality.state.bad++;
    if (!isNew || Number.isNaN(value_V)) {
      if (isNew) used_s = arrived_s;
      return look.t_s - good_s > loop.stale_s
        ? givesUp(`${role} has shown nothing good for ${(look.t_s - good_s).toFixed(1)} s`)
        : undefined;
    }
    const since_s = Number.isFinite(used_s) ? used_s : arrived_s;
    used_s = good_s = arrived_s;
    if (!doubt.believes(value_V, current_A)) return undefined;
    const dt_s = arrived_s - since_s;
    const error_V = value_V - target_V;
    if (side === 0) side = error_V >= 0 ? 1 : -1;
    if (cameFrom === 0) cameFrom = side;
    if (!isArrived) isArrived = Math.sign(error_V) !== side || Math.abs(error_V) <= loop.within_V;
    const flows_A = env.value(shown_A);
    const isShort =
      env.arrived_s(shown_A) > asked_s &&
      Math.abs(flows_A) < Math.abs(current_A) - SHORT_PART * Math.max(Math.abs(low_A), Math.abs(high_A));
    const sawLast = answer.outcome === 'applied' && arrived_s > asked_s + (answer.took_s ?? 0);
    const isBound = isHeldBack(error_V);
    // A current that the step itself says may flow as long as the step lasts; one that it does not say may not.
    const isWaiting = look.isGated || (limit !== undefined && isBound && !isShort);
    quality.near(error_V, dt_s, { saturated: isBound, waiting: isWaiting, turn: sawLast });
    if (isArrived) quality.take(error_V, dt_s, isBound);
    if (isArrived || quality.state.readings > 0) quality.beyond(-cameFrom * error_V);
    if (quality.isLost)
      return givesUp(
        `${role} is not held at ${mV(target_V)}: over ${2 * loop.settle_s} s a deviation of ${mV(Math.sqrt(quality.state.recent_V2))} (root mean square), more than the ${mV(loop.within_V)} of its softwareControl`,
      );
    if (quality.isNotReached)
      return givesUp(
        `${role} does not come to ${mV(target_V)}: ${mV(value_V)} after ${quality.state.away_s.toFixed(0)} s with ${isShort ? `${flows_A.toPrecision(3)} A of ${current_A.toPrecision(3)} A that are asked` : `a current of ${current_A.toPrecision(3)} A`}${isBound && limit === undefined ? ', the most that the bench allows either way' : ''}`,
      );
    if (!sawLast || look.isGated) return undefined;
    const should_V = still.take(value_V, current_A);
    if (should_V !== undefined)
      return givesUp(
        `${role} stands still at ${mV(value_V)} while the current went from ${still.state.from_A.toPrecision(3)} to ${current_A.toPrecision(3)} A, which should have moved it by ${mV(should_V)}: it is no reading`,
      );
    const from_A = isShort ? bounded(flows_A) : current_A;
    const next_A = nextCurrent_A(loop.response_Ohm, { error_V, current_A: from_A, low_A, high_A });
    if (Math.abs(next_A - current_A) < LEAST_PART * (range.max - range.min)) return undefined;
    current_A = next_A;
    asked_s = look.t_s;
    askOnce(env, current, current_A, label);
    return undefined;
  };

  const holds = { role, target_V, within_V: loop.within_V, step: label };
  /** How well it was held so far. */
  const tells = (): void => {
    const { note, text } = howHeld({ holds, cameFrom, quality: quality.state });
    env.note(now_s, note, text);
  };

  return {
    tick(look): ActionEnd | undefined {
      now_s = look.t_s;
      const progress = asking.tick(env, look.t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      if (Number.isNaN(set_s)) set_s = asked_s = good_s = look.t_s;
      return turns(look);
    },
    get isSet() {
      return !Number.isNaN(set_s);
    },
    get took_s() {
      return asking.took_s;
    },
    get isArrived() {
      return isArrived;
    },
    due_s: () => undefined,
    get isAwaiting() {
      return Number.isNaN(set_s);
    },
    afterHold({ held_s, t_s, wasAtRest }) {
      asking.shift(held_s);
      // It has come back on with nothing.
      if (wasAtRest) current_A = 0;
      if (Number.isNaN(set_s)) {
        if (wasAtRest) asking = new Asking(stages(), label);
        return;
      }
      // Only what is read from now on has seen the current flow again.
      set_s = asked_s = good_s = t_s;
      used_s = Number.NEGATIVE_INFINITY;
      doubt.state = undefined;
      if (!wasAtRest) return;
      isArrived = false;
      side = 0;
    },
    beginsAnew: true,
    tellSoFar() {
      tells();
      // What goes on in its place tells the rest.
      quality = new LoopQuality(loop);
    },
    leave(_reason, by) {
      tells();
      if (isArrived || doubt.state === undefined || !OWN_ENDS.has(by)) return;
      const shown = target_V + quality.state.now_V;
      const found = { role, asked: target_V, shown, from_s: set_s, away_s: now_s - set_s };
      tellShort(env, now_s, label, found, true);
    },
    state: () => ({
      asking: { ...asking.state() },
      set_s: Number.isNaN(set_s) ? null : set_s,
      current_A,
      used_s: Number.isFinite(used_s) ? used_s : -1,
      good_s,
      asked_s,
      side,
      cameFrom,
      isArrived,
      ...(Number.isFinite(still.state.value_V) ? { still: { ...still.state } } : {}),
      ...(doubt.state === undefined ? {} : { seen: { ...doubt.state } }),
      quality: { ...quality.state },
      holds,
    }),
  };
}
