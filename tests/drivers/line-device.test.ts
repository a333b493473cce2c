import { expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { lineDevice } from '../support/line-device.ts';

/** The fake instrument itself: what it does is what the tests of drivers and control build on. */

const make = (clock: VirtualClock, reply_ms = 200) =>
  lineDevice('supply', {
    clock,
    channels: ['current_A', 'output_on'],
    settables: ['currentSet_A', 'outputSet_on'],
    safeList: [['outputSet_on', 0]],
    onSilence: [['outputSet_on', 0]],
    reply_ms,
    measure: (channel, { sets }) =>
      (channel === 'current_A' ? sets.get('currentSet_A') : sets.get('outputSet_on')) ?? Number.NaN,
  });

it('is written, read and polled over the line, in time of the clock', async () => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const supply = make(clock);
  await clock.runUntil(supply.connect());
  expect(supply.instrument.isRemote).toBe(true);
  await clock.runUntil(supply.write('currentSet_A', 80));
  const frame = await clock.runUntil(supply.read());
  expect([...frame.values]).toEqual([80, 0]);
  expect(supply.instrument.log.map(f => `${f.lane} ${f.text}`)).toEqual([
    'front identity',
    'front control',
    'normal currentSet_A = 80',
    'normal currentSet_A?',
    'normal poll',
  ]);
  expect(supply.instrument.log[4].t_s).toBeCloseTo(0.005 + 4 * 0.005 + 0.0025, 9);
  await clock.runUntil(supply.close());
  expect(supply.instrument.openLinks).toBe(0);
});

it.each([
  ['cut', 'lost'],
  ['mute', 'lost'],
  ['dead', 'lost'],
] as const)('%s: the device notices', async (trouble, state) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const supply = make(clock);
  await clock.runUntil(supply.connect());
  if (trouble === 'cut') supply.instrument.cut();
  else supply.instrument[trouble === 'mute' ? 'isMute' : 'isDead'] = true;
  for (let i = 0; i < 4; i++) {
    const frame = await clock.runUntil(supply.read());
    expect([...frame.quality]).toEqual([4, 4]);
    await clock.runUntil(clock.sleep(1));
  }
  expect(supply.state).toBe(state);
  await clock.runUntil(supply.close());
});

it('its own watchdog acts on silence, not while it is polled', async () => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const supply = make(clock);
  await clock.runUntil(supply.connect());
  await clock.runUntil(supply.armWatchdog(5));
  await clock.runUntil(supply.write('outputSet_on', 1));
  for (let i = 0; i < 20; i++) {
    await clock.runUntil(supply.read());
    await clock.runUntil(clock.sleep(1));
  }
  expect(supply.instrument.sets.get('outputSet_on')).toBe(1);
  await clock.runUntil(clock.sleep(5));
  expect(supply.instrument.sets.get('outputSet_on')).toBe(0);
  expect(supply.instrument.watchdogActs).toBe(1);
  await clock.runUntil(supply.close());
});
