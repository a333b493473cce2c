import { afterEach, expect, it } from 'vitest';
import { type ArbinBench, arbinBench } from './bench.ts';

/** What is on its way to an Arbin channel when the safe state overtakes it, and what is left over from before. */

let bench: ArbinBench;
afterEach(() => bench.end());
const ASSIGN = 'bb210001';
const START = 'bb320004';
const STOP = 'bb310001';
const SET = 'bb150001';
const orders = (): readonly string[] => bench.arbin.heard.filter(one => one.startsWith('bb'));
const waited = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
const settled = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    error => String(error.code),
  );

/** Brings something on its way; in the end what it came to. */
type OnItsWay = (bench: ArbinBench) => Promise<{ readonly outcome: Promise<string> }>;
const ON_ITS_WAY: readonly (readonly [what: string, begin: OnItsWay, left: readonly string[]])[] = [
  [
    'a schedule that is only assigned yet is not started',
    async ({ arbin, device }) => {
      arbin.faults.delay_ms = 200;
      const outcome = settled(device.write('outputSet_on', 1));
      await expect.poll(orders).toEqual([ASSIGN]);
      return { outcome };
    },
    [ASSIGN, STOP],
  ],
  [
    'a current that waits for its time on the wire does not leave',
    async ({ device, hand }) => {
      await device.write('outputSet_on', 1);
      const [, outcome] = [1, 2].map(value => settled(device.write('currentSet_A', value)));
      await expect.poll(() => orders().at(-1)).toBe(SET);
      hand.pass(1);
      await waited(50);
      return { outcome };
    },
    // The last one is that of the safe list itself, which is none.
    [ASSIGN, START, SET, STOP, SET],
  ],
];

it.each(ON_ITS_WAY)(
  '%s behind the stop',
  async (_, begin, left) => {
    bench = await arbinBench({ times: 1 });
    await bench.device.connect();
    const { outcome } = await begin(bench);
    const report = await bench.device.safe();
    await waited(600);
    expect(orders()).toEqual(left);
    expect(bench.arbin.channel.state).toBe('stopped');
    expect(report.failed).toEqual([]);
    expect(await outcome).toBe('cancelled');
  },
  20_000,
);

it('a channel that shows its start late takes every current that is said to be set', async () => {
  bench = await arbinBench({ times: 1 });
  await bench.device.connect();
  bench.arbin.show = { status: 0, deaf: 0 };
  const on = settled(bench.device.write('outputSet_on', 1));
  await expect.poll(() => orders().at(-1)).toBe(START);
  await bench.device.read();
  bench.arbin.show = undefined;
  expect(await on).toBe('done');
  const set = settled(bench.device.write('currentSet_A', 1));
  await expect.poll(() => orders().at(-1)).toBe(SET);
  bench.hand.pass(1);
  expect(await set).toBe('done');
  expect(bench.arbin.channel.current_A).toBeCloseTo(1, 3);
}, 20_000);

it('the safe state leaves no current behind that would flow with the next start', async () => {
  bench = await arbinBench();
  await bench.device.connect();
  await bench.device.write('currentSet_A', 2);
  await bench.device.write('outputSet_on', 1);
  bench.hand.pass(1);
  await bench.device.read();
  expect(orders().at(-1)).toBe(SET);
  expect((await bench.device.safe()).failed).toEqual([]);
  await bench.device.write('outputSet_on', 1);
  for (let poll = 0; poll < 3; poll++) {
    await bench.device.read();
    bench.hand.pass(1);
  }
  expect(bench.arbin.channel.current_A).toBeCloseTo(0, 6);
}, 20_000);

it('a stop that is refused does not keep the current flowing', async () => {
  bench = await arbinBench();
  await bench.device.connect();
  await bench.device.write('currentSet_A', 2);
  await bench.device.write('outputSet_on', 1);
  bench.hand.pass(1);
  await bench.device.read();
  bench.hand.pass(1);
  await bench.device.read();
  expect(bench.arbin.channel.current_A).toBeCloseTo(2, 3);
  bench.arbin.tricks.set(STOP, 'not done');
  let isOver = false;
  const report = bench.device.safe().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await waited(5);
    bench.hand.pass(0.5);
  }
  expect((await report).failed.map(({ key }) => key)).toEqual(['outputSet_on']);
  expect(bench.arbin.channel.current_A).toBeCloseTo(0, 6);
}, 20_000);
