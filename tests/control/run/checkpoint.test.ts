import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../control/run/read-checkpoint.ts';
import { RESUME_CASE, type ResumeCase } from '../../support/resumable-cases.ts';
import { type ResumedRun, resumedRun } from '../../support/resumed-run.ts';

const RUNS = 400;
/** Every step, and every state in which a run can be taken up unseen; cut there at least so often in all runs. */
const CUT_IN = [
  'set',
  'ramp',
  'wait',
  'cc',
  'rest',
  'point',
  'follow',
  'pressure',
  'Starting',
  'Execute',
  'Held',
  'Suspending',
  'Suspended',
  'Unsuspending',
  'Stopping',
];
const AT_LEAST = 10;
/** The way into a suspension and out of it is short. */
const AT_LEAST_SHORT = 3;

/** The first place at which two journals differ, with a few lines before it; undefined: there is none. */
function difference(whole: ResumedRun, cut: ResumedRun): string | undefined {
  const at = whole.journal.findIndex((line, i) => line !== cut.journal[i]);
  if (at < 0 && whole.journal.length === cut.journal.length) return undefined;
  const where = cut.cuts.map(c => `${c.t_s} s in ${c.state} (${c.step})`).join(', ');
  const part = (run: ResumedRun): string => run.journal.slice(Math.max(0, at - 3), at + 3).join('\n       ');
  return `cut at ${where}, line ${at}\nwhole: ${part(whole)}\ncut:   ${part(cut)}`;
}

/** A case of the generator, the first that is as it should be. */
async function caseWith(is: (whole: ResumedRun) => boolean): Promise<{ of: ResumeCase; whole: ResumedRun }> {
  for (const of of fc.sample(RESUME_CASE, { numRuns: 100, seed: 7 })) {
    const whole = await resumedRun(of, []);
    if (is(whole)) return { of, whole };
  }
  throw new Error('no such case');
}

describe('a run from its checkpoint', () => {
  it(`property: cut anywhere, through JSON, on in a new process image: the identical journal (${RUNS} runs)`, async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(RESUME_CASE, async of => {
        const whole = await resumedRun(of, []);
        const times_s = of.cuts.map(part => Math.round(part * whole.end_s * 32) / 32);
        const cut = await resumedRun(of, times_s);
        expect(difference(whole, cut)).toBeUndefined();
        expect(cut.outcome).toEqual(whole.outcome);
        for (const { state, step } of cut.cuts) {
          count(state);
          count(step);
        }
      }),
      { numRuns: RUNS },
    );
    for (const what of CUT_IN) {
      const least = /^(Uns|S)uspending$/.test(what) ? AT_LEAST_SHORT : AT_LEAST;
      expect(seen.get(what) ?? 0, `cut in ${what}`).toBeGreaterThanOrEqual(least);
    }
  }, 240_000);

  it('is written every 10 s and at each transition, and what is written can be read', async () => {
    const { whole } = await caseWith(({ end_s, journal }) => end_s > 30 && journal.length > 0);
    const times_s = whole.checkpoints.map(c => c.t_s);
    for (let t_s = 10; t_s < whole.end_s; t_s += 10) expect(times_s).toContain(t_s);
    // An abort has more urgent things to do first.
    const transitions = whole.journal.filter(
      line => /event .*"kind":"(state|step)"/.test(line) && !line.includes('"event":"abort"'),
    );
    expect(transitions.length).toBeGreaterThan(4);
    for (const line of transitions) expect(times_s).toContain(Number.parseFloat(line));
    for (const { state } of whole.checkpoints) {
      expect(readCheckpoint(JSON.parse(JSON.stringify(state)))).toEqual(JSON.parse(JSON.stringify(state)));
    }
  });

  it.each(['Complete', 'Stopped', 'Aborted'] as const)(
    'taken up on its way to %s, the safe state is driven again, to the same end',
    async state => {
      const { of, whole } = await caseWith(
        ({ outcome, journal }) =>
          outcome.state === state && outcome.unproven.length === 0 && journal.some(l => l.includes('"vent"')),
      );
      const begin = whole.journal.find(line => line.includes('controlled vent from'));
      const at_s = Number.parseFloat(begin ?? '') + 1 / 32;
      const cut = await resumedRun(of, [at_s], 'anywhere');
      expect(cut.cuts).toHaveLength(1);
      expect(cut.cuts[0].state).toBe(
        { Complete: 'Completing', Stopped: 'Stopping', Aborted: 'Aborting' }[state],
      );
      expect(cut.outcome).toEqual(whole.outcome);
      const after = cut.journal.filter(line => Number.parseFloat(line) >= at_s);
      expect(after.some(line => line.includes('supply safe'))).toBe(true);
      expect(
        after.filter(line => line.includes('"outcome":"applied"') && !line.includes('safe state')),
      ).toEqual([]);
    },
  );

  it.each([
    [{ version: 99 }, 'checkpoint: version 99, expected 4: it was written by another cellbench'],
    [{}, 'checkpoint: no version, expected 4'],
    ['text', 'checkpoint: no version, expected 4'],
    [null, 'checkpoint: no version, expected 4'],
    [{ version: 4 }, 'checkpoint: t_s: '],
  ])('refuses %j in one line', (json, text) => {
    const read = (): unknown => readCheckpoint(json);
    expect(read).toThrow(text);
    expect(read).not.toThrow('\n');
  });

  it('names the first place that is not as expected', async () => {
    const { whole } = await caseWith(({ checkpoints }) => checkpoints.length > 3);
    const json = JSON.parse(JSON.stringify(whole.checkpoints[2].state));
    json.gate.lines['stack.currentSet_A'].applied = 'much';
    expect(() => readCheckpoint(json)).toThrow(/^checkpoint: gate\.lines\.stack\.currentSet_A\.applied: /);
  });
});
