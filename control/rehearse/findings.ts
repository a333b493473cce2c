import { unmetCriteria } from '../review/criteria.ts';
import { isNotHeld } from '../review/not-as-asked.ts';
import { incompleteText, notHeldText, sameFigureText, shortStepText } from '../review/not-as-asked-text.ts';
import type { LimitDistance, MethodLimit } from '../review/result.ts';
import { isMissed, leftLoopText } from '../review/rounds/left-loops.ts';
import { suspensionsText } from '../review/suspensions.ts';
import { clockText, durationWords, shortFigure, unitWords } from '../words.ts';
import type { Finding, Rehearsal, StepCount } from './summary.ts';

/** A limit that is used up to this part of the way from its usual value counts as near (chosen here). */
const NEAR_FRAC = 0.9;
/** So many steps are named one by one; the rest is counted. */
const NAMED = 3;

/**
 * What to look at before the night, the worst first. Empty: nothing was found. `faults`: what was made to go wrong, in
 * words; a rehearsal with faults must not be read as one without. `unlike`: what the bench may hold otherwise than the
 * twin did, in words.
 */
export function findingsOf(
  found: Omit<Rehearsal, 'findings'>,
  faults: readonly string[] = [],
  unlike: readonly string[] = [],
): Finding[] {
  const findings = [
    ...endOf(found),
    ...criterionFindings(found),
    // The trip that ended the run stands at the top already.
    ...found.limits.filter(l => l.id !== found.end?.interlock).flatMap(limitFinding),
    ...found.limits.flatMap(unwatchedFinding),
    ...stepFindings(found.steps, found.outcome === 'completed', found.finishedBy),
    ...(found.leftLoops ?? []).map(one => (isMissed(one) ? warning : note)(leftLoopText(one))),
    ...metFindings(found.steps),
    ...found.methodLimits.flatMap(methodLimitFinding),
    ...found.shortSteps.map(short => warning(shortStepText(short))),
    ...found.sameFigures.map(same => warning(sameFigureText(same))),
    ...(found.incomplete ?? []).map(one => warning(incompleteText(one))),
    ...(found.controlled ?? []).filter(isNotHeld).map(one => warning(notHeldText(one))),
    ...(found.suspensions.length === 0 ? [] : [warning(suspensionsText(found.suspensions))]),
    ...readingFindings(found),
    ...setpointFindings(found),
    ...unlike.map(note),
    ...faults.map(text => note(`Fault ${text}`)),
  ];
  return findings.sort(worstFirst);
}

/** Order of findings: trips, missed criteria, warnings, notes; equal ones stay as they are. */
export function worstFirst(a: Finding, b: Finding): number {
  const order = { trip: 0, fail: 1, warning: 2, note: 3 };
  return order[a.level] - order[b.level];
}

const warning = (text: string): Finding => ({ level: 'warning', text });
const note = (text: string): Finding => ({ level: 'note', text });

function endOf({ outcome, end }: Pick<Rehearsal, 'outcome' | 'end'>): Finding[] {
  if (end === null) return [];
  const where = `at ${clockText(end.at.t_s)} h, phase ${end.at.phase}${end.at.step === '' ? '' : `, step "${end.at.step}"`}`;
  const how = {
    tripped: 'Trips',
    stopped: 'Stops',
    completed: 'Completes, but its safe state is NOT fully proved',
  }[outcome];
  return [{ level: 'trip', text: `${how} ${where}: ${end.reason}` }];
}

function criterionFindings({ judged }: Pick<Rehearsal, 'judged'>): Finding[] {
  return unmetCriteria(judged).map(({ outcome, text }) =>
    outcome === 'fail'
      ? { level: 'fail', text: `Criterion of the method not met: ${text}` }
      : note(`Criterion of the method not decided: ${text}`),
  );
}

function limitFinding(limit: LimitDistance): Finding[] {
  const { id, unit, trips, reaction } = limit;
  const name = `${id} (${reaction} ${trips} ${shortFigure(limit.limit)} ${unitWords(unit)})`;
  const when = limit.at === null ? '' : ` at ${clockText(limit.at.t_s)} h in ${limit.at.phase}`;
  const reached =
    limit.closest === null
      ? ''
      : `, ${limit.member ?? limit.role} reaches ${shortFigure(limit.closest)}${when}`;
  const beyond = limit.fired - limit.firedUnusable;
  const blind = `${name} acts ${times(limit.firedUnusable)} because ${limit.role} is not usable, which counts as exceeded`;
  if (limit.fired > 0)
    return [
      ...(beyond > 0 ? [warning(`${name} fires ${times(beyond)}${reached}`)] : []),
      ...(limit.firedUnusable > 0 ? [warning(blind)] : []),
    ];
  if (limit.closest === null && limit.peak === null) {
    return limit.armed_s > 0
      ? [note(`${name} was armed for ${clockText(limit.armed_s)} h, but nothing usable was read`)]
      : [note(`${name} is never armed in this method (armed: ${limit.armed})`)];
  }
  const sign = trips === '>' ? 1 : -1;
  if (limit.peak !== null && sign * (limit.peak - limit.limit) > 0) {
    return [
      warning(
        `${name} is exceeded for less than its delay of ${limit.delay_s} s: up to ${shortFigure(limit.peak)} ${unitWords(unit)}`,
      ),
    ];
  }
  if (unit === 'on' || limit.distance === null) return [];
  const left = `${shortFigure(limit.distance)} ${unitWords(unit)} left${reached}`;
  if (limit.u95 !== null && limit.distance <= limit.u95)
    return [warning(`${name}: only ${left}; the instrument's own uncertainty is ${shortFigure(limit.u95)}`)];
  if (limit.way_frac !== null && limit.way_frac >= NEAR_FRAC) return [warning(`${name}: only ${left}`)];
  return [];
}

