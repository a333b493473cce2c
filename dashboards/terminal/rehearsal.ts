import type { Ending, LimitDistance, RecordedRun, Rehearsal } from '../../control/view.ts';
import { clockText, measuredText, shortFigure, unitOf, unitWords } from '../../control/view.ts';
import { plotLines, timeAxisLine } from './plot.ts';
import { table } from './table.ts';

/** A rehearsal as the terminal shows it. */

const PLOT_HEIGHT = 4;
const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;
/** Limits shown one by one; the rest stands in the report. */
const LIMITS_SHOWN = 20;
const REST_LIMITS_SHOWN = 8;

/** Curves of these roles over the run, one below the other over one time axis. */
export function plotsText(
  record: RecordedRun,
  roles: readonly string[],
  end_s: number,
  columns: number,
): string {
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, columns));
  const plots = roles.flatMap(role => [
    `${role}, ${unitWords(unitOf(role) ?? '')}`,
    ...plotLines(record.series(role), end_s, width, PLOT_HEIGHT),
  ]);
  return [...plots, timeAxisLine(end_s, width)].join('\n');
}

/** Everything but the curves and the findings. */
export function rehearsalText(r: Rehearsal): string {
  return [
    `${outcomeText(r)}: ${r.method} on ${r.bench}, ${clockText(r.duration_s)} h, seed ${r.seed}`,
    amounts(r),
    ...(r.end === null ? [] : ['', ...endLines(r.end)]),
    ...figureLines(r.figures),
    '',
    limitsHead(r.limits),
    ...table(
      ['limit', 'reaction', 'closest', 'limit', 'left', 'way used', 'when', 'where'],
      r.limits.slice(0, LIMITS_SHOWN).map(limitRow),
      [2, 3, 4, 5, 6],
    ),
    ...(r.limits.length > LIMITS_SHOWN
      ? [`  ${r.limits.length - LIMITS_SHOWN} farther ones in report.html and rehearsal.json`]
      : []),
    ...methodLimitLines(r.methodLimits),
    '',
    'Steps and how they ended',
    ...table(
      ['phase', 'duration', 'steps', ...ENDINGS, 'never run'],
      stepRows(r),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ),
    ...gateLines(r),
  ].join('\n');
}

/** Never plain where something is to be said against it. */
function outcomeText({ outcome, unproven, judged }: Rehearsal): string {
  const ended = { completed: 'Completed', stopped: 'Stopped', tripped: 'Tripped' }[outcome];
  const isMissed = judged.some(({ criterion }) => criterion?.outcome === 'fail');
  const but = [
    ...(unproven.length > 0 ? ['the safe state is NOT fully proved'] : []),
    ...(isMissed ? ['a criterion of the method is not met'] : []),
  ];
  return but.length === 0 ? ended : `${ended}, but ${but.join(' and ')}`;
}

/** The last word: what to look at before the night. */
export function findingsText(r: Pick<Rehearsal, 'findings'>): string {
  const lines = r.findings.map(f => `  ${f.level.padEnd(8)} ${f.text}`);
  const head = 'What to look at before the night';
  return [head, ...(lines.length > 0 ? lines : ['  nothing found'])].join('\n');
}

/** What of a rehearsal lies behind the place where a run is held; undefined: the twin did not come there. */
export function restText(
  rest:
    | { readonly from_s: number; readonly left_s: number; readonly limits: Rehearsal['limits'] }
    | undefined,
  where: string,
): string {
  const head = `The rest, from ${where} on`;
  if (rest === undefined) return `${head}: nothing can be said, the rehearsal did not come to that place`;
  const { from_s, left_s, limits } = rest;
  return [
    `${head} (${clockText(from_s)} h of the rehearsal): ${clockText(left_s)} h to its end`,
    ...(limits.length === 0
      ? ['  no limit comes closer in it than before']
      : [
          '  limits that come closest in it; all others come closer before',
          ...table(
            ['limit', 'reaction', 'closest', 'limit', 'left', 'way used', 'when', 'where'],
            limits.slice(0, REST_LIMITS_SHOWN).map(limitRow),
            [2, 3, 4, 5, 6],
          ),
        ]),
  ].join('\n');
}

function amounts(r: Rehearsal): string {
  const parts: string[] = [];
  if (r.energy !== null) parts.push(`energy ${shortFigure(r.energy.value)} ${r.energy.unit} in`);
  if (r.energyOut !== null) parts.push(`${shortFigure(r.energyOut.value)} ${r.energyOut.unit} out`);
  if (r.h2 !== null)
    parts.push(
      `H2 ${shortFigure(r.h2.kg)} kg = ${shortFigure(r.h2.NL)} NL (${r.h2.measured ? 'metered' : 'from the charge'})`,
    );
  if (r.n2_NL !== null) parts.push(`N2 ${shortFigure(r.n2_NL)} NL`);
  parts.push(`${r.rows} rows, ${sizeText(r.bytes)} on disk`);
  return parts.join('; ');
}

/** Bytes as people say them. */
export function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** All that the methods found, value with its uncertainty, and what they ask of it: one that is left out may be the one that fails. */
function figureLines(figures: Rehearsal['figures']): string[] {
  if (figures.length === 0) return [];
  const rows = figures.map(({ phase = '', id, value, u95, unit, criterion }) => [
    phase,
    id,
    value === null ? 'none' : measuredText(value, u95),
    unitWords(unit),
    criterion === undefined
      ? ''
      : `${criterion.outcome === 'fail' ? 'FAIL' : criterion.outcome} (${criterion.is} ${shortFigure(criterion.limit)})`,
  ]);
  return [
    '',
    'What the methods found',
    ...table(['method', 'figure', 'value', '', 'asked'], rows, [2]),
    ...(figures.some(({ value }) => value === null) ? ['  none: the report says why'] : []),
  ];
}

