import { cannotSweep, type SweepRequest } from '../../../../drivers/contract/measure/sweep.ts';
import { sweepAsked } from '../../steps/measured/sweep-asked.ts';
import { MOST_SCANS } from '../../steps/measured/voltammetry.ts';
import { Asking } from '../asking.ts';
import { cannotDrive, isOutputOn, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';
import { failing } from './electrical.ts';

/**
 * `voltammetry`: the first potential is set and held like that of `cv`, for the quiet time; then the instrument sweeps by
 * itself, and holds the first potential again behind it. Left before its end the output goes off with it. After a cut or
 * a hold it begins again from its first potential.
 */
export function voltammetry(parts: ActionParts): Action {
  const { instruction, env, label } = parts;
  const { output, sweep: can } = env;
  if (can === undefined) return failing(NOTHING_SWEEPS);
  const wrong = cannotDrive(output, 'cv');
  if (output === undefined || wrong !== undefined) return failing(wrong ?? 'nothing electrical is here');
  const { request, quiet_s } = sweepAsked(instruction.own, parts.value);
  const refusal = refusalOf(request, quiet_s) ?? cannotSweep(can, request);
  if (refusal !== undefined) return failing(`the sweep: ${refusal}`);
  const id = instruction.id?.slice(instruction.id.indexOf('#') + 1);
  const stages = stagesInto(output, 'cv', { voltage: request.from_V }, isOutputOn(env, output));
  let asking = new Asking(stages, label);
  /** Since when the first potential is held. */
  let held_s: number | undefined;
  let isBegun = false;
  let hasEnded = false;

  return {
    tick({ t_s }): ActionEnd | undefined {
      const progress = asking.tick(env, t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      held_s ??= t_s;
      if (!isBegun) {
        // A hair early counts as there: times are sums.
        if (t_s - held_s < quiet_s - 1e-6) return undefined;
        env.measure(request, { ...(id === undefined ? {} : { id }), label, levels: parts.levels });
        isBegun = true;
      }
      const { is, points, reason } = env.measuring;
      if (is === 'under way') return undefined;
      hasEnded = true;
      return is === 'done'
        ? { kind: 'measured', reason: `${points} points` }
        : { kind: 'failed', reason: reason === '' ? 'no voltammogram' : reason };
    },
    get isSet() {
      return asking.isDone;
    },
    get took_s() {
      return asking.took_s;
    },
    isArrived: true,
    due_s: () => (isBegun || held_s === undefined ? undefined : quiet_s),
    isAwaiting: true,
    atRest(reason = 'held') {
      held_s = undefined;
      if (!isBegun || hasEnded) return;
      // Half a sweep of a cell that was let go is none: it begins again from its first potential.
      env.giveUpMeasuring(reason);
      isBegun = false;
      asking = new Asking(stages, label);
    },
    afterHold: ({ held_s: lasted_s }) => {
      asking.shift(lasted_s);
      if (!isBegun) held_s = undefined;
    },
    leave(reason) {
      // With the run itself it was given up before: the safe state has the output then.
      if (!isBegun || hasEnded || env.measuring.is !== 'under way') return;
      env.giveUpMeasuring(reason);
      // An instrument that gives a sweep up lets go of the cell: what was asked of its output must not stand otherwise.
      env.ask(output.roles.output, 0, label);
    },
    state: () => null,
  };
}

/** Why no sweep can be run on a bench without an instrument for it. */
export const NOTHING_SWEEPS =
  'nothing on this bench sweeps a potential by itself, expected a potentiostat that does (driver palmsens/methodscript or iorodeo/rodeostat)';

function refusalOf(request: SweepRequest, quiet_s: number): string | undefined {
  if (!(quiet_s >= 0)) return `quiet time ${quiet_s} s, expected 0 or more`;
  if (request.kind === 'cv' && request.scans > MOST_SCANS)
    return `cycles is ${request.scans}, expected a whole number 1..${MOST_SCANS}`;
  return undefined;
}
