import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { lineDevice } from '../support/line-device.ts';

/** An output that could not be switched off: nobody feeds the instrument's own watchdog, and it acts. */

async function armed() {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const device = lineDevice('supply', {
    clock,
    channels: ['current_A'],
    settables: ['currentSet_A', 'outputSet_on'],
    safeList: [['outputSet_on', 0]],
    onSilence: [['outputSet_on', 0]],
  });
  await clock.runUntil(device.connect());
  await clock.runUntil(device.armWatchdog(5));
  await clock.runUntil(device.write('outputSet_on', 1));
  const polls: number[] = [];
  clock.every(0.5, () => void device.read().then(frame => polls.push(frame.quality[0])));
  const arrived = (since_s: number): string[] =>
    device.instrument.log.filter(f => f.t_s > since_s).map(f => f.text);
  return { clock, device, instrument: device.instrument, polls, arrived };
}

describe('left alone', () => {
  it('nothing arrives, its own watchdog acts, and afterwards it is polled and watched again', async () => {
    const { clock, device, instrument, polls, arrived } = await armed();
    await clock.runUntil(clock.sleep(20));
    expect(instrument.watchdogActs).toBe(0);
    // With a poll, a set point and its read-back on their way.
    void device.read();
    const writing = device.write('currentSet_A', 7).then(
      () => 'done',
      error => error.code,
    );
    device.leaveAlone(8);
    const start_s = clock.now_s();
    expect(await clock.runUntil(writing)).toBe('cancelled');
    await clock.runUntil(clock.sleep(7.9));
    // The one that was on the wire already.
    expect(arrived(start_s)).toEqual(['poll']);
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    expect(instrument.watchdogActs).toBe(1);
    expect(polls.at(-1)).toBe(QUALITY.bad);
    await expect(device.readBack?.('currentSet_A')).rejects.toMatchObject({ code: 'cancelled' });
    expect((await device.read()).reason).toBe('left alone, so that its own watchdog acts');

    await clock.runUntil(clock.sleep(2));
    expect(arrived(start_s).slice(1, 3)).toEqual(['watchdog', 'poll']);
    expect(polls.at(-1)).toBe(QUALITY.good);
    await clock.runUntil(device.close());
  });

  it('ends at once with 0', async () => {
    const { clock, device, polls } = await armed();
    device.leaveAlone(100);
    await clock.runUntil(clock.sleep(2));
    device.leaveAlone(0);
    await clock.runUntil(clock.sleep(1));
    expect(polls.at(-1)).toBe(QUALITY.good);
    await clock.runUntil(device.close());
  });

  it('urgent writes go through and are proved', async () => {
    const { clock, device, instrument } = await armed();
    device.leaveAlone(100);
    await clock.runUntil(device.write('currentSet_A', 3, { urgent: true }));
    const report = await clock.runUntil(device.safe());
    expect(report.failed).toEqual([]);
    expect([...instrument.sets]).toEqual([
      ['currentSet_A', 3],
      ['outputSet_on', 0],
    ]);
    await clock.runUntil(device.close());
  });

  it('a lost wire comes back meanwhile: ready at once, identity and control only, the watchdog is not fed by more', async () => {
    const { clock, device, instrument, arrived } = await armed();
    device.leaveAlone(20);
    instrument.cut();
    await clock.runUntil(clock.sleep(1));
    instrument.mend();
    const mended_s = clock.now_s();
    let ready_s = Number.NaN;
    device.onState(state => {
      if (state === 'ready') ready_s = clock.now_s();
    });
    await clock.runUntil(clock.sleep(4));
    expect(ready_s - mended_s).toBeLessThan(2.1);
    expect(arrived(mended_s)).toEqual(['identity', 'control']);
    await clock.runUntil(clock.sleep(5));
    expect(instrument.watchdogActs).toBe(1);
    await clock.runUntil(device.close());
  });

  it('one that answers and refuses us is not asked again and again: that would feed its watchdog', async () => {
    const { clock, device, instrument } = await armed();
    device.leaveAlone(60);
    instrument.cut();
    instrument.mend();
    instrument.refuses.add('all');
    await clock.runUntil(clock.sleep(8));
    expect(instrument.watchdogActs).toBe(1);
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    instrument.refuses.clear();
    device.leaveAlone(0);
    await clock.runUntil(clock.sleep(3));
    expect(device.state).toBe('ready');
    await clock.runUntil(device.close());
  });

  it('out of step meanwhile: no probe either, and the line comes back into step after it', async () => {
    const { clock, device, instrument, arrived } = await armed();
    instrument.garbleRate = 1;
    await clock.runUntil(clock.sleep(0.52));
    instrument.garbleRate = 0;
    device.leaveAlone(30);
    const start_s = clock.now_s();
    await clock.runUntil(clock.sleep(29));
    expect(arrived(start_s)).toEqual([]);
    await clock.runUntil(clock.sleep(3));
    expect(device.state).toBe('ready');
    expect((await clock.runUntil(device.read())).quality[0]).toBe(QUALITY.good);
    await clock.runUntil(device.close());
  });

  it('one that hears us and is not heard: its own watchdog gets its time, also if somebody switches it on again', async () => {
    const { clock, device, instrument } = await armed();
    instrument.isMute = true;
    await clock.runUntil(clock.sleep(9));
    expect(instrument.watchdogActs).toBe(1);
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    // Asked again afterwards, or it would never be found back.
    const before_s = clock.now_s();
    await clock.runUntil(clock.sleep(6));
    expect(instrument.log.some(f => f.t_s > before_s)).toBe(true);
    instrument.sets.set('outputSet_on', 1);
    await clock.runUntil(clock.sleep(15));
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    instrument.isMute = false;
    await clock.runUntil(clock.sleep(9));
    expect(device.state).toBe('ready');
    await clock.runUntil(device.close());
  });

  it('one that hears us and is not heard: a trip reaches it blind, once, and its watchdog still gets its time', async () => {
    const { clock, device, instrument, arrived } = await armed();
    instrument.isMute = true;
    await clock.runUntil(clock.sleep(3));
    expect(device.state).toBe('lost');
    expect(instrument.sets.get('outputSet_on')).toBe(1);
    const trip_s = clock.now_s();
    expect((await clock.runUntil(device.safe())).failed).toHaveLength(1);
    await clock.runUntil(clock.sleep(1));
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    // The safe state asks again and again; the instrument is left alone all the same.
    for (let n = 0; n < 8; n++) {
      await clock.runUntil(device.safe());
      await clock.runUntil(clock.sleep(1));
    }
    expect(arrived(trip_s).filter(text => text === 'outputSet_on = 0')).toHaveLength(1);
    expect(instrument.watchdogActs).toBeGreaterThan(0);
    // Set by somebody meanwhile: with the next question it is off again.
    instrument.sets.set('outputSet_on', 1);
    await clock.runUntil(clock.sleep(8));
    expect(instrument.sets.get('outputSet_on')).toBe(0);
    instrument.isMute = false;
    await clock.runUntil(clock.sleep(9));
    expect(device.state).toBe('ready');
    // Proved: nothing is sent blind any more.
    expect((await clock.runUntil(device.safe())).failed).toEqual([]);
    instrument.isMute = true;
    const again_s = clock.now_s();
    await clock.runUntil(clock.sleep(20));
    expect(arrived(again_s)).not.toContain('outputSet_on = 0');
    await clock.runUntil(device.close());
  });

  it.each([1, 2, 3, 4, 5])(
    'mute without a watchdog: each question that is not answered is followed by the output off (%i)',
    async seed => {
      const clock = new VirtualClock({ utcStart_ms: 0 });
      const device = lineDevice('supply', {
        clock,
        channels: ['current_A'],
        settables: ['outputSet_on'],
        safeList: [['outputSet_on', 0]],
      });
      const { instrument } = device;
      await clock.runUntil(device.connect());
      await clock.runUntil(device.write('outputSet_on', 1));
      clock.every(0.5, () => void device.read());
      // At first it hears nothing either.
      instrument.isDead = true;
      await clock.runUntil(clock.sleep(3 * seed));
      await clock.runUntil(device.safe());
      await clock.runUntil(clock.sleep(seed));
      expect(instrument.sets.get('outputSet_on')).toBe(1);
      instrument.isDead = false;
      instrument.isMute = true;
      await clock.runUntil(clock.sleep(5));
      expect(instrument.sets.get('outputSet_on')).toBe(0);
      await clock.runUntil(device.close());
    },
  );

  it('one without an armed watchdog is asked again and again', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = lineDevice('rack', { clock, channels: ['voltage_V'] });
    await clock.runUntil(device.connect());
    device.instrument.isMute = true;
    clock.every(0.5, () => void device.read());
    await clock.runUntil(clock.sleep(20));
    device.instrument.isMute = false;
    await clock.runUntil(clock.sleep(2.5));
    expect(device.state).toBe('ready');
    await clock.runUntil(device.close());
  });
});