function endLines(end: NonNullable<Rehearsal['end']>): string[] {
  return [
    `What led to it: ${end.reason}`,
    `  ${clockText(end.at.t_s)} h, phase ${end.at.phase}${end.at.step === '' ? '' : `, step "${end.at.step}"`}`,
    ...table(
      ['role', ...end.before_s.map(s => (s === 0 ? 'at the end' : `${s} s before`)), ''],
      end.led.map(l => [l.role, ...l.value.map(v => (v === null ? '-' : shortFigure(v))), unitWords(l.unit)]),
      end.before_s.map((_, i) => i + 1),
    ),
  ];
}

/** Says what stands under `closest`: of a limit that fired another thing than of one that did not. */
function limitsHead(limits: readonly LimitDistance[]): string {
  const hasFired = limits.some(l => l.fired > l.firedUnusable);
  const isOfRows = limits.some(({ ofKeptRows }) => ofKeptRows === true);
  return [
    hasFired ? 'Limits: those that fired, with what they fired on or beyond it, then' : 'Limits,',
    'the nearest first (armed time only; what would just have fired',
  ]
    .join(' ')
    .concat(isOfRows ? '; of the rows that were kept)' : ')');
}

function limitRow(l: LimitDistance): string[] {
  const unit = unitWords(l.unit);
  const show = (v: number | null): string => (v === null ? '-' : `${shortFigure(v)} ${unit}`.trimEnd());
  return [
    l.fired > l.firedUnusable ? `${l.id} FIRED` : l.fired > 0 ? `${l.id} NOT READ` : l.id,
    l.reaction,
    show(l.closest),
    l.kind === 'expression' ? 'a condition' : `${l.trips} ${shortFigure(l.limit)}`,
    show(l.distance),
    l.way_frac === null ? '-' : `${(100 * l.way_frac).toFixed(0)} %`,
    l.at === null ? '-' : clockText(l.at.t_s),
    l.at === null
      ? l.armed_s > 0
        ? l.firedUnusable > 0
          ? 'a reading was not usable'
          : l.peak === null
            ? 'no usable value'
            : 'armed for less than its delay'
        : `never armed (${l.armed})`
      : `${l.at.phase}${l.at.step === '' ? '' : `: ${l.at.step}`}${l.member === null ? '' : ` [${l.member}]`}`,
  ];
}

/** What the method sets beside the limits of the bench, those that acted first. */
function methodLimitLines(limits: Rehearsal['methodLimits']): string[] {
  if (limits.length === 0) return [];
  const sorted = limits.toSorted((a, b) => Number(b.fired > 0) - Number(a.fired > 0));
  const rows = sorted.slice(0, LIMITS_SHOWN).map(l => {
    const used = l.within_s === null || l.longest_s === null ? '' : `not passed: ${clockText(l.longest_s)}`;
    const when = l.at === null ? used : clockText(l.at.t_s);
    const name = l.fired > 0 ? `${l.condition} ${l.kind === 'limit' ? 'FIRED' : 'PASSED'}` : l.condition;
    return [name, l.reaction === 'next' ? 'goes on' : l.reaction, `${l.by} (${l.where})`, when];
  });
  const more = limits.length - LIMITS_SHOWN;
  return [
    '',
    'Limits and deadlines of the method; those that acted stand first',
    ...table(['limit', 'reaction', 'set by', 'when'], rows, [3]),
    ...(more > 0 ? [`  ${more} more in report.html and rehearsal.json`] : []),
  ];
}

const ENDINGS: readonly Ending[] = ['time', 'condition', 'done', 'time-out', 'skipped', 'failed', 'cut off'];

function stepRows(r: Rehearsal): string[][] {
  return [...new Set(r.steps.map(s => s.phase))].map(phase => {
    const steps = r.steps.filter(s => s.phase === phase);
    const ran = r.phases.find(p => p.name === phase);
    const by = (ending: Ending): string => {
      const n = steps.reduce((sum, s) => sum + (s.ended.find(e => e.by === ending)?.count ?? 0), 0);
      return n === 0 ? '' : String(n);
    };
    const never = steps.filter(s => s.runs === 0).length;
    return [
      phase,
      ran === undefined ? '-' : clockText(ran.end_s - ran.start_s),
      String(steps.length),
      ...ENDINGS.map(by),
      never === 0 ? '' : String(never),
    ];
  });
}

function gateLines(r: Rehearsal): string[] {
  const held = r.setpoints.filter(s => s.slewed + s.refused + s.failed > 0);
  if (held.length === 0) return [];
  const rows = held.map(s => [
    s.role,
    String(s.applied),
    String(s.slewed),
    `${shortFigure(s.lag)} ${unitWords(s.unit)}`.trimEnd(),
    String(s.refused),
    String(s.failed),
  ]);
  const heads = ['role', 'written', 'slewed', 'largest lag', 'refused', 'failed'];
  return [
    '',
    'Set points that the gate did not let through as asked',
    ...table(heads, rows, [1, 2, 3, 4, 5]),
  ];
}
