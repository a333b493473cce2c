import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../../control/contract/run-outcome.ts';
import { aftermath } from '../../../control/run/aftermath.ts';
import { type MiniRun, miniRun } from '../../support/mini-bench.ts';

/** What becomes of the bench after a trip belongs to the outcome: nobody leaves in the middle of the way, or says "proved" of it. */

const HOLD = '- { wait: {}, for_s: 1000 }';

/** A trip at 20 s; `after(mini, s)` ten times a second after it. */
async function tripped(after: (mini: MiniRun, s: number) => void): Promise<{
  readonly first: RunOutcome;
  readonly last: RunOutcome;
  readonly mini: MiniRun;
  readonly took_s: number;
}> {
  const mini = await miniRun(HOLD);
  const { clock, plc } = mini;
  const ran = mini.execute({ staysOpen: true });
  await clock.runUntil(clock.sleep(20));
  plc.values[2] = 5;
  await clock.runUntil(clock.sleep(4));
  plc.values[2] = 0;
  const first = await clock.runUntil(ran);
  const since_s = clock.now_s();
  const cancel = clock.every(0.1, () => after(mini, clock.now_s() - since_s));
  const last = await clock.runUntil(aftermath(mini.session, first));
  cancel();
  return { first, last, mini, took_s: clock.now_s() - since_s };
}

describe('after a trip', () => {
  it('ten seconds of record, and the outcome as it was, where all stays proved', async () => {
    const { first, last, took_s, mini } = await tripped(() => {});
    expect(first.state).toBe('Aborted');
    expect(first.unproven).toEqual([]);
    expect(last).toEqual(first);
    expect(took_s).toBeGreaterThanOrEqual(10);
    expect(took_s).toBeLessThan(11);
    await mini.session.close();
  });

  it.each([2, 5, 8.5])(
    'a proof that is lost for good %d s after it is named, with the next means',
    async lost_s => {
      const { first, last, mini } = await tripped(({ supply }, s) => {
        if (s >= lost_s) supply.values[1] = 20;
      });
      expect(first.unproven).toEqual([]);
      expect(last.unproven.map(u => u.otherwise)).toContain('emergency stop');
      expect(mini.session.safeState.isUnderWay).toBe(false);
      await mini.session.close();
    },
  );

  it('a proof that is lost and comes back is proved again, and nobody left before', async () => {
    const { last, mini } = await tripped(({ supply }, s) => {
      supply.values[1] = s >= 9 && s < 12 ? 20 : 0;
    });
    expect(last.unproven).toEqual([]);
    expect(mini.session.safeState.isSettled).toBe(true);
    expect(mini.supply.values[1]).toBe(0);
    await mini.session.close();
  });

  it('a proof that comes and goes keeps nobody for ever', async () => {
    const { took_s, mini } = await tripped(({ supply }, s) => {
      // Good for one reading after each walk has written it, then lost again.
      supply.values[1] = s > 5 && Math.floor(s / 3) % 2 === 0 ? 20 : 0;
    });
    expect(took_s).toBeLessThan(2 * 3600);
    await mini.session.close();
  });

  it('a bench that has been closed meanwhile keeps nobody', async () => {
    const mini = await miniRun(HOLD);
    const { clock } = mini;
    const ran = mini.execute();
    await clock.runUntil(clock.sleep(5));
    mini.session.abort({ by: 'person', id: 'page' }, 'abort');
    const first = await clock.runUntil(ran);
    mini.supply.values[1] = 20;
    const from_s = clock.now_s();
    await clock.runUntil(aftermath(mini.session, first));
    expect(clock.now_s() - from_s).toBeLessThan(31);
  });

  it('whoever is in a hurry waits no longer than the bench needs', async () => {
    const mini = await miniRun(HOLD);
    const { clock, session } = { clock: mini.clock, session: await mini.open() };
    const ran = mini.execute({ staysOpen: true });
    await clock.runUntil(clock.sleep(5));
    session.abort({ by: 'person', id: 'page' }, 'abort');
    const first = await clock.runUntil(ran);
    const from_s = clock.now_s();
    await clock.runUntil(aftermath(session, first, Promise.resolve()));
    expect(clock.now_s() - from_s).toBeLessThan(1);
    await session.close();
  });
});
