import { describe, expect, it } from 'vitest';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import type { ProgramRunner } from '../../drivers/contract/program/program.ts';
import type { CyclerChannel } from '../../sim/device/cycler/channel.ts';
import { once } from '../profiles/language/exchange/convert-once.ts';
import { arbinBench } from './arbin/bench.ts';
import type { HandClock } from './hand-clock.ts';
import { maccorBench } from './maccor/bench.ts';

/** A CCCV cycle that Maccor and Arbin run by themselves, known by polls alone, against the charge that went through the cell. */

const METHOD = `method: cycle
version: 2
record: { every_s: 60 }
steps:
- { cccv: { current_C: 1, voltage_V: 4.2 }, until: cell.current_C < 1/10, within_h: 4 }
- { rest: {}, for_min: 5 }
- { cc: { current_C: -1 }, until: cell.voltage_V <= 2.5, within_h: 4 }
- { rest: {}, for_min: 5 }
`;
const POLL_s = 60;

interface Sums {
  in_Ah: number;
  out_Ah: number;
}

/** What the cell has taken and given, second by second on the plant: the last row of each step. */
function through({ rows }: CyclerChannel): Sums {
  const sums = { in_Ah: 0, out_Ah: 0 };
  for (const [i, row] of rows.entries())
    if (rows[i + 1]?.step !== row.step) sums[row.current_A > 0 ? 'in_Ah' : 'out_Ah'] += row.charge_Ah;
  return sums;
}

/** Polls until the channel has finished; charge from the current of the polls, with the ends of steps by their own clock. */
async function polled(device: Device, program: ProgramRunner, hand: HandClock): Promise<Sums> {
  const at = (name: string): number => device.channels.findIndex(channel => channel.name === name);
  const [t, i, st] = ['testTime_s', 'current_A', 'stepTime_s'].map(at);
  const sums = { in_Ah: 0, out_Ah: 0 };
  const add = (current_A: number, for_s: number): void => {
    sums[current_A > 0 ? 'in_Ah' : 'out_Ah'] += (Math.abs(current_A) * for_s) / 3600;
  };
  // The first current flows.
  hand.pass(1);
  let last: { t: number; i: number } | undefined;
  for (let polls = 0; polls < 900; polls++) {
    const { values, quality } = await device.read();
    expect(Math.max(...quality)).toBe(QUALITY.good);
    const now = { t: values[t], i: values[i] };
    const begun_s = now.t - values[st];
    if (last !== undefined && begun_s > last.t + 1e-6) {
      add(last.i, begun_s - last.t);
      add(now.i, now.t - begun_s);
    } else if (last !== undefined) add((last.i + now.i) / 2, now.t - last.t);
    last = now;
    if (polls % 20 === 0 && (await program.watch()).state === 'finished') return sums;
    hand.pass(POLL_s);
  }
  throw new Error('it does not end');
}

/** The same cycle as a schedule of Arbin's: 5 A to 4.2 V, held to 0.5 A, rest, 5 A down to 2.5 V, rest. */
const SCHEDULE = {
  steps: [
    {
      is: 'step',
      number: 1,
      kind: 'charge',
      drive: { is: 'current', current_A: 5, limit_V: 4.2 },
      ends: [{ of: 'current', is: 'at most', value: 0.5, to: 1 }],
    },
    {
      is: 'step',
      number: 2,
      kind: 'rest',
      drive: { is: 'rest' },
      ends: [{ of: 'time', is: 'at least', value: 300, to: 2 }],
    },
    {
      is: 'step',
      number: 3,
      kind: 'discharge',
      drive: { is: 'current', current_A: -5 },
      ends: [{ of: 'voltage', is: 'at most', value: 2.5, to: 3 }],
    },
    {
      is: 'step',
      number: 4,
      kind: 'rest',
      drive: { is: 'rest' },
      ends: [{ of: 'time', is: 'at least', value: 300, to: 4 }],
    },
    { is: 'end' },
  ],
  record: { time_s: 60 },
  protection: { delay_s: 0 },
} as const;

const near = (polled: Sums, truth: Sums): void => {
  if (process.env['SHOW'] !== undefined) console.log({ polled, truth });
  expect(truth.in_Ah).toBeGreaterThan(1);
  expect(Math.abs(polled.in_Ah / truth.in_Ah - 1)).toBeLessThan(5e-3);
  expect(Math.abs(polled.out_Ah / truth.out_Ah - 1)).toBeLessThan(5e-3);
};

describe('a CCCV cycle', () => {
  it('by a procedure of Maccor: the charge of its polls is that of the cell within 0.5 %', async () => {
    const { mac, device, program, hand, end } = await maccorBench();
    try {
      await device.connect();
      const { text } = once('cycle.yaml', METHOD, {
        to: 'maccor',
        accepts: true,
        subject: { capacity_Ah: 5 },
      });
      await program.load({ name: 'cycle', text });
      await program.start('cycle-1');
      near(await polled(device, program, hand), through(mac.channel));
    } finally {
      await end();
    }
  }, 30_000);

  it('by a schedule of Arbin: the charge of its polls, and its own counters, too', async () => {
    const { arbin, device, program, hand, end } = await arbinBench({ program: SCHEDULE, live: false });
    try {
      await device.connect();
      await program.load({ name: 'short.sdx' });
      await program.start('cycle-1');
      near(await polled(device, program, hand), through(arbin.channel));
      const { values } = await device.read();
      const [charged_Ah, discharged_Ah] = values.slice(3, 5);
      const truth = through(arbin.channel);
      expect(charged_Ah).toBeCloseTo(truth.in_Ah, 5);
      expect(discharged_Ah).toBeCloseTo(truth.out_Ah, 5);
    } finally {
      await end();
    }
  }, 30_000);
});
