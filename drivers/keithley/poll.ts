import { DeviceError } from '../contract/errors.ts';
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

/** Places of the channels, as the description has them; voltage and time may be missing, so they are last. */
const AT = { current: 0, power: 1, output: 2, limited: 3 } as const;
/** Places of what may be missing. */
export interface Extras {
  readonly voltage: number | undefined;
  readonly time: number | undefined;
}

const RELAY_OPEN = 'output off: the relay is open, nothing is measured';

/** A reading into its channels; `least`: it is no better than that. */
function put(
  reading: Reading,
  { voltage, time }: Extras,
  values: Float64Array,
  quality: Uint8Array,
  least: number = QUALITY.good,
): void {
  const { voltage_V, current_A, isLimited, time_s } = reading;
  const own = Math.max(least, reading.quality);
  const isBad = own === QUALITY.bad;
  values[AT.current] = isBad ? Number.NaN : current_A;
  values[AT.power] = isBad ? Number.NaN : voltage_V * current_A;
  values[AT.limited] = Number(isLimited);
  quality[AT.current] = quality[AT.power] = own;
  if (time !== undefined) values[time] = time_s;
  // Where the bench has its voltage from elsewhere there is no place for it.
  if (voltage === undefined) return;
  values[voltage] = isBad ? Number.NaN : voltage_V;
  quality[voltage] = own;
}

/** A clock that begins anew at so many s as one that goes on. */
function unrolled(rollover_s: number | undefined): (time_s: number) => number {
  let begun_s = 0;
  let last_s = 0;
  return time_s => {
    if (rollover_s === undefined || Number.isNaN(time_s)) return time_s;
    if (time_s < last_s - rollover_s / 2) begun_s += rollover_s;
    last_s = time_s;
    return begun_s + time_s;
  };
}

/** The poll of an instrument with these channels (`AT`). */
export function pollOf(
  dialect: Dialect,
  asked: Fixed,
  {
    ask,
    stateIn,
    channels,
    extras,
    where,
  }: {
    readonly ask: TextRequest;
    stateIn(text: string): State | undefined;
    readonly channels: number;
    readonly extras: Extras;
    /** For messages; undefined where it is only looked at, and nothing set up. */
    readonly where: string | undefined;
  },
) {
  /** Only while the output is on there is something to be read: else the 2400 does not even answer. */
  let isReadingDue = false;
  let last: Reading | undefined;
  const unroll = unrolled(dialect.rollover_s);
  const all = Array.from({ length: channels }, (_, i) => i);
  /** Nothing flows, and nothing of the cell is seen. */
  const atRest = (values: Float64Array, note: (reason: string) => void): void => {
    for (const at of Object.values(AT)) values[at] = 0;
    if (channels > Object.keys(AT).length) note(RELAY_OPEN);
  };
  const reads: ReadSpec<TextRequest, string>[] = [
    {
      ask,
      channels: all,
      into(text, values, quality, note) {
        const state = stateIn(text);
        if (state === undefined) return;
        values[AT.output] = Number(state.isOn);
        // One that is on is left as it is, by a run, too.
        poll.awaited = where !== undefined || state.isOn || state.slip === '' ? undefined : state.slip;
        isReadingDue = state.isOn && state.slip === '' && !poll.isGoingOff;
        if (isReadingDue) return;
        if (state.isOn && state.slip === '' && last !== undefined) {
          // It goes off before it could be read again.
          put(last, extras, values, quality, QUALITY.uncertain);
          return;
        }
        // Behind an open relay nothing flows; in any other off state the cell is loaded.
        if (!state.isOn && state.slip === '') atRest(values, note);
        else if (poll.awaited !== undefined) note(`only a run sets it up: ${poll.awaited}`);
        else if (state.isOn || where === undefined) note(state.slip);
        // With the output off it can be set up again, as at every connection.
        else
          throw new DeviceError(
            'closed',
            where,
            `not as it was set up, to be connected afresh: ${state.slip}`,
          );
      },
    },
    {
      ask: { lines: [dialect.askReading], fits: text => dialect.reading(text, asked) !== undefined },
      channels: all.filter(at => at !== AT.output),
      isDue() {
        const isDue = isReadingDue;
        isReadingDue = false;
        return isDue;
      },
      into(text, values, quality, note) {
        const reading = dialect.reading(text, asked);
        if (reading === undefined) return;
        if (reading.isOff) {
          atRest(values, note);
          return;
        }
        last = { ...reading, time_s: unroll(reading.time_s) };
        put(last, extras, values, quality);
        if (reading.why !== '') note(reading.why);
      },
    },
  ];
  const poll = {
    reads,
    /** We have asked for it to go off: a reading that would leave behind that has nothing to read. */
    isGoingOff: false,
    /** Only looked at, with its output off: what a run will set otherwise. */
    awaited: undefined as string | undefined,
    /** Another connection: nothing is known of what was before. */
    forget() {
      isReadingDue = false;
      last = undefined;
      poll.isGoingOff = false;
    },
  };
  return poll;
}
