import { describe, expect, it } from 'vitest';
import { exitCode } from '../../control/program/result/outcome.ts';
import type { EmulatedDevice } from '../../sim/wire-client.ts';
import { startWireRun } from './support/wire-run.ts';

/**
 * A socket and a serial line are pulled while the stack is under load: server closed and sockets cut, or the pty gone. The bench must
 * be in its safe state within a second of the stale limit, prove it on the devices that are left, name the reason,
 * and make the lost device safe as well when it returns.
 */
/** Of examples/pem-500kw/bench.yaml: the same for all its devices. */
const STALE_AFTER_S = 3;

const PULLED: readonly EmulatedDevice[] = ['supply', 'rack'];

describe('a wire is pulled under load', () => {
  it.for(PULLED)('%s', async device => {
    const wire = await startWireRun();
    await wire.underLoad();
    const pulled_s = wire.clock.now_s();
    await wire.emulators.stopDevice(device);
    while (wire.session.state === 'Execute' && wire.clock.now_s() < pulled_s + STALE_AFTER_S + 4)
      await wire.clock.sleep(0.01);
    const aborting_s = wire.clock.now_s();
    expect(wire.session.state).toBe('Aborting');
    // The live page and the record say which device, while it is still going on.
    expect(wire.session.reason).toContain(device);
    await wire.clock.sleep(3);
    // Whoever was left has been secured by now, with the lost one still away.
    const off = device === 'supply' ? Number.NaN : await wire.emulators.look('stack.current_A');
    if (device !== 'supply') expect(off).toBeLessThan(5);
    if (device !== 'plc') expect(await wire.emulators.look('anode.ventValve_on')).toBe(1);
    await wire.emulators.startDevice(device);
    const outcome = await wire.outcome;
    expect(outcome.state).toBe('Aborted');
    expect(exitCode(outcome)).toBe(4);
    // It came back, and was driven and proved safe with the rest.
    expect(outcome.unproven).toEqual([]);
    expect(await wire.emulators.look('stack.current_A')).toBeLessThan(5);
    await wire.isBack(device);
    const events = await wire.finish();
    // Said once all others have been driven and proved, or with what is still tried: the lost one's lines.
    const judged = events.find(e => e.kind === 'safe' && /proved after/.test(e.text));
    expect((judged?.t_s ?? Infinity) - pulled_s).toBeLessThan(STALE_AFTER_S + 1);
    expect(aborting_s - pulled_s).toBeLessThan(STALE_AFTER_S + 0.5);
    expect(events.some(e => e.kind === 'device' && e.text.startsWith(`${device} lost`))).toBe(true);
    expect(
      events.some(e => e.kind === 'device' && e.text.startsWith(`${device} ready`) && e.t_s > pulled_s),
    ).toBe(true);
  });
});
