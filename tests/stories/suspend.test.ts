import { describe, expect, it } from 'vitest';
import type { Bench } from '../../control/bench/bench.ts';
import { FACTOR, startWireRun, type WireRun } from './support/wire-run.ts';

/**
 * The stack gets too hot while nobody is there, over emulated sockets and serial lines, with a supply that answers 40 ms late: the
 * current goes to its recovery point, the run goes on by itself once it has cooled, its step lasts its full time all the same. The
 * third time the output is switched off.
 */
const HOT_degC = 66;
const COOL_degC = 40;
const RECOVERY_A = 200;
const STEP_s = 900;

const withSuspension = (bench: Bench): Bench => ({
  ...bench,
  interlocks: [
    ...bench.interlocks,
    {
      id: 'stack-hot',
      kind: 'threshold',
      role: 'stack.temperature_degC',
      trips: '>',
      limit: 62,
      rearm: 50,
      delay_s: 0,
      reaction: 'suspend',
      armed: 'always',
      basis: 'default',
      recover: { set: { 'stack.currentSet_A': RECOVERY_A }, for_s: 1, within_s: 30, at_most: 2 },
    },
  ],
});

describe('over-temperature with nobody there', () => {
  it('suspends on the real lines, goes on, and its step has its full time; the third time the output is off', async () => {
    const wire = await startWireRun({
      for_s: STEP_s,
      behind: '  - { wait: {}, name: second, for_s: 36000 }\n',
      change: withSuspension,
    });
    await wire.emulators.fault('supply', { delay_ms: 40 });
    await wire.underLoad();
    const before_A = await wire.emulators.look('stack.current_A');
    expect(before_A).toBeGreaterThan(2 * RECOVERY_A);
    for (let nth = 1; nth <= 2; nth++) {
      await wire.emulators.force('stack.temperature_degC', HOT_degC);
      await until(wire, () => wire.session.state === 'Suspended');
      // On the line, not in our own books.
      expect(await wire.emulators.look('stack.current_A')).toBeLessThan(1.05 * RECOVERY_A);
      expect(wire.run.step).toBe('under load');
      await wire.clock.sleep(1.5);
      expect(wire.session.state).toBe('Suspended');
      await wire.emulators.force('stack.temperature_degC', COOL_degC);
      await until(wire, () => wire.session.state === 'Execute');
      expect(await wire.emulators.look('stack.current_A')).toBeGreaterThan(0.95 * before_A);
    }
    await wire.emulators.force('stack.temperature_degC', null);
    await until(wire, () => wire.run.step === 'second', 40);
    await wire.emulators.force('stack.temperature_degC', HOT_degC);
    await until(wire, () => wire.session.state === 'Aborting' || wire.run.outcome !== undefined, 4);
    const aborting_s = wire.clock.now_s();
    while ((await wire.emulators.look('stack.current_A')) > 5 && wire.clock.now_s() < aborting_s + 2)
      await wire.clock.sleep(0.02);
    expect(wire.clock.now_s() - aborting_s).toBeLessThan(1);
    await wire.emulators.force('stack.temperature_degC', null);
    const outcome = await wire.outcome;
    expect(outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'stack-hot' } });
    expect(outcome.reason).toContain('for the 3rd time in this run, at most 2');
    const events = await wire.finish();
    const times = (kind: string): number[] => events.flatMap(e => (e.kind === kind ? [e.t_s] : []));
    const [from, to] = [times('suspended'), times('recovered')];
    expect([from.length, to.length]).toEqual([2, 2]);
    const step = events.find(e => e.kind === 'step' && e.text.startsWith('under load'));
    const began = events.filter(e => e.kind === 'step' && e.t_s < (step?.t_s ?? 0)).at(-1);
    const back = events.filter(e => e.kind === 'state' && e.text.includes('(unsuspended)'));
    const still_s = from.reduce((sum, t_s, i) => sum + ((back[i]?.t_s ?? 0) - t_s), 0);
    const whole_s = (step?.t_s ?? 0) - (began?.t_s ?? 0);
    expect(still_s).toBeGreaterThan(4);
    expect(whole_s - still_s).toBeGreaterThan(STEP_s / FACTOR - 0.5);
    expect(whole_s - still_s).toBeLessThan(STEP_s / FACTOR + 1.5);
  }, 120_000);
});

async function until(wire: WireRun, is: () => boolean, most_s = 15): Promise<void> {
  const until_s = wire.clock.now_s() + most_s;
  while (!is()) {
    if (wire.clock.now_s() > until_s)
      throw new Error(
        `not within ${most_s} s: ${wire.session.state}, step "${wire.run.step}", ${wire.session.reason}`,
      );
    await wire.clock.sleep(0.02);
  }
}
