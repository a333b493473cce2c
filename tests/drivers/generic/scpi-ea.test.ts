import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type ScpiBench, scpiBench } from './scpi-bench.ts';

/** What is special of EA's supplies by SCPI alone: their monitoring ends remote control, and what that does is a setting. */

const clock = realClock();
let bench: ScpiBench;
afterEach(() => bench?.end());

async function running(watchdog_s: number): Promise<void> {
  bench = await scpiBench('ea-10000');
  await bench.device.connect();
  await bench.device.armWatchdog(watchdog_s);
  await bench.device.write('outputSet_on', 1);
}

it('a watchdog that has ended remote control, or whose remote control somebody has taken, protects nothing', async () => {
  await running(30);
  expect(await bench.device.readWatchdog?.()).toMatchObject({ isArmed: true });
  bench.supply.state.takeRemote(false);
  expect(await bench.device.readWatchdog?.()).toMatchObject({
    isArmed: false,
    read: expect.stringContaining('SYST:LOCK:OWN? NONE'),
  });
});

it.each([
  ['OFF', false],
  ['AUTO', true],
])('the emulator: POW:STAG:AFT:REM %s, and the time is over', async (stage, stays) => {
  await running(1);
  const { state } = bench.supply;
  state.watchdog.leavesOutput = stage === 'AUTO';
  await clock.sleep(1.3);
  expect(state.output).toBe(stays);
  const { values } = await bench.device.read();
  const shown = (name: string): number => values[bench.device.channels.findIndex(c => c.name === name)];
  expect([shown('output_on'), shown('remote_on')]).toEqual([stays ? 1 : 0, 0]);
  // It is stored: it goes on for whoever comes next.
  expect(state.watchdog.armed).toBe(true);
});
