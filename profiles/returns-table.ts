import type { FigureTable } from './kpi.ts';
import type { RecordedRun } from './recorded-run.ts';

/** So many calls at most, the last ones. */
const CALLS = 2000;

/**
 * What called procedures returned, call by call: a row each, in the order of their ends; `round` counts those of one call.
 * Each figure has a column under its name with unit, null where a call does not return it or it was not known. Counted
 * as the run went on, not from the record: no uncertainty is known.
 */
export function returnsTables({ calls = [] }: RecordedRun): FigureTable[] {
  if (calls.length === 0) return [];
  const names = [...new Set(calls.flatMap(({ figures }) => Object.keys(figures)))];
  const rounds = new Map<string, number>();
  const rows = calls.map(({ call, procedure, start_s, end_s, figures }) => {
    const key = JSON.stringify([call, procedure]);
    const round = (rounds.get(key) ?? 0) + 1;
    rounds.set(key, round);
    const values = names.map(name => {
      const value = figures[name];
      return value !== undefined && Number.isFinite(value) ? value : null;
    });
    return [call, procedure, round, start_s, end_s, ...values];
  });
  const columns = ['call', 'procedure', 'round', 'start_s', 'end_s', ...names];
  return [{ id: 'returns', columns, rows: rows.slice(-CALLS) }];
}

/**
 * What `let` in loops has given names, round by round: a row each time. `nth` counts those of one line: where it leaps, the
 * run told only some of them (from 1000 on), or the table has only the last ones.
 */
export function roundsTables({ rounds = [] }: RecordedRun): FigureTable[] {
  if (rounds.length === 0) return [];
  const shown = rounds.slice(-CALLS);
  const names = [...new Set(shown.flatMap(({ figures }) => Object.keys(figures)))];
  const rows = shown.map(({ where, round, nth, t_s, figures }) => {
    const values = names.map(name => {
      const value = figures[name];
      return value !== undefined && Number.isFinite(value) ? value : null;
    });
    return [where, round, nth, t_s, ...values];
  });
  return [{ id: 'let', columns: ['let', 'round', 'nth', 't_s', ...names], rows }];
}
