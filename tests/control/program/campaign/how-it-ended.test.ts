import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { howItEnded, type LeftByRun } from '../../../../control/program/campaign/how-it-ended.ts';
import type { RunResult } from '../../../../control/view.ts';
import { plainResult } from '../../../support/plain-result.ts';

/** What is made of a run by what it has left: nothing that is not known is good. */

const scratch = mkdtempSync(join(tmpdir(), 'cellbench-ended-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let n = 0;

function left(of: {
  readonly code?: number;
  readonly result?: Partial<RunResult>;
  readonly mode?: LeftByRun['mode'];
  readonly log?: string;
  readonly files?: readonly string[];
  readonly goesOn?: boolean;
  readonly isMarked?: boolean;
}): LeftByRun {
  const dir = join(scratch, `run-${++n}`);
  mkdirSync(dir);
  for (const file of of.files ?? []) writeFileSync(join(dir, file), '');
  if (of.result !== undefined) {
    writeFileSync(join(dir, 'run.sqlite'), 'no record that can be read');
    writeFileSync(join(dir, 'result.json'), JSON.stringify(plainResult(of.result)));
  }
  if (of.code !== undefined) writeFileSync(`${dir}.end.json`, JSON.stringify({ code: of.code, utc_ms: 5 }));
  writeFileSync(`${dir}.log`, of.log ?? '');
  const { mode = 'bench', goesOn = false, isMarked = false } = of;
  return { dir, end: `${dir}.end.json`, log: `${dir}.log`, mode, goesOn, isMarked: () => isMarked };
}

const TRIP = {
  cause: { by: 'interlock', id: 'hot' },
  verdict: 'aborted by a trip',
  reason: 'too hot',
} as const;
const UNPROVED = { unproven: [{ what: 'stack.current_A', otherwise: 'look at the ammeter' }] };

describe('a run is over', () => {
  it.each<[what: string, of: Parameters<typeof left>[0], is: object, person: RegExp | undefined]>([
    ['completed', { code: 0, result: {} }, { isCompleted: true }, undefined],
    ['completed, its process unseen', { result: {} }, { isCompleted: true }, undefined],
    [
      'its safe state not proved',
      { code: 1, result: UNPROVED },
      { isCompleted: false },
      /not proved.*ammeter/,
    ],
    ['not proved, its process unseen', { result: UNPROVED }, { isCompleted: false }, /not proved/],
    ['a trip', { code: 4, result: TRIP }, { isCompleted: false }, /too hot/],
    ['a trip or a stop by a limit, its process unseen', { result: TRIP }, { isCompleted: false }, /too hot/],
    ['a stop by a limit', { code: 3, result: TRIP }, { isCompleted: false }, undefined],
    [
      'stopped by a person',
      { code: 3, result: { cause: { by: 'person', id: 'page' }, verdict: 'stopped by a person' } },
      { isCompleted: false, stoppedBy: 'person' },
      undefined,
    ],
    [
      'aborted by a person who says why',
      {
        code: 4,
        result: {
          cause: { by: 'person', id: 'A. Volta (API)', because: 'a leak' },
          verdict: 'aborted by a person',
          reason: 'aborted by a person (A. Volta (API)): a leak',
        },
      },
      { isCompleted: false, reason: 'aborted by a person (A. Volta (API)): a leak' },
      undefined,
    ],
    [
      'criteria that fail',
      { code: 0, result: { criteria: 'fail' } },
      { isCompleted: true, isPassed: false },
      undefined,
    ],
    [
      'not begun on a bench that is not safe',
      { code: 2, result: { cause: { by: 'start', id: 'not-safe' }, reason: 'output_on reads 1' } },
      { isCompleted: false },
      /output_on reads 1/,
    ],
    [
      'refused',
      { code: 2, log: 'x\ncellbench: supply: no answer\n' },
      { isCompleted: false, reason: 'refused: supply: no answer' },
      undefined,
    ],
    [
      'cut off on instruments',
      { files: ['run.sqlite'] },
      { isCompleted: false },
      /how the bench was left is not known/,
    ],
    ['cut off on twins', { files: ['run.sqlite'], mode: 'rehearsal' }, { isCompleted: false }, undefined],
    ['something was begun', { files: ['guard.jsonl'] }, { isCompleted: false }, /not known/],
    [
      'cut off on twins: it cannot go on',
      { files: ['run.sqlite'], mode: 'wire' },
      { cut: { against: 'emulated instruments are gone with their run', needsWord: false } },
      undefined,
    ],
    [
      'cut off, the record not to be read',
      { files: ['run.sqlite'], isMarked: true },
      { cut: { against: /run\.sqlite/, needsWord: true } },
      /not known/,
    ],
    [
      'refused to go on',
      { files: ['run.sqlite'], goesOn: true, code: 2, log: 'cellbench: not into its safe state' },
      { reason: /refused to go on: not into its safe state/, cut: { needsWord: true } },
      /refused to go on/,
    ],
    [
      'cellbench failed',
      { code: 5, log: 'oh' },
      { isCompleted: false, reason: /exit code 5.*oh/ },
      /not known/,
    ],
  ])('%s', (_, of, is, person) => {
    const ended = howItEnded(left(of));
    if (ended.is !== 'ended') throw new Error(ended.reason);
    const { reason, cut, ...rest } = is as {
      reason?: RegExp | string;
      cut?: { against?: RegExp | string; needsWord: boolean };
    };
    expect(ended.end).toMatchObject(rest);
    if (cut !== undefined) expect(ended.end.cut?.needsWord).toBe(cut.needsWord);
    if (cut?.against !== undefined) expect(ended.end.cut?.against).toMatch(cut.against);
    expect(ended.over_ms).toBe(of.code === undefined ? undefined : 5);
    if (reason !== undefined) expect(ended.end.reason).toMatch(reason);
    if (person === undefined) expect(ended.person).toBeUndefined();
    else expect(ended.person).toMatch(person);
  });

  it.each<[what: string, of: Parameters<typeof left>[0]]>([
    ['its process was gone before anything was opened', {}],
    ['it was stopped before its start', { code: 3 }],
    ['it was to go on, and had not been let go', { goesOn: true, files: ['run.sqlite'] }],
    ['it was to go on, and was stopped before', { goesOn: true, files: ['run.sqlite'], code: 3 }],
  ])('nothing was begun: %s', (_, of) => {
    expect(howItEnded(left(of)).is).toBe('not begun');
  });
});
