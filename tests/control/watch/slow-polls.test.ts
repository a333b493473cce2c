import { expect, it } from 'vitest';
import { Beats } from '../../../control/tick/beat.ts';
import { ProcessImage } from '../../../control/tick/image.ts';
import { Sampling } from '../../../control/tick/sampling.ts';
import { slowPollText } from '../../../control/watch/slow-polls.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { lineDevice } from '../../support/line-device.ts';

/** An instrument whose poll takes longer than the bench gives it is told of, one that lost an answer once is not. */

it.each([
  [0.9, 1, 1.5, undefined],
  // A poll that is a little late comes with the next tick but one.
  [
    1.2,
    1,
    1.5,
    /one poll takes 1.2 s, so with poll_s 1 a reading comes each 2 s, and stale_after_s 1.5 is shorter/,
  ],
  [1.2, 1, 2, undefined],
  [4.1, 0.5, 3, /each 4.5 s.*Set stale_after_s to 9 at least/],
])('a poll of %f s, one each %f s, stale after %f s', (took_s, poll_s, stale_after_s, expected) => {
  const text = slowPollText(took_s, { poll_s, stale_after_s });
  if (expected === undefined) expect(text).toBeUndefined();
  else expect(text).toMatch(expected);
});

it.each([
  ['slow', 1.4, true],
  ['quick', 0.3, false],
])('sampling measures a %s one', async (_, answer_s, isTold) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const device = lineDevice('bath', { clock, channels: ['temperature_degC'], reply_ms: 3000 });
  await clock.runUntil(device.connect());
  device.instrument.latency_s = answer_s;
  const sampling = new Sampling({
    devices: [device],
    poll_s: () => 1,
    clock,
    interlocks: { begin: () => {}, check: () => {} },
    image: new ProcessImage({ measured: new Map(), settable: new Map() }, () => clock.now_s()),
    sink: { frame: () => {}, event: () => {}, setpoint: () => {}, checkpoint: () => {} },
  });
  const told: number[] = [];
  sampling.slow$.add(({ took_s }) => told.push(took_s));
  const beats = new Beats(clock);
  sampling.start(beats);
  beats.start();
  await clock.runUntil(clock.sleep(8));
  expect(sampling.counts.get('bath')?.frames).toBeGreaterThan(1);
  if (isTold) expect(told[0]).toBeCloseTo(answer_s, 1);
  else expect(told).toEqual([]);
  beats.cancel();
  await clock.runUntil(device.close());
});
