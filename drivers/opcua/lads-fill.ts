import { QUALITY } from '../contract/frame.ts';
import type { OpcuaAnswer } from '../transport/opcua/link.ts';
import { type Freshness, freshness } from './freshness.ts';

/** How the answers of a laboratory device come into a frame. */

/** States by the numbers that OPC 30500-1 gives them (StateNumber; sourced from the published nodeset). */
export const DEVICE_STATES: Readonly<Record<string, string>> = {
  1: 'Initialization',
  2: 'Operate',
  3: 'Sleep',
  4: 'Shutdown',
};
export const FUNCTION_STATES: Readonly<Record<string, string>> = {
  1: 'Aborted',
  2: 'Aborting',
  3: 'Clearing',
  4: 'Stopped',
  5: 'Running',
  6: 'Stopping',
};

type Into = (
  answer: OpcuaAnswer,
  values: Float64Array,
  quality: Uint8Array,
  note: (reason: string) => void,
) => void;

const numberOf = (words: Readonly<Record<string, string>>, name: string): number =>
  Number(Object.keys(words).find(number => words[number] === name) ?? Number.NaN);

/** 1 while a function runs, 0 once it has come to rest, NaN on its way and for a state that is not known. */
export function runningOf({ states = [] }: OpcuaAnswer): number {
  const [state] = states;
  if (state === undefined || state.severity !== 'good') return Number.NaN;
  if (state.name === 'Running') return 1;
  return state.name === 'Stopped' || state.name === 'Aborted' ? 0 : Number.NaN;
}

/** A channel that is read, with the word for its function. */
export interface ReadChannel {
  readonly name: string;
  readonly function: string;
  readonly staleAfter_s: number;
  /** Its source time stamp is a channel, too: those come behind the states, in the order of the channels. */
  readonly sourceTime: boolean;
}

/**
 * Two answers a poll: the states, of the device and then of each function in `stateNames`, which fill the channels from
 * `stateAt` on; then value and IsEnabled of each channel in turn. A device that is not in Operate, or does not say, has no
 * good readings; a function that is disabled has none.
 */
export function ladsFill(
  channels: readonly ReadChannel[],
  stateNames: readonly string[],
  now_s: () => number,
): { readonly states: Into; readonly values: Into; forget(): void } {
  const fresh: (Freshness | undefined)[] = channels.map(({ staleAfter_s }) =>
    staleAfter_s > 0 ? freshness(staleAfter_s, now_s) : undefined,
  );
  let deviceState = '';
  return {
    forget() {
      deviceState = '';
    },
    states({ states = [] }, values, quality, note) {
      for (const [k, { name, status, severity }] of states.entries()) {
        const words = k === 0 ? DEVICE_STATES : FUNCTION_STATES;
        const number = severity === 'bad' ? Number.NaN : numberOf(words, name);
        values[channels.length + k] = number;
        if (severity === 'uncertain') quality[channels.length + k] = QUALITY.uncertain;
        if (Number.isNaN(number)) {
          const why = severity === 'bad' ? status : `a state "${name}" that OPC 30500-1 does not have`;
          note(`${stateNames[k]}: ${why}`);
        }
      }
      deviceState = states[0]?.severity === 'good' ? states[0].name : '';
    },
    values({ readings }, values, quality, note) {
      let time = channels.length + stateNames.length;
      for (const [i, channel] of channels.entries()) {
        const value = readings[2 * i];
        const enabled = readings[2 * i + 1];
        const why =
          value.severity === 'bad'
            ? value.status
            : enabled.severity === 'bad'
              ? `IsEnabled of ${channel.function} is ${enabled.status}`
              : enabled.value !== 1
                ? `${channel.function} is disabled`
                : Number.isNaN(value.value)
                  ? (value.why ?? 'holds no number')
                  : (fresh[i]?.look(value) ?? '');
        values[i] = why === '' ? value.value : Number.NaN;
        if (why !== '') note(`${channel.name}: ${why}`);
        if (channel.sourceTime) values[time++] = (value.sourceTime_ms ?? Number.NaN) / 1000;
        const isSure = value.severity === 'good' && enabled.severity === 'good';
        if (!isSure || value.missed !== undefined || deviceState !== 'Operate')
          quality[i] = QUALITY.uncertain;
        if (value.missed !== undefined) note(`${channel.name}: ${value.missed}`);
      }
      if (deviceState !== 'Operate')
        note(`the device is ${deviceState === '' ? 'in a state that is not known' : `in ${deviceState}`}`);
    },
  };
}
