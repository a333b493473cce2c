import { afterEach, describe, expect, it } from 'vitest';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import type { ProgramRunner } from '../../drivers/contract/program/program.ts';
import { ORDER_WAIT_s } from '../../drivers/transport/line/orders.ts';
import { once } from '../profiles/language/exchange/convert-once.ts';
import { arbinBench } from './arbin/bench.ts';
import { maccorBench } from './maccor/bench.ts';
import { newareBench } from './neware/bench.ts';

/**
 * The answer to an order to start is lost, on real lines of the three cyclers, in real time: live values go on, the channel is
 * asked at once what became of it, and nothing is started twice.
 */

const METHOD = `method: short
version: 2
record: { every_s: 10 }
steps:
- { cc: { current_A: 1 }, for_min: 20 }
`;
const written = (to: 'neware' | 'maccor') => ({
  name: 'short',
  text: once('short.yaml', METHOD, { to, accepts: true }).text,
});
type Trick = 'unanswered' | 'not done';

interface Subject {
  readonly device: Device;
  readonly program: ProgramRunner;
  readonly loads: Parameters<ProgramRunner['load']>[0];
  /** The order to start gets no answer, or is not done, or both. */
  trick(what: Trick): void;
  /** What is polled gets no answer. */
  mute(isMute: boolean): void;
  /** So often the order to start was heard, and to stop. */
  starts(): number;
  stops(): number;
  end(): Promise<void>;
}

function muted(tricks: Map<string, Trick>, ask: string, isMute: boolean): void {
  if (isMute) tricks.set(ask, 'unanswered');
  else tricks.delete(ask);
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  'neware/bts-8': async () => {
    const bench = await newareBench(undefined, 1);
    const heard = (cmd: string): number => bench.bts.heard.filter(one => one === cmd).length;
    return {
      ...bench,
      loads: written('neware'),
      trick: what => bench.bts.tricks.set('start', what),
      mute: is => muted(bench.bts.tricks, 'inquire', is),
      starts: () => heard('start'),
      stops: () => heard('stop'),
      end: () => bench.end(),
    };
  },
  'maccor/macnet': async () => {
    const bench = await maccorBench({ times: 1 });
    const heard = (cmd: string): number => bench.mac.heard.filter(one => one === cmd).length;
    return {
      ...bench,
      loads: written('maccor'),
      trick: what => bench.mac.tricks.set('6,2', what),
      mute: is => muted(bench.mac.tricks, '4,7', is),
      starts: () => heard('6,2'),
      stops: () => heard('6,5'),
      end: () => bench.end(),
    };
  },
  'arbin/cti': async () => {
    const bench = await arbinBench({ times: 1, live: false });
    const heard = (cmd: string): number => bench.arbin.heard.filter(one => one === cmd).length;
    return {
      ...bench,
      loads: { name: 'short.sdx' },
      trick: what => bench.arbin.tricks.set('bb320004', what),
      mute: is => muted(bench.arbin.tricks, 'eeab0003', is),
      starts: () => heard('bb320004'),
      stops: () => heard('bb310001'),
      end: () => bench.end(),
    };
  },
};

/** What some polls may take on a machine that does other work too, s: less than the worst answer of any of them, 2 s. */
const POLL_s = 1;
const now_s = (): number => performance.now() / 1000;

let subject: Subject | undefined;
let isPolling = false;
let longest_s = 0;
let polling: Promise<void> = Promise.resolve();

/** Polls on; the longest time between two good frames is kept. */
function poll(device: Device): void {
  isPolling = true;
  longest_s = 0;
  let last_s = now_s();
  polling = (async () => {
    while (isPolling) {
      const frame = await device.read();
      if (Math.max(...frame.quality) === QUALITY.good) {
        longest_s = Math.max(longest_s, now_s() - last_s);
        last_s = now_s();
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    longest_s = Math.max(longest_s, now_s() - last_s);
  })();
}

afterEach(async () => {
  isPolling = false;
  await polling;
  await subject?.end();
  subject = undefined;
});

async function begun(id: string, trick: Trick): Promise<Subject> {
  subject = await SUBJECTS[id]();
  await subject.device.connect();
  await subject.program.load(subject.loads);
  subject.trick(trick);
  poll(subject.device);
  return subject;
}

describe.each(Object.keys(SUBJECTS))('%s', id => {
  it('an order to start without an answer: readings go on, and the channel says at once whether it began', async () => {
    const { program, starts } = await begun(id, 'unanswered');
    const left_s = now_s();
    const said = await program.start('cell-1').catch((error: unknown) => error);
    const took_s = now_s() - left_s;
    isPolling = false;
    await polling;
    expect(longest_s).toBeLessThan(ORDER_WAIT_s + POLL_s);
    expect(starts()).toBe(1);
    if (id === 'maccor/macnet') {
      // Its channel names no test: that one has begun is seen, whose it is nobody can say.
      expect(said).toMatchObject({
        code: 'timeout',
        message: expect.stringMatching(/it is Active with "".*Whether it begins is not known/) as string,
      });
    } else {
      expect(said).toMatchObject({ label: 'cell-1' });
      expect(took_s).toBeLessThan(ORDER_WAIT_s + POLL_s);
    }
  }, 40_000);

  it('a trip meanwhile leaves at once, and ends what was started', async () => {
    const { program, device, starts, stops } = await begun(id, 'unanswered');
    const starting = program.start('cell-1').catch((error: unknown) => error);
    await expect.poll(starts, { interval: 5 }).toBe(1);
    const before = stops();
    const trip_s = now_s();
    const report = device.safe();
    await expect.poll(() => stops() - before, { interval: 5, timeout: 15_000 }).toBeGreaterThan(0);
    expect(now_s() - trip_s).toBeLessThan(0.3);
    expect((await report).failed).toEqual([]);
    await starting;
    expect(starts()).toBe(1);
  }, 40_000);

  it('a trip does not wait for a poll that is not answered either', async () => {
    subject = await SUBJECTS[id]();
    const { device, stops, mute } = subject;
    await device.connect();
    mute(true);
    const frame = device.read();
    await new Promise(resolve => setTimeout(resolve, 50));
    mute(false);
    const trip_s = now_s();
    const report = device.safe();
    await expect.poll(stops, { interval: 5, timeout: 15_000 }).toBeGreaterThan(0);
    expect(now_s() - trip_s).toBeLessThan(0.3);
    expect(Math.min(...(await frame).quality)).toBe(QUALITY.bad);
    expect((await report).failed).toEqual([]);
  }, 60_000);
});
