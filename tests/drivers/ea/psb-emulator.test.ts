import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { EaOptions } from '../../../drivers/ea/options.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { type EaPsb10000, eaPsb10000 as emulator } from '../../../sim/device/ea/psb-10000.ts';
import { bareRig } from './bare-rig.ts';

/** Driver and emulator on a real line: what must hold when something goes wrong. */

const clock = realClock();
const RATINGS = { voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 };
let psb: EaPsb10000;
let device: Device;
/** When the frame that switches the output off came to the instrument, s. */
let off_s: number[];

async function onLine(options: Partial<EaOptions> = {}, modbusTcpPort?: number): Promise<void> {
  off_s = [];
  psb = emulator(
    { rig: bareRig(), clock },
    {
      ratings: { ...RATINGS, type: 'PSB 10360-2400', serial: '1' },
      ...(modbusTcpPort === undefined ? {} : { modbusTcpPort }),
      onOutputOff: () => off_s.push(clock.now_s()),
    },
  );
  await psb.start();
  const module = psb.modbusTcpPort === undefined ? {} : { modbusTcpPort: psb.modbusTcpPort };
  device = eaPsb10000.open(
    'supply',
    { ...RATINGS, series: 'psb-10000', host: '127.0.0.1', port: psb.port, ...module, ...options },
    { clock, baseDir: '.' },
  );
  await device.connect();
}

const until = async (what: () => boolean, limit_s: number): Promise<void> => {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.005);
};

afterEach(async () => {
  await device?.close();
  await psb?.end();
});

describe('we fall silent', () => {
  it.each([
    ['frames on its own port', undefined],
    ['Modbus TCP of the module', 0],
  ] as const)(
    'armed: remote control ends and DC is off, though it stood on "unchanged" (%s)',
    async (_, port) => {
      await onLine({}, port);
      psb.state.afterRemote = 'unchanged';
      expect(await device.armWatchdog(1.9)).toBe(1);
      expect(psb.state.afterRemote).toBe('off');
      await device.write('currentSet_A', 1000);
      await device.write('outputSet_on', 1);
      const frame = await device.read();
      expect(frame.values[1]).toBeCloseTo(1000, 0);
      expect(frame.values[3]).toBe(1);
      await until(() => !psb.state.remote, 1.5);
      expect(psb.state).toMatchObject({ remote: false, output: false, holder: 'timed-out' });
      const after = await device.read();
      expect([after.values[3], after.values[4]]).toEqual([0, 0]);
      // Not ours any more: a set point is refused until it is armed anew, which takes control again.
      await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'local' });
      await device.armWatchdog(1);
      expect(psb.state.remote).toBe(true);
      expect(psb.state.output).toBe(false);
    },
  );

  it('an instrument that keeps "unchanged" is never called armed, and would stay on', async () => {
    await onLine();
    Object.defineProperty(psb.state, 'afterRemote', { get: () => 'unchanged', set: () => {} });
    await expect(device.armWatchdog(1)).rejects.toMatchObject({
      code: 'readback',
      message: expect.stringContaining('POW:STAG:AFT:REM: set OFF, read back 1'),
    });
    expect(psb.state.monitoring.active).toBe(false);
    await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
    // What would have come of it.
    psb.state.switchOutput(true);
    psb.state.setMonitoring({ active: true, timeout_s: 1 });
    await until(() => !psb.state.remote, 1.5);
    expect(psb.state).toMatchObject({ remote: false, output: true });
  });
});

describe('a person has it at the panel', () => {
  it.each([
    ['frames on its own port', undefined],
    ['Modbus TCP of the module', 0],
  ] as const)('a set point and a connection say so, and what to do (%s)', async (_, port) => {
    await onLine({}, port);
    psb.state.setLocal(true);
    const said = { code: 'local', message: expect.stringContaining('a person has it at the panel') };
    await expect(device.write('currentSet_A', 1)).rejects.toMatchObject(said);
    await device.close();
    await expect(device.connect()).rejects.toMatchObject(said);
  });
});

describe('a trip on a line with a queue and a delay', () => {
  it.each([
    ['answers within their time', 60, 0.16],
    ['answers later than their time', 260, 0.32],
  ] as const)(
    '%s: off leaves behind one question at the most, and nothing follows it',
    async (_, delay_ms, within_s) => {
      await onLine({ sink: { currentMax_A: 100, powerMax_W: 30_000 } });
      await device.armWatchdog(5);
      await device.write('currentSet_A', 500);
      await device.write('outputSet_on', 1);
      psb.faults.delay_ms = delay_ms;
      await clock.sleep(0.01);
      const polled = device.read();
      const queued = [
        device.write('currentSet_A', 2000),
        device.write('sinkCurrentSet_A', 100),
        device.write('outputSet_on', 1),
      ].map(work =>
        work.then(
          () => 'done',
          error => error.code as string,
        ),
      );
      await clock.sleep(0.02);
      const tripped_s = clock.now_s();
      const report = await device.safe();
      expect(off_s[0] - tripped_s).toBeGreaterThan(0);
      expect(off_s[0] - tripped_s).toBeLessThan(within_s);
      expect(await Promise.all(queued)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      await polled;
      expect(psb.state.output).toBe(false);
      expect(psb.state.setRaw('current')).toBe(0);
      if (delay_ms < 200) expect(report.failed).toEqual([]);
      // Three silences are a dead line: what was not proved is told, and control then leaves it to the watchdog.
      else expect(report.failed.map(f => f.key)).toContain('sinkCurrentSet_A');
      psb.faults.delay_ms = 0;
      await clock.sleep(0.1);
      expect(psb.state.output).toBe(false);
    },
  );
});

describe('the end', () => {
  it.each([
    ['off', 0, { remote: false, active: false }],
    ['on', 1, { remote: true, active: true }],
  ] as const)('with the output %s', async (_, output, expected) => {
    await onLine();
    await device.armWatchdog(5);
    await device.write('outputSet_on', output);
    await device.close();
    expect({ remote: psb.state.remote, active: psb.state.monitoring.active }).toEqual(expected);
    expect(psb.state.output).toBe(output === 1);
  });

  it('an idle socket that the supply closes is opened again, nothing is lost but time', async () => {
    await onLine();
    psb.state.idle_s = 0.4;
    await until(() => device.state === 'lost', 2);
    expect(device.state).toBe('lost');
    await until(() => device.state === 'ready', 2);
    expect((await device.read()).quality[0]).toBe(0);
  });
});
