import { clockText, durationWords, shortFigure, unitWords } from '../words.ts';
import type { Controlled, Incomplete, InexactStep, SameFigure, ShortStep } from './not-as-asked.ts';
import type { RunResult } from './result.ts';

/** What an output did not give, and what may be no reading, in one sentence each. */

/** That a step did not get what it asks. */
export function shortStepText(short: ShortStep): string {
  const { phase, step, role, unit, from_s, away_s, count } = short;
  const [is, wanted] = [short.shown, short.asked].map(value => `${shortFigure(value)} ${unitWords(unit)}`);
  const often = count === 1 ? '' : `, in ${count} of its runs; the longest`;
  return `Step "${step}" in ${phase} does not get what it asks: ${role} is ${is} where ${wanted} is asked${often} for ${durationWords(away_s)} from ${clockText(from_s)} h on`;
}

/** That a step did not last as long as it should have. */
export function inexactStepText({ phase, step, asked_s, lasted_s, allowed_s, count }: InexactStep): string {
  const [lasted, asked, allowed] = [lasted_s, asked_s, allowed_s].map(time => shortFigure(time));
  const often = count === 1 ? '' : `, the worst of ${count} such runs of it`;
  return `Step "${step}" in ${phase} lasted ${lasted} s where ${asked} s is asked${often}: its set points and the next ones were applied differently late (by up to ${allowed} s is not told)`;
}

/** How far a potential was from where software should have held it. */
export function notHeldText({
  phase,
  step,
  role,
  unit,
  target,
  within,
  rms,
  beyond,
  count,
}: Controlled): string {
  const milli = (value: number | null): string =>
    value === null ? 'not known' : `${shortFigure(1000 * value)} m${unitWords(unit)}`;
  const often = count === 1 ? '' : ` (in ${count} stretches)`;
  return `Step "${step}" in ${phase} does not hold ${role} at ${milli(target)}: up to ${milli(beyond)} beyond, ${milli(rms)} rms${often}; ${milli(within)} count as held`;
}

/** That a reading repeated itself. */
export function sameFigureText(same: SameFigure): string {
  const { role, unit, value, at, readings, count } = same;
  const more = count === 1 ? '' : `; ${count} times in all`;
  return `${role} stands at ${shortFigure(value)} ${unitWords(unit)} to the last digit from ${clockText(at.t_s)} h on (${readings} readings so far) ${againstIt(same)}: it may be no reading${more}`;
}

/** That a measurement is not whole. */
export function incompleteText({ kind, name, from_s, points, asked, reason }: Incomplete): string {
  return `The ${kind} "${name}" from ${clockText(from_s)} h on is not whole: ${points} of ${asked} points (${reason})`;
}

/** What speaks against a reading that repeats itself. */
function againstIt({ charge_Ah = 0, moved_A = 0, usual_readings }: SameFigure): string {
  if (usual_readings === 1) return 'after no two equal ones in a row';
  if (usual_readings !== undefined) return `after ${usual_readings} equal ones in a row at most`;
  const what = [
    ...(charge_Ah > 0 ? [`${shortFigure(charge_Ah)} Ah flow`] : []),
    ...(moved_A > 0 ? [`the current moves by ${shortFigure(moved_A)} A`] : []),
  ];
  return `while ${what.join(' and ')}`;
}

/** What of a result tells it: what was asked and did not come, what is not whole, what was lost. */
export type NotAsAsked = Pick<
  RunResult,
  | 'leftLoops'
  | 'shortSteps'
  | 'inexactSteps'
  | 'sameFigures'
  | 'incomplete'
  | 'controlled'
  | 'rowsLost'
  | 'rowGaps'
  | 'unread'
>;
