import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../control/contract/cause.ts';
import type { RunOutcome } from '../../../control/contract/run-outcome.ts';
import { exitCode, rehearsalCode } from '../../../control/program/result/outcome.ts';
import type { Finding, Rehearsal } from '../../../control/rehearse/summary.ts';

/** Each code means one thing: who calls us in the night decides by it. */

const open = [{ what: 'stack.current_A < 5 (reads 20)', otherwise: 'open the DC contactor' }];
const ROWS: readonly [
  what: string,
  state: RunOutcome['state'],
  cause: Cause,
  unproven: typeof open,
  code: number,
][] = [
  ['completed and proved', 'Complete', { by: 'procedure', id: 'complete' }, [], 0],
  ['completed, not proved', 'Complete', { by: 'procedure', id: 'complete' }, open, 1],
  ['a bench that is not safe to start', 'Stopped', { by: 'start', id: 'not-safe' }, open, 2],
  ['an alarm stands before the start', 'Stopped', { by: 'start', id: 'alarm' }, [], 2],
  ['stopped by a person', 'Stopped', { by: 'person', id: 'page' }, [], 3],
  ['stopped by a signal, not proved', 'Stopped', { by: 'signal', id: 'SIGTERM' }, open, 3],
  ['tripped', 'Aborted', { by: 'interlock', id: 'h2' }, [], 4],
  ['tripped, not proved', 'Aborted', { by: 'interlock', id: 'h2' }, open, 4],
  ['aborted by a person', 'Aborted', { by: 'person', id: 'terminal' }, [], 4],
  ['cellbench itself failed', 'Aborted', { by: 'self', id: 'tick' }, [], 5],
];

describe('exit codes', () => {
  it.each(ROWS)('%s', (_what, state, cause, unproven, code) => {
    expect(exitCode({ state, cause, reason: '', unproven } as RunOutcome)).toBe(code);
  });
});

describe('exit codes of a rehearsal', () => {
  const found = (level: Finding['level']): Finding[] => [{ level, text: 'x' }];
  const rows: readonly [
    what: string,
    outcome: Rehearsal['outcome'],
    cause: Cause | null,
    findings: Finding[],
    code: number,
  ][] = [
    ['nothing found', 'completed', null, [], 0],
    ['notes', 'completed', null, found('note'), 0],
    ['completed, a criterion of the method is not met', 'completed', null, found('fail'), 0],
    ['warnings', 'completed', null, found('warning'), 1],
    ['completed, not proved', 'completed', { by: 'procedure', id: 'complete' }, found('trip'), 1],
    ['stopped by a person', 'stopped', { by: 'person', id: 'terminal' }, found('trip'), 3],
    ['tripped', 'tripped', { by: 'interlock', id: 'h2' }, found('trip'), 4],
    ['cellbench itself failed', 'tripped', { by: 'self', id: 'tick' }, found('trip'), 5],
  ];
  it.each(rows)('%s', (_what, outcome, cause, findings, code) => {
    const end = cause === null ? null : ({ cause } as Rehearsal['end']);
    expect(rehearsalCode({ outcome, end, findings })).toBe(code);
  });
});
