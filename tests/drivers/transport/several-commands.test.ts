import { expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { DeviceError } from '../../../drivers/contract/errors.ts';
import type { Lane, Link } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';

/** Requests that are several commands, each with an answer time of its own, and what is urgent between them; in virtual time. */

const REPLY_ms = 1000;

interface Ask {
  readonly name: string;
  readonly commands: number;
  /** Between the first command and the next, s: its answer, or a wait of the link. */
  readonly each_s: number;
  readonly mustEnd?: boolean;
}

function rig(takesUrgent: 'in order' | undefined) {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const left: string[] = [];
  const link: Link<Ask, string> = {
    where: 'fake',
    namesReplies: true,
    ...(takesUrgent === undefined ? {} : { takesUrgent }),
    open: async () => {},
    async send({ name, commands, each_s, mustEnd }, _lane, goOn) {
      for (let number = 1; number <= commands; number++) {
        if (number > 1) goOn?.(mustEnd);
        left.push(`${name}${number}`);
        await clock.sleep(each_s);
      }
      return name;
    },
    flush: async () => {},
    onLost: () => {},
    close: async () => {},
  };
  const line = openLine(link, { clock, reply_ms: REPLY_ms, gap_ms: 0 });
  const asked = (ask: Ask, lane: Lane = 'normal'): Promise<string> =>
    line.exchange(ask, lane, 'write').catch((error: DeviceError) => error.code);
  return { clock, left, asked };
}

const STOP: Ask = { name: 'stop', commands: 1, each_s: 0.1 };
const ZERO: Ask = { name: 'zero', commands: 3, each_s: 0.8 };
const START: Ask = { name: 'start', commands: 3, each_s: 0.8 };

it.each<[string, 'in order' | undefined, readonly (readonly [Ask, Lane])[], string[], string[]]>([
  [
    'alone: longer than one answer may take',
    undefined,
    [[START, 'normal']],
    ['start1 start2 start3'],
    ['start'],
  ],
  ['in order, alone', 'in order', [[START, 'normal']], ['start1 start2 start3'], ['start']],
  [
    'overtaken, where the stop waits for an answer',
    undefined,
    [
      [START, 'normal'],
      [STOP, 'urgent'],
    ],
    ['start1 stop1'],
    ['cancelled', 'stop'],
  ],
  [
    'overtaken, where it does not wait',
    'in order',
    [
      [START, 'normal'],
      [STOP, 'urgent'],
    ],
    ['start1 stop1'],
    ['cancelled', 'stop'],
  ],
  [
    'overtaken and must end',
    undefined,
    [
      [{ ...START, mustEnd: true }, 'normal'],
      [STOP, 'urgent'],
    ],
    ['start1 start2 start3 stop1'],
    ['start', 'stop'],
  ],
  [
    'overtaken on a line that keeps the order, and must end',
    'in order',
    [
      [{ ...START, mustEnd: true }, 'normal'],
      [STOP, 'urgent'],
    ],
    ['start1 stop1 start2 start3'],
    ['start', 'stop'],
  ],
  [
    'urgent behind urgent: both go on to their end',
    undefined,
    [
      [ZERO, 'urgent'],
      [STOP, 'urgent'],
    ],
    ['zero1 zero2 zero3 stop1'],
    ['zero', 'stop'],
  ],
  [
    'urgent overtaken by urgent: it goes on all the same, however long it takes',
    'in order',
    [
      [ZERO, 'urgent'],
      [STOP, 'urgent'],
    ],
    ['zero1 stop1 zero2 zero3'],
    ['zero', 'stop'],
  ],
  [
    'one whose command is not answered in time sends no more',
    undefined,
    [[{ ...START, each_s: 1.2 }, 'normal']],
    ['start1'],
    ['timeout'],
  ],
])('%s', async (_, takesUrgent, asks, leave, outcomes) => {
  const { clock, left, asked } = rig(takesUrgent);
  const said: Promise<string>[] = [];
  for (const [ask, lane] of asks) {
    said.push(asked(ask, lane));
    await clock.runUntil(clock.sleep(0.1));
  }
  expect(await clock.runUntil(Promise.all(said))).toEqual(outcomes);
  await clock.runUntil(clock.sleep(5));
  expect([left.join(' ')]).toEqual(leave);
});
