import { expect, it } from 'vitest';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { runWithTruth } from '../../../support/truth-run.ts';

/** Figures of the methods of a stack as they are listed; whether they are true: tests/validate/methods. */

const PEM = new URL('../../../../examples/pem-500kw/bench.yaml', import.meta.url).pathname;
const START =
  '- { call: purge, id: first, with: { purge_min: 3 } }\n- { call: start-stack, with: { load_pct: 30, band_K: 50 } }';

it('each evaluation gives the figures that it lists, with or without values', async () => {
  const run = await runWithTruth(PEM, ['method: x', 'version: 2', 'steps:', START].join('\n'));
  const listed = EVALUATIONS['start-stack'].figures.map(({ id, unit }) => ({ id, unit }));
  expect(run.kpis.filter(k => k.phase === 'start-stack').map(({ id, unit }) => ({ id, unit }))).toEqual(
    listed,
  );
});
