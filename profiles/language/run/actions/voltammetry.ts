import { cannotSweep, type SweepRequest } from '../../../../drivers/contract/measure/sweep.ts';
import { sweepAsked } from '../../steps/measured/sweep-asked.ts';
import { MOST_SCANS } from '../../steps/measured/voltammetry.ts';
import { Asking } from '../asking.ts';
import { cannotDrive, isOutputOn, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';
import { failing } from './electrical.ts';
import { Measured, measuredStep } from './measured.ts';
import { intoOf } from './standing.ts';

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
  const isOn = isOutputOn(env, output);
  const stages = stagesInto(output, 'cv', { voltage: request.from_V }, intoOf(env, 'cv', isOn));
  let asking = new Asking(stages, label);
  const sweep = new Measured(parts);
  /** Since when the first potential is held. */
  let held_s: number | undefined;

  return measuredStep(() => asking, {
    tick({ t_s }): ActionEnd | undefined {
      const progress = asking.tick(env, t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      held_s ??= t_s;
      if (!sweep.isBegun) {
        // A hair early counts as there: times are sums.
        if (t_s - held_s < quiet_s - 1e-6) return undefined;
        sweep.begin(request);
      }
      return sweep.end('no voltammogram');
    },
    due_s: () => (sweep.isBegun || held_s === undefined ? undefined : quiet_s),
    atRest(reason = 'held') {
      held_s = undefined;
      // The cell was let go: it begins again from its first potential.
      if (sweep.giveUp(reason)) asking = new Asking(stages, label);
    },
    afterHold: ({ held_s: lasted_s }) => {
      asking.shift(lasted_s);
      if (!sweep.isBegun) held_s = undefined;
    },
    leave(reason) {
      // An instrument that gives a sweep up lets go of the cell: what was asked of its output must not stand otherwise.
      if (sweep.giveUp(reason)) env.ask(output.roles.output, 0, label);
    },
  });
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
