import { type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Listeners } from '../../drivers/contract/listeners.ts';
import { METHOD_DEVICE } from '../kinds/derived/kind.ts';
import type { Sink } from '../record/recording.ts';
import type { ProcessImage } from './image.ts';

/** Where frames go. */
export interface FramesTo {
  readonly image: ProcessImage;
  readonly sink: Sink;
  readonly frames$: Listeners<Frame>;
}

/** What a method works out of other roles as frames, as of one more instrument: shown, recorded, drawn. */
export class MethodFrames {
  readonly #to: FramesTo;
  /** In turn: a frame stands over the next one. */
  #frames: readonly [Own, Own] | undefined;
  /** Quality of a value that is known. */
  #ground: number | undefined;

  constructor(to: FramesTo) {
    this.#to = to;
  }

  /** `t_s`: session time; a value that is not known is bad. */
  show(t_s: number, values: Float64Array): void {
    const { image, sink, frames$ } = this.#to;
    this.#frames ??= [newFrame(values.length), newFrame(values.length)];
    this.#ground ??= image.ground();
    const known = this.#ground ?? QUALITY.good;
    const [frame, other] = this.#frames;
    this.#frames = [other, frame];
    frame.t_s = t_s;
    for (let i = 0; i < values.length; i++) {
      frame.values[i] = values[i];
      frame.quality[i] = Number.isNaN(values[i]) ? QUALITY.bad : known;
    }
    image.take(frame);
    sink.frame(frame);
    frames$.tell(frame);
  }
}

interface Own extends Frame {
  t_s: number;
}

function newFrame(channels: number): Own {
  return {
    device: METHOD_DEVICE,
    t_s: 0,
    values: new Float64Array(channels),
    quality: new Uint8Array(channels),
  };
}
