import { expect, it } from 'vitest';
import { ProcessImage } from '../../../control/tick/image.ts';
import { MethodFrames } from '../../../control/tick/method-frames.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import { Listeners } from '../../../drivers/contract/listeners.ts';

/** What a method works out is no better than the readings that it is worked out of. */

const reading = (quality: number): Frame => ({
  device: 'cycler',
  t_s: 1,
  values: Float64Array.of(3.7),
  quality: Uint8Array.of(quality),
});

it.each([
  ['simulated', QUALITY.simulated, QUALITY.simulated],
  ['good', QUALITY.good, QUALITY.good],
  ['uncertain', QUALITY.uncertain, QUALITY.good],
])('of %s readings', (_what, quality, expected) => {
  const image = new ProcessImage({ measured: new Map(), settable: new Map() }, () => 1);
  const heard: number[][] = [];
  const frames$ = new Listeners<Frame>();
  frames$.add(frame => heard.push([...frame.quality]));
  const sink = { frame: () => {}, event: () => {}, setpoint: () => {}, checkpoint: () => {} };
  const shown = new MethodFrames({ image, sink, frames$ });
  // Nothing was read yet.
  shown.show(0, Float64Array.of(Number.NaN, 1));
  image.take(reading(quality));
  shown.show(1, Float64Array.of(Number.NaN, 1));
  expect(heard.at(-1)).toEqual([QUALITY.bad, expected]);
});
