import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESUME_CASE } from '../../support/resumable-cases.ts';
import { resumedRun } from '../../support/resumed-run.ts';

describe('a run from its checkpoint', () => {
  it('goes on to the identical journal and outcome, wherever it is cut (500 random runs)', async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(RESUME_CASE, async of => {
        const whole = await resumedRun(of, []);
        const times_s = of.cuts.map(part => Math.round(part * whole.end_s * 32) / 32);
        const cut = await resumedRun(of, times_s);
        const at = whole.journal.findIndex((line, i) => line !== cut.journal[i]);
        if (at >= 0 || whole.journal.length !== cut.journal.length) {
          const where = cut.cuts.map(c => `${c.t_s} s in ${c.state} (${c.step})`).join(', ');
          expect.fail(
            [
              `cut at ${where}: line ${at}`,
              `whole: ${whole.journal.slice(Math.max(0, at - 3), at + 3).join('\n       ')}`,
              `cut:   ${cut.journal.slice(Math.max(0, at - 3), at + 3).join('\n       ')}`,
            ].join('\n'),
          );
        }
        expect(cut.outcome).toEqual(whole.outcome);
        count(whole.outcome.state);
        for (const { state, step } of cut.cuts) {
          count(state);
          count(step);
        }
      }),
      { numRuns: 500 },
    );
    console.log(Object.fromEntries(seen));
  });
});
