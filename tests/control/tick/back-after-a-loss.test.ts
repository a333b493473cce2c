import { expect, it } from 'vitest';
import { Beats } from '../../../control/tick/beat.ts';
import { ProcessImage } from '../../../control/tick/image.ts';
import { Sampling } from '../../../control/tick/sampling.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Frame } from '../../../drivers/contract/frame.ts';
import { lineDevice } from '../../support/line-device.ts';

it('an instrument that is back is read at once, not at its next beat; one that has been let go is not', async () => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const device = lineDevice('rack', { clock, channels: ['temperature_degC'] });
  await clock.runUntil(device.connect());
  const frames: Frame[] = [];
  const sampling = new Sampling({
    devices: [device],
    poll_s: () => 10,
    clock,
    interlocks: { begin: () => {}, check: frame => frames.push(frame) },
    image: new ProcessImage({ measured: new Map(), settable: new Map() }, () => clock.now_s()),
    sink: { frame: () => {}, event: () => {}, setpoint: () => {}, checkpoint: () => {} },
  });
  const beats = new Beats(clock);
  sampling.start(beats);
  beats.start();
  let ready_s = Number.NaN;
  device.onState(state => {
    if (state === 'ready') ready_s = clock.now_s();
  });
  await clock.runUntil(clock.sleep(12));
  device.instrument.cut();
  await clock.runUntil(clock.sleep(1));
  device.instrument.mend();
  await clock.runUntil(clock.sleep(5));
  expect(frames.map(frame => frame.quality[0])).toEqual([0, 0]);
  expect(ready_s).toBeGreaterThan(12);
  expect(frames[1].t_s - ready_s).toBeLessThan(0.1);
  // The beats go on as before.
  await clock.runUntil(clock.sleep(3));
  expect(frames).toHaveLength(3);
  sampling.stop();
  device.instrument.cut();
  await clock.runUntil(clock.sleep(1));
  device.instrument.mend();
  await clock.runUntil(clock.sleep(5));
  expect(frames).toHaveLength(3);
  beats.cancel();
  await clock.runUntil(device.close());
});
