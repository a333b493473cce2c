import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { type MaccorBench, maccorBench } from './bench.ts';

/** Set points of a Maccor channel in direct mode, on the cell of the plant. */

let bench: MaccorBench;
const heard = (what: string): number => bench.mac.heard.filter(one => one === what).length;
/** Time passes for the cell while the driver waits for what it has set. */
async function writing(key: string, value: number): Promise<void> {
  const done = bench.device.write(key as 'outputSet_on', value).then(
    () => undefined,
    (error: unknown) => error,
  );
  let isOver = false;
  void done.then(() => {
    isOver = true;
  });
  while (!isOver) {
    bench.hand.pass(0.5);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  const failure = await done;
  if (failure !== undefined) throw failure;
}
async function shown(name: string): Promise<number> {
  const frame = await bench.device.read();
  return frame.values[bench.device.channels.findIndex(channel => channel.name === name)];
}

beforeEach(async () => {
  bench = await maccorBench({ direct: 30 });
  await bench.device.connect();
});
afterEach(() => bench.end());

describe('direct mode', () => {
  it('charges, discharges and rests; each is read back as what the channel does', async () => {
    expect(bench.device.notices?.[0]).toMatch(
      /MacNetDirectModeWD is 30 s as the bench file says; it cannot be read/,
    );
    await writing('currentSet_A', 2);
    await writing('voltageMaxSet_V', 4.2);
    expect(heard('6,7')).toBe(0);
    await writing('outputSet_on', 1);
    bench.hand.pass(2);
    expect(await shown('current_A')).toBeCloseTo(2, 3);
    await writing('currentSet_A', -1.5);
    expect(await shown('current_A')).toBeCloseTo(-1.5, 3);
    await writing('currentSet_A', 0);
    expect(heard('6,8 in words')).toBe(1);
    expect(await shown('current_A')).toBeCloseTo(0, 3);
    expect((await bench.device.safe()).failed).toEqual([]);
    expect(bench.mac.channel.state).toBe('idle');
  }, 20_000);

  it('at the voltage limit less current is what was set', async () => {
    await bench.end();
    // So long nobody speaks to it here.
    bench = await maccorBench({ direct: 3600 });
    await bench.device.connect();
    await writing('currentSet_A', 8);
    await writing('voltageMaxSet_V', 3.9);
    await writing('outputSet_on', 1);
    bench.hand.pass(3000);
    await bench.device.read();
    await writing('currentSet_A', 9);
    expect(await shown('voltage_V')).toBeCloseTo(3.9, 2);
    expect(await shown('current_A')).toBeLessThan(8);
  }, 20_000);

  it('is said again while it is polled; without us the tester suspends it, and it is not taken up again', async () => {
    await writing('currentSet_A', 1);
    await writing('outputSet_on', 1);
    const before = heard('6,8');
    await expect
      .poll(
        async () => {
          await bench.device.read();
          return heard('6,8');
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(before);
    bench.hand.pass(31);
    const frame = await bench.device.read();
    expect(Math.min(...frame.quality)).toBeGreaterThanOrEqual(QUALITY.uncertain);
    expect(frame.reason).toMatch(/Suspended/);
    bench.hand.pass(2);
    await bench.device.read();
    expect(bench.mac.channel.current_A).toBeCloseTo(0, 6);
    await expect(bench.device.write('currentSet_A', 2)).rejects.toMatchObject({ code: 'readback' });
    await expect(bench.device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
  }, 20_000);

  it('set points that were answered and not done are found out', async () => {
    await writing('currentSet_A', 1);
    await writing('outputSet_on', 1);
    bench.mac.tricks.set('6,8', 'not done');
    await expect(writing('currentSet_A', 3)).rejects.toMatchObject({ code: 'readback' });
  }, 20_000);
});