/** Armed by a tag, and beyond its limit in steps without it: longer than it was armed at all, or just so long. */
function unwatchedFinding(limit: LimitDistance): Finding[] {
  const { id, reaction, trips, unit, role, armed, armed_s, peak, unwatched } = limit;
  if (unwatched === undefined) return [];
  const { beyond_s, at } = unwatched;
  const step = at.step === '' ? '' : `, step "${at.step}"`;
  const text = `${id} (${reaction} ${trips} ${shortFigure(limit.limit)} ${unitWords(unit)}) was not armed while ${role} was beyond it for ${durationWords(beyond_s)}, from ${clockText(at.t_s)} h on in ${at.phase}${step}: only steps with the tag "${armed}" arm it, for ${durationWords(armed_s)} in all`;
  // One reading is no time, but has armed it.
  const wasArmed = armed_s > 0 || peak !== null;
  return [wasArmed && beyond_s > armed_s ? warning(text) : note(text)];
}

function stepFindings(steps: readonly StepCount[], isComplete: boolean, finishedBy?: string): Finding[] {
  const findings: Finding[] = [];
  for (const step of steps) {
    for (const ending of step.ended) {
      const where = `Step "${step.step}" in ${step.phase}`;
      if (ending.by === 'time-out')
        findings.push(
          warning(`${where} ends by ${ending.text}${ending.count > 1 ? ` (${times(ending.count)})` : ''}`),
        );
      else if (ending.by === 'failed') findings.push(warning(`${where}: ${ending.text}`));
    }
  }
  const skipped = steps.filter(s => s.ended.some(e => e.by === 'skipped'));
  if (skipped.length > 0) {
    const text = skipped[0].ended.find(e => e.by === 'skipped')?.text ?? '';
    findings.push(note(`${count(skipped.length, 'step')} left out, in ${phasesOf(skipped)}: ${text}`));
  }
  const never = steps.filter(s => s.runs === 0);
  if (never.length > 0) {
    const named = never
      .slice(0, NAMED)
      .map(s => `"${s.step}"`)
      .join(', ');
    const more = never.length > NAMED ? ' ...' : '';
    const why = finishedBy === undefined ? '' : `; the method went to its end by ${finishedBy}`;
    const text = `${count(never.length, 'step')} never reached, in ${phasesOf(never)}: ${named}${more}${why}`;
    findings.push(isComplete ? warning(text) : note(`${text} (the run ended before)`));
  }
  return findings;
}

/**
 * Waits for what held already. One that waits in some rounds and not in others is as a rule a slip: a counter that goes on
 * from round to round. One that never waits may make sure of something, or have its limit on the wrong side.
 */
function metFindings(steps: readonly StepCount[]): Finding[] {
  const met = steps.filter(step => step.wasMet !== undefined);
  const sometimes = met.filter(step => step.wasMet !== step.runs && step.isHeld !== true);
  const never = met.filter(step => step.wasMet === step.runs);
  const named = never.slice(0, NAMED).map(step => `"${step.step}" in ${step.phase} (${conditionOf(step)})`);
  const more = never.length > NAMED ? ' ...' : '';
  const text = `What ${count(never.length, 'step')} ${never.length === 1 ? 'waits' : 'wait'} for held already: `;
  return [
    ...sometimes.map(step =>
      warning(
        `Step "${step.step}" in ${step.phase} waits for nothing in ${step.wasMet} of ${step.runs} rounds: ${conditionOf(step)} holds already when it begins`,
      ),
    ),
    ...(never.length === 0 ? [] : [note(`${text}${named.join(', ')}${more}`)]),
  ];
}

/** What a step waited for, in its own words. */
function conditionOf({ ended }: StepCount): string {
  return ended.find(ending => ending.by === 'condition')?.text ?? '';
}

/** One that warns or holds; what ends the run or a step stands there. A condition that warns is told once, however often. */
function methodLimitFinding({ kind, by, where, condition, reaction, fired, at }: MethodLimit): Finding[] {
  if (kind !== 'limit' || fired === 0 || reaction === 'stop' || reaction === 'trip') return [];
  const when = at === null ? '' : ` at ${clockText(at.t_s)} h${at.step === '' ? '' : `, step "${at.step}"`}`;
  return [warning(`Limit of ${by} (${reaction}, ${where}): ${condition}${when}`)];
}

function readingFindings({ badReadings }: Pick<Rehearsal, 'badReadings'>): Finding[] {
  return badReadings.map(bad =>
    warning(
      `${bad.device}: ${bad.channel === '' ? '' : `${bad.channel} gives `}no usable value in ${count(bad.frames, 'reading')} from ${clockText(bad.first_s)} h on (${bad.text})`,
    ),
  );
}

function setpointFindings({ setpoints }: Pick<Rehearsal, 'setpoints'>): Finding[] {
  return setpoints.flatMap(s => {
    const found: Finding[] = [];
    if (s.refused > 0) found.push(warning(`The gate refuses ${count(s.refused, 'set point')} of ${s.role}`));
    if (s.failed > 0) found.push(warning(`${count(s.failed, 'set point')} of ${s.role} not applied`));
    if (s.slewed > 0)
      found.push(
        note(
          `The ramp limit of ${s.role} holds ${count(s.slewed, 'set point')} back, by up to ${shortFigure(s.lag)} ${unitWords(s.unit)}`,
        ),
      );
    return found;
  });
}

function phasesOf(steps: readonly StepCount[]): string {
  return [...new Set(steps.map(s => s.phase))].join(', ');
}

function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
