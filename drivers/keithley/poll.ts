import { QUALITY } from '../contract/frame.ts';
import type { ReadSpec } from '../device-table.ts';
import type { TextRequest } from '../transport/text/lines.ts';
import type { Dialect, Fixed, Reading } from './dialect.ts';
import type { Source } from './set-points.ts';

/** Questions of a poll: first whether the output is on, then what flows, if it is. */

/** What the instrument says of its state in one answer. */
export interface State {
  readonly isOn: boolean;
  readonly source: Source;
  /** The first thing that is not as it was set up; empty: all is. */
  readonly slip: string;
}

const RELAY_OPEN = 'output off: the relay is open, nothing is measured';

/** A reading into its channels; `least`: it is no better than that. */
function put(
  reading: Reading,
  values: Float64Array,
  quality: Uint8Array,
  least: number = QUALITY.good,
): void {
  const { voltage_V, current_A, isLimited } = reading;
  const own = Math.max(least, reading.quality);
  values.set(
    own === QUALITY.bad
      ? [Number.NaN, Number.NaN, Number.NaN]
      : [voltage_V, current_A, voltage_V * current_A],
  );
  values[4] = Number(isLimited);
  quality.fill(own, 0, 3);
}

/** Channels in the order of the description: voltage, current, power, output, limited. */
export function pollOf(
  dialect: Dialect,
  asked: Fixed,
  { ask, stateIn }: { readonly ask: TextRequest; stateIn(text: string): State | undefined },
) {
  /** Only while the output is on there is something to be read: else the 2400 does not even answer. */
  let isReadingDue = false;
  let last: Reading | undefined;
  const reads: ReadSpec<TextRequest, string>[] = [
    {
      ask,
      channels: [0, 1, 2, 3, 4],
      into(text, values, quality, note) {
        const state = stateIn(text);
        if (state === undefined) return;
        values[3] = Number(state.isOn);
        isReadingDue = state.isOn && state.slip === '' && !poll.isGoingOff;
        if (isReadingDue) return;
        if (state.isOn && state.slip === '' && last !== undefined) {
          // It goes off before it could be read again.
          put(last, values, quality, QUALITY.uncertain);
          return;
        }
        values[4] = state.isOn ? Number.NaN : 0;
        note(state.slip === '' ? RELAY_OPEN : state.slip);
        // Behind an open relay nothing flows; in any other off state the cell is loaded.
        if (!state.isOn && state.slip === '') values[1] = values[2] = 0;
      },
    },
    {
      ask: { lines: [dialect.askReading], fits: text => dialect.reading(text, asked) !== undefined },
      channels: [0, 1, 2, 4],
      isDue() {
        const isDue = isReadingDue;
        isReadingDue = false;
        return isDue;
      },
      into(text, values, quality, note) {
        const reading = dialect.reading(text, asked);
        if (reading === undefined) return;
        if (reading.isOff) {
          values.set([Number.NaN, 0, 0, 0, 0]);
          note(RELAY_OPEN);
          return;
        }
        last = reading;
        put(reading, values, quality);
        if (reading.why !== '') note(reading.why);
      },
    },
  ];
  const poll = {
    reads,
    /** We have asked for it to go off: a reading that would leave behind that has nothing to read. */
    isGoingOff: false,
    /** Another connection: nothing is known of what was before. */
    forget() {
      isReadingDue = false;
      last = undefined;
      poll.isGoingOff = false;
    },
  };
  return poll;
}
