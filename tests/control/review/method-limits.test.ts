import { expect, it } from 'vitest';
import { runUnattended } from '../../../control/rehearse/rehearsal.ts';
import { reviewed } from '../../../control/review/review.ts';
import { miniRun } from '../../support/mini-bench.ts';

/** The limits that a method sets stand beside those of the bench, with who set them and what the run says of them. */

it('a condition that warned, one that stopped, a deadline that was kept and one that passed', async () => {
  const mini = await miniRun(
    [
      '- { wait: {}, for_s: 5, name: soak, limits: [{ when: stack.voltage_V > 1, then: warn }] }',
      '- { wait: {}, id: dry, until: stack.voltage_V > 3, within_min: 2 }',
      '- { wait: {}, until: stack.voltage_V > 300, within_s: 7, otherwise: next }',
      '- { wait: {}, for_s: 90, limits: [{ when: cathode.pressure_barg < 9, then: stop }] }',
    ],
    { head: 'limits: [{ when: o2.h2_vol_pct > 50, then: trip }]\n' },
  );
  await mini.open();
  const ended = mini.execute();
  await runUnattended(mini.run, mini.clock);
  await ended;
  await mini.journal.close();
  const { procedure } = mini.run.spec;
  const { methodLimits, limits, whyStopped } = reviewed(mini.path, mini.session.parts, procedure);
  expect(limits).toHaveLength(3);
  const said = methodLimits?.map(l => [l.by, l.where, l.reaction, l.condition, l.fired, l.within_s]);
  expect(said).toEqual([
    ['the method', 'mini.yaml:3', 'trip', 'o2.h2_vol_pct > 50', 0, null],
    ['step soak (wait)', 'mini.yaml:5', 'warn', 'stack.voltage_V > 1', 1, null],
    ['step dry (wait)', 'mini.yaml:6', 'stop', 'within 2 min', 0, 120],
    ['step wait', 'mini.yaml:7', 'next', 'within 7 s', 1, 7],
    ['step wait', 'mini.yaml:8', 'stop', 'cathode.pressure_barg < 9', 1, null],
  ]);
  // Exceeded at the very first look of its step: it stands there, not in what was before.
  expect(methodLimits?.[1].at).toMatchObject({ phase: 'run', step: 'soak' });
  expect(methodLimits?.[4].at?.t_s).toBeGreaterThan(12);
  expect(whyStopped?.methodLimit).toEqual({
    by: 'step wait',
    where: 'mini.yaml:8',
    condition: 'cathode.pressure_barg < 9',
    reaction: 'stop',
    unusable: [],
  });
  expect(whyStopped?.readings).toMatchObject([{ role: 'cathode.pressure_barg', value: 0, quality: 'good' }]);
  expect(methodLimits?.[2].longest_s).toBeLessThan(5);
  expect(methodLimits?.[3].longest_s).toBeGreaterThanOrEqual(7);
});
