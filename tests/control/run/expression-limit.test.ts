import { afterEach, describe, expect, it } from 'vitest';
import { type LineBench, type LineBenchOptions, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';

/** Limits that are a condition over several instruments, over real lines that take their time. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const LOCK = {
  id: 'h2-at-load',
  kind: 'expression',
  when: 'o2.h2_vol_pct > 1.5 and stack.current_A > 40',
  clear: 'o2.h2_vol_pct < 1',
  delay_s: 2,
  reaction: 'trip',
  basis: 'default',
};
const isOver = (): boolean => bench.session.run?.outcome !== undefined;

async function atLoad(options: LineBenchOptions, head?: string): Promise<void> {
  bench = await lineBench({ latency_s: { supply: 0.1, plc: 0.2 }, ...options });
  bench.start([ON, HOLD(1000)], head);
  await bench.until(() => bench.current_A() === 80);
  await bench.pass(1);
}

describe('an interlock that is an expression', () => {
  it('trips when it has stood for its delay: output off, in its words', async () => {
    await atLoad({ interlocks: [LOCK] });
    const at_s = bench.clock.now_s();
    bench.h2InO2_vol_pct = 1.7;
    await bench.until(() => bench.session.state === 'Aborting', 4);
    // One poll of 0.5 s and the answer until it is first seen, then the delay.
    const took_s = bench.clock.now_s() - at_s;
    expect(took_s).toBeGreaterThanOrEqual(2);
    expect(took_s).toBeLessThanOrEqual(2 + 0.5 + 0.2 + 0.25 + 0.05);
    await bench.until(() => bench.current_A() === 0, 1);
    await bench.until(isOver);
    expect(bench.session.run?.outcome).toMatchObject({ cause: { by: 'interlock', id: 'h2-at-load' } });
    expect(bench.session.run?.outcome?.reason).toContain(
      `${LOCK.when}: o2.h2_vol_pct = 1.7 vol%, stack.current_A = 80 A`,
    );
  });

  it('lets the same gas pass without load, and what comes and goes short of its delay', async () => {
    await atLoad({ interlocks: [{ ...LOCK, when: 'o2.h2_vol_pct > 1.5 and stack.current_A < 40' }] });
    bench.h2InO2_vol_pct = 1.7;
    await bench.pass(20);
    expect(bench.session.state).toBe('Execute');
    expect(bench.events.filter(e => e.kind === 'alarm')).toEqual([]);
  });

  it('an instrument that is cut off trips, though the other one alone would not', async () => {
    await atLoad({ interlocks: [LOCK] });
    bench.plc.instrument.cut();
    await bench.until(() => bench.session.state === 'Aborting', 6);
    bench.plc.instrument.mend();
    await bench.until(isOver);
    expect(bench.session.run?.outcome?.cause.id).toBe('h2-at-load');
  });

  it('what a method says milder of the same condition takes nothing away: the strictest wins', async () => {
    await atLoad({ interlocks: [LOCK] }, `limits: [{ when: ${LOCK.when}, then: warn }]\n`);
    bench.h2InO2_vol_pct = 1.7;
    await bench.until(() => bench.session.state === 'Aborting', 4);
    await bench.until(isOver);
    const told = bench.events.flatMap(e =>
      e.kind === 'limit'
        ? [`method ${e.data.reaction}`]
        : e.kind === 'alarm'
          ? [`bench ${e.data.reaction}`]
          : [],
    );
    expect(told).toEqual(['method warn', 'bench trip']);
  });

  it('and what it says stricter acts before the bench', async () => {
    await atLoad({ interlocks: [LOCK] }, 'limits: [{ when: o2.h2_vol_pct > 1.2 for 1 s, then: stop }]\n');
    bench.h2InO2_vol_pct = 1.3;
    await bench.until(isOver, 60);
    expect(bench.session.run?.outcome).toMatchObject({ state: 'Stopped', cause: { by: 'step' } });
  });
});
