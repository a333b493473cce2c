import { afterEach, beforeEach, expect, it } from 'vitest';
import { directMode } from '../../../drivers/maccor/direct.ts';
import type { MacAsk } from '../../../drivers/maccor/messages.ts';
import { type MaccorBench, maccorBench } from './bench.ts';

/** What is on its way to a Maccor channel when the safe state overtakes it, and what comes late or shows late. */

let bench: MaccorBench;
const orders = (): readonly string[] => bench.mac.heard.filter(one => one.startsWith('6,'));
const waited = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
const settled = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    error => String(error.code),
  );
/** Time passes for the cell meanwhile. */
async function passing<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  void work
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  while (!isOver) {
    bench.hand.pass(0.5);
    await waited(5);
  }
  return work;
}
async function charging(current_A: number): Promise<void> {
  await passing(bench.device.write('currentSet_A', current_A));
  await passing(bench.device.write('outputSet_on', 1));
  bench.hand.pass(2);
  await bench.device.read();
  expect(bench.mac.channel.current_A).toBeCloseTo(current_A, 3);
}

beforeEach(async () => {
  bench = await maccorBench({ direct: 3000, times: 1 });
  await bench.device.connect();
});
afterEach(() => bench.end());

it('direct mode that waits for its time on the wire does not begin behind the reset', async () => {
  await charging(1);
  const set = settled(passing(bench.device.write('currentSet_A', 2)));
  await expect.poll(() => orders().at(-1)).toBe('6,8');
  const next = settled(bench.device.write('currentSet_A', 3));
  await set;
  await waited(10);
  expect((await bench.device.safe()).failed).toEqual([]);
  await waited(300);
  const behind = orders().slice(orders().lastIndexOf('6,5') + 1);
  // Rest, of the safe list itself.
  expect(behind.filter(one => one !== '6,8 in words')).toEqual([]);
  expect(await next).toBe('cancelled');
}, 20_000);

it('a reset that is refused does not keep the current flowing', async () => {
  await charging(2);
  bench.mac.tricks.set('6,5', 'not done');
  const { failed } = await passing(bench.device.safe());
  expect(failed.map(({ key }) => key)).toEqual(['outputSet_on']);
  expect(bench.mac.channel.current_A).toBeCloseTo(0, 6);
}, 20_000);

it('an answer that comes after that of a later order does not bring back its set point', () => {
  const status: MacAsk = { fClass: 4, fNum: 7, chan: 3 };
  const parts = { chan: 3, range: 4, record_s: 1, watchdog_s: 30 };
  const limits = { currentMax_A: 10, voltageMin_V: 0, voltageMax_V: 5 };
  const { writes, hold } = directMode({ ...parts, ...limits }, status, () => 0);
  const leaves = (key: 'outputSet_on' | 'currentSet_A', value: number): MacAsk => {
    const asked = writes[key].encode(value);
    const ask = asked.instead?.() ?? asked;
    ask.params?.();
    return ask;
  };
  const on = leaves('outputSet_on', 1);
  on.done?.();
  const late = leaves('currentSet_A', 5);
  const next = leaves('currentSet_A', 1);
  next.done?.();
  late.done?.();
  expect(hold.params?.()).toMatchObject({ Current: 1, ChMode: 'C' });
  const off = leaves('outputSet_on', 0);
  off.done?.();
  on.done?.();
  // Nothing is on: it waits, and is not said.
  expect(leaves('currentSet_A', 2)).toMatchObject({ fClass: 4, fNum: 7 });
});

it('a channel that shows its start late takes every current that is said to be set', async () => {
  bench.mac.show = { Stat: 0, RF2: 0 };
  const on = settled(passing(bench.device.write('outputSet_on', 1)));
  await expect.poll(() => orders().at(-1)).toBe('6,7');
  await bench.device.read();
  bench.mac.show = undefined;
  expect(await on).toBe('done');
  expect(await settled(passing(bench.device.write('currentSet_A', 1)))).toBe('done');
  expect(bench.mac.channel.current_A).toBeCloseTo(1, 3);
}, 20_000);

it('a set point is never said to be set on a channel that runs without us', async () => {
  await charging(1);
  const other = bench.other();
  await other.connect();
  await other.read();
  expect(await settled(passing(other.write('currentSet_A', 2)))).toBe('done');
  expect(bench.mac.channel.current_A).toBeCloseTo(2, 3);
}, 20_000);
