import { describe, expect, it } from 'vitest';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';

/** The supply's own watchdog is lost while its line stands: armed with 5 s, it then says something else, or nothing. */

const LOAD = [ON, HOLD(1000)];

/** Longest until a loss is told, s: between two looks, a second look, and the answers on the way. */
const TOLD_WITHIN_S = 8;

const lost = (bench: LineBench) =>
  bench.events.filter(e => e.kind === 'watchdog' && e.data.armed_s === null).map(e => e.text);

async function underLoad(options: Parameters<typeof lineBench>[0] = {}): Promise<LineBench> {
  const bench = await lineBench({ latency_s: { supply: 0.04 }, ...options });
  bench.start(LOAD);
  await bench.until(() => bench.current_A() === 80);
  return bench;
}

describe('a watchdog that is lost while the line stands', () => {
  it.each([
    ['switched off', Number.NaN, 'reads back time-out off'],
    ['with another time', 3600, 'reads back time-out 3600 s'],
  ])('%s: the output goes off, and the cause says so', async (_, watchdog_s, read) => {
    const bench = await underLoad();
    bench.supply.instrument.watchdog_s = watchdog_s;
    const lost_s = bench.clock.now_s();
    await bench.until(() => bench.current_A() === 0, 30);
    expect(bench.clock.now_s() - lost_s).toBeLessThan(TOLD_WITHIN_S);
    await bench.until(() => bench.session.state === 'Aborted');
    expect(bench.session.run?.outcome?.cause).toEqual({ by: 'watchdog', id: 'supply' });
    expect(bench.session.reason).toContain('supply');
    expect(bench.session.reason).toContain('armed time-out 5 s');
    expect(bench.session.reason).toContain(read);
    expect(bench.events.filter(e => e.kind === 'end')).toHaveLength(1);
    // Told once, however long it stands.
    await bench.pass(60);
    expect(bench.session.state).toBe('Aborted');
    expect(lost(bench)).toHaveLength(1);
    await bench.session.close();
  });

  it('that reads wrong once only is no loss', async () => {
    const bench = await underLoad();
    const { instrument } = bench.supply;
    const asked = (): number => instrument.log.filter(f => f.text === 'watchdog?').length;
    const before = asked();
    instrument.watchdog_s = 3600;
    await bench.until(() => asked() > before);
    instrument.watchdog_s = 5;
    await bench.pass(30);
    expect(bench.session.state).toBe('Execute');
    expect(lost(bench)).toEqual([]);
    expect(asked()).toBeGreaterThanOrEqual(before + 4);
    await bench.session.close();
  });

  it('with the output off: told, nothing tripped; no start until it is back', async () => {
    const bench = await lineBench({ latency_s: { supply: 0.04 } });
    await bench.pass(1);
    bench.supply.instrument.watchdog_s = Number.NaN;
    await bench.pass(TOLD_WITHIN_S);
    expect(bench.session.state).toBe('Idle');
    expect(lost(bench)).toHaveLength(1);
    const run = bench.start(LOAD);
    await bench.until(() => run.outcome !== undefined);
    expect(run.outcome?.cause).toEqual({ by: 'start', id: 'watchdog' });
    expect(bench.session.reason).toContain('reads back time-out off');
    expect(bench.supply.instrument.sets.get('outputSet_on')).toBe(0);
    bench.supply.instrument.watchdog_s = 5;
    await bench.pass(TOLD_WITHIN_S);
    expect(bench.events.filter(e => e.kind === 'watchdog').at(-1)?.text).toContain('as it was armed again');
    await bench.session.close();
  });

  it('lost while a step rests with the output off: it trips as soon as the output goes on', async () => {
    const bench = await lineBench({ latency_s: { supply: 0.04 } });
    bench.start(['- { name: rest, wait: {}, for_s: 20 }', ...LOAD]);
    await bench.until(() => bench.session.state === 'Execute');
    bench.supply.instrument.watchdog_s = Number.NaN;
    await bench.pass(TOLD_WITHIN_S);
    expect(bench.session.state).toBe('Execute');
    expect(lost(bench)).toHaveLength(1);
    await bench.until(() => bench.session.state === 'Aborted');
    expect(bench.session.run?.outcome?.cause).toEqual({ by: 'watchdog', id: 'supply' });
    expect(bench.current_A()).toBe(0);
    await bench.session.close();
  });

  it('that cannot be read for a minute while readings come: as one that is lost', async () => {
    const bench = await underLoad();
    bench.supply.instrument.refuses.add('watchdog');
    const since_s = bench.clock.now_s();
    await bench.pass(40);
    expect(bench.session.state).toBe('Execute');
    await bench.until(() => bench.current_A() === 0, 60);
    expect(bench.clock.now_s() - since_s).toBeLessThan(75);
    await bench.until(() => bench.session.state === 'Aborted');
    expect(bench.session.run?.outcome?.cause).toEqual({ by: 'watchdog', id: 'supply' });
    expect(bench.session.reason).toContain('refused by the instrument');
    await bench.session.close();
  });

  it.each([1, 2, 3])('lost frames are no loss of it (seed %i)', async seed => {
    const bench = await underLoad({ seed });
    bench.supply.instrument.lossRate = 0.1;
    await bench.pass(120);
    bench.supply.instrument.lossRate = 0;
    expect(lost(bench)).toEqual([]);
    await bench.session.close();
  });
});
