import {
  clockText,
  incompleteText,
  inexactStepText,
  isNotHeld,
  type Kpi,
  leftLoopText,
  measuredText,
  type NotAsAsked,
  notHeldText,
  type RunResult,
  rowGapsText,
  rowsLostText,
  sameFigureText,
  shortStepText,
  suspensionsText,
  unmetCriteria,
  unreadText,
} from '../../control/view.ts';

/** How far a run is. */
export interface Progress {
  readonly phase: string;
  /** Time in which its method went on, without holds and cuts, of the time that it is to take, s. */
  readonly time_s: number;
  readonly planned_s: number;
  /** Seconds of the run in one of the computer, by this program; 0: not known yet. */
  readonly speed: number;
  /** Width of the terminal; undefined: no terminal. */
  readonly columns?: number | undefined;
}

const BAR = 24;
const LEAST_BAR = 4;

/** How much of something is done (0..1), as a bar. */
export function bar(part: number, length = BAR): string {
  const filled = Math.round(part * length);
  return `[${'#'.repeat(filled)}${'.'.repeat(length - filled)}]`;
}

/** One line of progress: bar, phase, time of the method, speed factor, wall time left. */
export function progressLine({ phase, time_s, planned_s, speed, columns }: Progress): string {
  const part = planned_s > 0 ? Math.min(1, time_s / planned_s) : 0;
  const left_s = speed > 0 ? Math.max(0, planned_s - time_s) / speed : 0;
  const percent = `${Math.round(part * 100)}`.padStart(3);
  const words = `${percent} %  ${phase.padEnd(20)} ${clockText(time_s)} of ${clockText(planned_s)}  x ${speed.toFixed(speed < 10 ? 1 : 0)}  ${clockText(left_s)} left`;
  if (columns === undefined) return `${bar(part)} ${words}`;
  // A line that wraps cannot be written over again: the bar gives way first.
  const room = columns - 1 - words.length - '[] '.length;
  const line = room >= LEAST_BAR ? `${bar(part, Math.min(BAR, room))} ${words}` : words.trimStart();
  return line.slice(0, columns - 1);
}

/** Figures with as many digits as their uncertainty allows, else four. */
export function figure(kpi: Kpi): string {
  return kpi.value === null ? 'no value' : measuredText(kpi.value, kpi.u95);
}

function criterionText({ criterion }: Kpi): string {
  return criterion === undefined ? '' : `  ${criterion.outcome} (${criterion.is} ${criterion.limit})`;
}

/** That a method went to its end before its last step. */
export const finishedText = (by: string): string =>
  `The method went to its end before its last step, by ${by}`;

/** What was asked and did not come, what is not whole, and readings that may be none: one line each. */
export function notAsAskedLines({
  leftLoops = [],
  shortSteps = [],
  inexactSteps = [],
  sameFigures = [],
  incomplete = [],
  controlled = [],
  rowsLost = [],
  rowGaps = [],
  unread = [],
}: NotAsAsked): string[] {
  return [
    ...leftLoops.map(leftLoopText),
    ...shortSteps.map(shortStepText),
    ...inexactSteps.map(inexactStepText),
    ...sameFigures.map(sameFigureText),
    ...incomplete.map(incompleteText),
    ...controlled.filter(isNotHeld).map(notHeldText),
    ...rowsLost.map(rowsLostText),
    ...rowGaps.map(rowGapsText),
    ...unread.map(unreadText),
  ];
}

/** The result as a table for the terminal: verdict, what was not as asked, phases, figures. */
export function resultTable(result: RunResult): string {
  const lines: string[] = [];
  const { verdict, reason } = result;
  // What begins with the verdict itself says it once.
  const isSaid = reason.startsWith(`${verdict} (`);
  lines.push(`Verdict: ${isSaid ? reason : reason === '' ? verdict : `${verdict} (${reason})`}`);
  if (result.finishedBy !== undefined) lines.push(finishedText(result.finishedBy));
  if (result.criteria !== 'none') lines.push(`Criteria of the methods: ${result.criteria}`);
  for (const { text, outcome } of unmetCriteria(result.kpis)) lines.push(`  ${text}: ${outcome}`);
  const suspended = suspensionsText(result.suspensions ?? []);
  if (suspended !== '') lines.push(suspended);
  lines.push(...notAsAskedLines(result));
  const wire =
    result.timeFactor === 1
      ? ''
      : `, method and emulated plant ${result.timeFactor.toFixed(0)} times faster than life`;
  lines.push(
    `${result.method} on ${result.bench}: ${result.mode}${wire}, ${clockText(result.simulated_s)} h, ${result.rows} rows, seed ${result.seed}`,
  );
  lines.push('', `${'phase'.padEnd(22)}${'start'.padStart(10)}${'duration'.padStart(10)}  ended by`);
  for (const p of result.phases) {
    lines.push(
      `${p.name.padEnd(22)}${clockText(p.start_s).padStart(10)}${clockText(p.end_s - p.start_s).padStart(10)}  ${p.ended_by}`,
    );
  }
  // Names of figures at several rates are long.
  const ids = Math.max(33, ...result.kpis.map(({ id }) => id.length)) + 1;
  lines.push('', `${'figure'.padEnd(ids)}${'phase'.padEnd(22)}${'value'.padStart(22)} unit`);
  for (const kpi of result.kpis) {
    lines.push(
      `${kpi.id.padEnd(ids)}${(kpi.phase ?? 'whole run').padEnd(22)}${figure(kpi).padStart(22)} ${kpi.unit}${criterionText(kpi)}`,
    );
  }
  return lines.join('\n');
}
