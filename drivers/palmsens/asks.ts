import type { MeasureRequest } from '../contract/measure/request.ts';
import type { MeasuredSoFar } from '../device-table.ts';
import type { Reading } from './reading.ts';

/** What the table asks of the link, each in one exchange. */

/** What is set: the number of the mode, set points in their units, the cell switch. */
export type Setting = 'modeSet_count' | 'currentSet_A' | 'voltageSet_V' | 'outputSet_on';

/** Numbers of `modeSet_count`, as those of the other channels in the examples. */
export const MODE = { rest: 0, current: 1, voltage: 2 } as const;

export type Ask =
  /** Who it is. Nothing that runs is disturbed unless it keeps the instrument from saying so. */
  | { readonly do: 'identity' }
  /** Ends whatever runs and switches the cell off; what comes after it is ours. */
  | { readonly do: 'silence' }
  | { readonly do: 'poll' }
  | { readonly do: 'set'; readonly key: Setting; readonly value: number }
  | { readonly do: 'get'; readonly key: Setting }
  /** The cell off, whatever runs. */
  | { readonly do: 'off' }
  | { readonly do: 'arm'; readonly timeout_s: number }
  | { readonly do: 'measure'; readonly number: number; readonly request: MeasureRequest }
  | { readonly do: 'since'; readonly number: number; readonly from: number }
  | { readonly do: 'cancel'; readonly number: number };

/** First six characters of the firmware's answer, its version, whether it is a beta, and the serial number. */
export interface Identity {
  readonly model: string;
  readonly version: string;
  readonly isBeta: boolean;
  readonly serial: string;
}

export type Answer =
  | ({ readonly is: 'identity' } & Identity)
  | { readonly is: 'silent' }
  | { readonly is: 'done' }
  | { readonly is: 'value'; readonly value: number }
  /** The cell is open: its potential. */
  | { readonly is: 'rest'; readonly reading: Pick<Reading, 'voltage'> }
  /** The cell is on: the last reading, and how old it is, s. */
  | { readonly is: 'held'; readonly reading: Reading; readonly age_s: number; readonly isMeasuring: boolean }
  | ({ readonly is: 'measured' } & MeasuredSoFar);
