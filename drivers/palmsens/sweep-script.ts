import type { SweepRequest } from '../contract/measure/sweep.ts';
import { literal } from '../protocol/method-script/number.ts';
import { driving, ending, framed, type Hold, packageOf, type ScriptParts, VARIABLES } from './scripts.ts';

/** The script of a curve, of what the others are made of. */

/** With a shorter time between two points than this the line has no room for the time of each, s (default). */
const TIMED_LEAST_s = 0.01;

/**
 * A curve; then the hold, if there was one. Slow ones have the time of each point by the instrument's timer (that it may be read
 * within a measuring loop: recalled).
 */
export function sweepScript(
  parts: ScriptParts,
  request: SweepRequest,
  hold: Hold | undefined,
): readonly string[] {
  const corners = request.kind === 'lsv' ? [request.to_V] : request.vertices_V;
  const all = [request.from_V, ...corners];
  const figures = [...all, request.step_V, request.rate_V_per_s].map(literal).join(' ');
  const scans = request.kind === 'cv' && request.scans > 1 ? ` nscans(${request.scans})` : '';
  const { currentMax_A = parts.currentMax_A } = request;
  const swept = { ...parts, currentMax_A };
  const isTimed = request.step_V / request.rate_V_per_s >= TIMED_LEAST_s;
  return framed(parts.number, VARIABLES, [
    ...driving(swept, { control: 'voltage', value: request.from_V }, undefined, undefined, all),
    ...(isTimed ? ['timer_start'] : []),
    `meas_loop_${request.kind} p c ${figures}${scans}${parts.model.isMeasuringMore ? ' add_meas(0 ab u)' : ''}`,
    ...(isTimed ? ['timer_get t'] : []),
    ...packageOf('p', [parts.model.isMeasuringMore ? 'u' : 'p', 'c', ...(isTimed ? ['t'] : [])]),
    ...(request.currentMax_A === undefined ? [] : endsBeyond(currentMax_A)),
    'endloop',
    ...ending(parts, hold, 'voltage'),
  ]);
}

/** The script ends, and with it the cell is off, at the first current beyond so much: sooner than anybody hears of it. */
function endsBeyond(most_A: number): readonly string[] {
  return [`if c > ${literal(most_A)}`, 'abort', 'endif', `if c < ${literal(-most_A)}`, 'abort', 'endif'];
}
