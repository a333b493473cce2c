import { type CarriedCourse, clockText } from '../../control/view.ts';
import { table } from './table.ts';

/** A campaign that is carried out, as the terminal shows it: what ran, what runs, what waits for what. */

const LEAST_WIDTH = 60;
const REST = '…';

/** All of it, for a terminal of so many columns. */
export function carriedText(course: CarriedCourse, columns: number): string {
  const { campaign, is, runs, benches, counts, begunUtc, updatedUtc } = course;
  const of = Object.entries(counts).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  const held = benches.filter(one => one.held !== null);
  return [
    ...table(
      ['run', 'state', 'began, UTC', 'took', 'expected end', 'why, or what it waits for'],
      runs.map(run => [
        run.id,
        run.resumed > 0 ? `${run.state}, resumed ${run.resumed}x` : run.state,
        run.beginUtc === null ? '' : stamp(run.beginUtc),
        tookText(run, updatedUtc),
        run.expectedEndUtc === null ? '' : stamp(run.expectedEndUtc),
        [run.reason, run.waitsFor ?? ''].filter(text => text !== '').join('; waits for '),
      ]),
      [3],
    ).map(line => cut(line, Math.max(LEAST_WIDTH, columns))),
    '',
    ...held.map(({ bench, held: why }) => `${bench} is held until somebody has looked: ${why}`),
    ...heldTexts(course),
    `${campaign}: ${is}, ${of.join(', ')}; begun ${stamp(begunUtc)} UTC`,
  ].join('\n');
}

/** What a person holds: the whole, and run by run; a line for each word. */
function heldTexts({ campaign, held, runs }: CarriedCourse): string[] {
  const words = new Map(runs.flatMap(one => (one.held === null ? [] : [[one.held.what, one.held]])));
  return [
    ...(held === null
      ? []
      : [
          `${campaign} is held since ${stamp(held.sinceUtc)} UTC, nothing more begins (${held.by}: ${held.because})`,
        ]),
    ...[...words].map(
      ([what, { by, because, sinceUtc }]) =>
        `${what} is held since ${stamp(sinceUtc)} UTC (${by}: ${because})`,
    ),
  ];
}

/** Of one that goes on: so far. */
function tookText({ duration_s, beginUtc, state }: CarriedCourse['runs'][number], nowUtc: string): string {
  if (duration_s !== null) return clockText(duration_s);
  if (state !== 'running' || beginUtc === null) return '';
  return `${clockText((Date.parse(nowUtc) - Date.parse(beginUtc)) / 1000)} so far`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}${REST}`;
}

/** `2026-11-29 22:00`. */
function stamp(utc: string): string {
  return utc.slice(0, 16).replace('T', ' ');
}
