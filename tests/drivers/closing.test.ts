import { describe, expect, it } from 'vitest';
import { realClock, VirtualClock } from '../../drivers/contract/clock.ts';
import { eaPsb10000 } from '../../drivers/ea/psb-10000.ts';
import { eaPsb10000 as emulator } from '../../sim/device/ea/psb-10000.ts';
import { lineDevice } from '../support/line-device.ts';
import { bareRig } from './ea/bare-rig.ts';
import { plc } from './opcua/plc-on-a-cable.ts';

/** Whenever a device is closed: afterwards nothing is open, nothing opens any more, and close() has come back. */

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    e => String(e.code),
  );

describe('close() in the middle', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i * 0.5))('of connecting, after %f ms', async at_ms => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = lineDevice('supply', { clock, channels: ['current_A'] });
    const connecting = outcome(device.connect());
    await clock.runUntil(clock.sleep(at_ms / 1000));
    const isConnected = device.state === 'ready';
    await clock.runUntil(device.close());
    expect(await clock.runUntil(connecting)).toBe(isConnected ? 'done' : 'cancelled');
    expect(device.state).toBe('closed');
    const { linksEver } = device.instrument;
    await clock.runUntil(clock.sleep(30));
    expect(device.instrument.openLinks).toBe(0);
    expect(device.instrument.linksEver).toBe(linksEver);
    expect(device.state).toBe('closed');
  });

  it.each(Array.from({ length: 30 }, (_, i) => i * 0.05))('of mending, %f s after the loss', async at_s => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = lineDevice('supply', { clock, channels: ['current_A'] });
    await clock.runUntil(device.connect());
    device.instrument.latency_s = 0.05;
    device.instrument.cut();
    clock.schedule(0.3, () => device.instrument.mend());
    await clock.runUntil(clock.sleep(at_s));
    await clock.runUntil(device.close());
    await clock.runUntil(clock.sleep(30));
    expect(device.instrument.openLinks).toBe(0);
    expect(device.state).toBe('closed');
  });

  it.each([0, 5, 50, 200])(
    'of connecting to a PLC, after %i ms: no session is left',
    { timeout: 20_000 },
    async at_ms => {
      const { device, clock, server } = await plc();
      const connecting = outcome(device.connect());
      await clock.sleep(at_ms / 1000);
      const start_s = clock.now_s();
      await device.close();
      expect(clock.now_s() - start_s).toBeLessThan(6);
      expect(['cancelled', 'done']).toContain(await connecting);
      await clock.sleep(0.3);
      expect(server.connections).toBe(0);
      expect(device.state).toBe('closed');
    },
  );
});

describe('a set point that somebody else changed', () => {
  it('is read back from the supply, in the unit of the settable', async () => {
    const clock = realClock();
    const ratings = { voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 };
    const psb = emulator(
      { rig: bareRig(), clock },
      { ratings: { ...ratings, type: 'PSB 10360-2400', serial: '1' } },
    );
    await psb.start();
    const device = eaPsb10000.open(
      'supply',
      { ...ratings, series: 'psb-10000', host: '127.0.0.1', port: psb.port },
      { clock, baseDir: '.' },
    );
    try {
      await device.connect();
      await device.write('currentSet_A', 1000);
      expect(await device.readBack?.('currentSet_A')).toBeCloseTo(1000, 0);
      psb.state.writeSet('current', 0x6666);
      psb.state.switchOutput(true);
      expect(await device.readBack?.('currentSet_A')).toBeCloseTo(1200, 0);
      expect(await device.readBack?.('outputSet_on')).toBe(1);
      await expect(device.readBack?.('voltage_V')).rejects.toMatchObject({ code: 'config' });
    } finally {
      await device.close();
      await psb.end();
    }
  });

  it('is read back from the PLC', async () => {
    const { device, set } = await plc();
    await device.connect();
    await device.write('n2PressureSet_barg', 7);
    set.set('n2.pressureSet_barg', 3.5);
    set.set('anode.ventValveSet_on', 1);
    expect(await device.readBack?.('n2PressureSet_barg')).toBe(3.5);
    expect(await device.readBack?.('anodeVentValveSet_on')).toBe(1);
  });
});
