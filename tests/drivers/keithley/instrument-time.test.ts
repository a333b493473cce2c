import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { ClockNote } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { shown } from '../palmsens/bench.ts';
import { driveAt, type SourceMeterBench, sourceMeterBench } from './bench.ts';

/** When a source-measure unit took its readings by its own clock, beside when they arrived. */

let bench: SourceMeterBench;
afterEach(() => bench?.end());

async function driving(model: '2400' | '2450', more = {}, clock = realClock()): Promise<ClockNote[]> {
  bench = await sourceMeterBench({
    model,
    wire: model === '2400' ? 'pty' : 'tcp',
    more: { timeRead: true, ...more },
    clock,
  });
  const notes: ClockNote[] = [];
  bench.device.onClock?.(note => notes.push(note));
  await bench.device.connect();
  await driveAt(bench.device, 0.5);
  return notes;
}
const time_s = async (): Promise<number> =>
  shown(bench.device, await bench.device.read(), 'instrumentTime_s');

describe.each(['2400', '2450'] as const)('%s', model => {
  it('says when it took each reading; a late answer shows as one, a clock that was set is told', async () => {
    const notes = await driving(model);
    expect(Math.abs(await time_s())).toBeLessThan(0.2);
    bench.instrument.faults.delay_ms = 300;
    // Taken when it was asked, said later.
    expect(await time_s()).toBeLessThan(-0.15);
    bench.instrument.faults.delay_ms = 0;
    await time_s();
    expect(notes).toEqual([]);
    bench.instrument.clockAhead_s = 30;
    expect(await time_s()).toBeGreaterThan(29);
    await time_s();
    await time_s();
    expect(notes).toMatchObject([{ what: 'jump', channel: 'instrumentTime_s' }]);
    expect(notes[0].by_s).toBeCloseTo(30, 0);
  });

  it('where the bench has its voltage from elsewhere the time stands in its own place', async () => {
    await driving(model, { voltageRead: false });
    const frame = await bench.device.read();
    expect(bench.device.channels.at(-1)).toMatchObject({
      name: 'instrumentTime_s',
      instrumentTime: { clock: 'own', of: [0, 1, 3] },
    });
    expect([...frame.quality]).toEqual([0, 0, 0, 0, 0]);
    expect(shown(bench.device, frame, 'current_A')).toBeCloseTo(0.5, 3);
  });

  it('nothing is measured with the output off: there is no time, and the rest is as it was', async () => {
    await driving(model);
    expect((await bench.device.safe()).failed).toEqual([]);
    const frame = await bench.device.read();
    expect(Number.isNaN(shown(bench.device, frame, 'instrumentTime_s'))).toBe(true);
    expect([...frame.quality]).toEqual([0, 0, 0, 0, QUALITY.bad, QUALITY.bad]);
    expect(shown(bench.device, frame, 'output_on')).toBe(0);
  });
});

it('the clock of a 2400 that begins anew at 100,000 s goes on in the record, and is no jump', async () => {
  const clock = realClock();
  const notes = await driving('2400', {}, clock);
  // Its first reading is yet to come.
  const anew_s = clock.now_s() + 2;
  bench.instrument.clockAhead_s = 1e5 - anew_s;
  const seen: number[] = [await time_s()];
  expect(clock.now_s()).toBeLessThan(anew_s);
  while (clock.now_s() < anew_s + 0.5) seen.push(await time_s());
  expect(seen.length).toBeGreaterThan(2);
  expect(Math.max(...seen.map(Math.abs))).toBeLessThan(1);
  expect(notes).toEqual([]);
});
