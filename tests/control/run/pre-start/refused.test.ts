import { afterEach, describe, expect, it } from 'vitest';
import { exitCode } from '../../../../control/program/result/outcome.ts';
import { startList } from '../../../../control/run/pre-start/list.ts';
import { factsOf } from '../../../../control/run/pre-start/of-session.ts';
import type { SessionParts } from '../../../../control/run/session-parts.ts';
import { type LineBench, lineBench } from '../../../support/line-bench.ts';
import { HOLD, ON } from '../../../support/line-steps.ts';

let bench: LineBench;
afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

/** The list of a bench behind real lines; `zero_barg`: by how much its gauge is off. */
const list =
  (zero_barg: number): NonNullable<SessionParts['preStart']> =>
  session => {
    const facts = factsOf(session);
    return startList({
      ...facts,
      valuesOf: role =>
        facts.valuesOf(role).map(v => (role.role === 'cathode.pressure_barg' ? v + zero_barg : v)),
      watchdogs: new Map([
        ['supply', 5],
        ['plc', 5],
        ['gas', 5],
      ]),
      guard: { watches: 'a second process' },
      disk: { needed_bytes: 1, free_bytes: 2 },
      clock: { utc_ms: 1, newest_ms: 0, newest: 'x', apart_s: 0, isMonotonic: true, goesOn: false },
    });
  };

describe('a start', () => {
  it('goes on where nothing stands against it; the list is in the record', async () => {
    bench = await lineBench({ preStart: list(0) });
    const run = bench.start([ON, HOLD(5)]);
    await bench.until(() => run.outcome !== undefined);
    expect(run.outcome?.state).toBe('Complete');
    const [listed, ...more] = bench.events.filter(event => event.kind === 'preStart');
    expect(more).toEqual([]);
    expect(listed.data.rows.filter(row => row.outcome === 'failed')).toEqual([]);
    expect(listed.data.rows.filter(row => row.check === 'identity')).toHaveLength(3);
    expect(listed.t_s).toBeLessThanOrEqual(bench.when('Execute'));
  });

  it('is refused by one failed row before anything is switched on, with the exit code of a refusal', async () => {
    bench = await lineBench({ preStart: list(-0.4) });
    const run = bench.start([ON, HOLD(5)]);
    await bench.until(() => run.outcome !== undefined);
    expect(run.outcome).toMatchObject({ state: 'Stopped', cause: { by: 'start', id: 'pre-start' } });
    expect(run.outcome?.reason).toContain('not started: pressure-zero of cathode.pressure_barg: -0.4 barg');
    expect(bench.when('Execute')).toBeNaN();
    expect(bench.current_A()).toBe(0);
    expect(bench.supply.instrument.sets.get('outputSet_on') ?? 0).toBe(0);
    if (run.outcome !== undefined) expect(exitCode(run.outcome)).toBe(2);
  });
});
