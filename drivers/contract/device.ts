import type { Frame } from './frame.ts';
import type { Dataset, DatasetRow, ImpedanceAbility } from './measure/impedance.ts';
import type { MeasureRequest } from './measure/request.ts';
import type { SweepAbility } from './measure/sweep.ts';
import type { ProgramAbility, ProgramRunner } from './program/program.ts';
import type { Quantity } from './units.ts';
import type { WatchdogReading } from './watchdog.ts';

/** Where a figure comes from: read in a source, known but not looked up, or chosen by us. */
export type Basis = 'sourced' | 'recalled' | 'default';

/** Declared accuracy (k = 2): +-(reading_pct of the reading + abs in the channel's unit). */
export interface Accuracy {
  readonly reading_pct: number;
  readonly abs: number;
  readonly basis: Basis;
}

/** What a channel is that holds the instrument's own time of others: its value is that time less the time of arrival, s. */
export interface InstrumentTime {
  /** `utc`: a calendar clock; `own`: one that counts from a beginning of its own, so that its first frame is 0. */
  readonly clock: 'utc' | 'own';
  /** Places of the channels that were taken at this time. */
  readonly of: readonly number[];
  /** Longest that it may stand still, s: then they are stale. Absent: as long as it likes. */
  readonly stale_s?: number;
}

/** Bounds of a channel that is an instrument's time, s: whatever a clock shows that nobody has set. */
export const INSTRUMENT_TIME_RANGE: readonly [low: number, high: number] = [-1e10, 1e10];

/** What the clock of an instrument gives to tell. */
export interface ClockNote {
  /** `offset`: a calendar clock is that far from ours, told once; `jump`: it was set, or has begun anew. */
  readonly what: 'offset' | 'jump';
  /** The channel in which it shows. */
  readonly channel: string;
  /** s; above 0: ahead, of our clock or of what it was before. */
  readonly by_s: number;
}

/** One column of a device's frame. */
export interface ChannelSpec {
  readonly name: Quantity;
  /** Values outside are reported as bad (over-range, open thermocouple), never passed on. */
  readonly range: readonly [low: number, high: number];
  readonly accuracy: Accuracy;
  /** Where its number is a state: what people call each, by the number (`{ '3': 'charging' }`). Absent: a quantity. */
  readonly words?: Readonly<Record<string, string>>;
  /** Where it is the instrument's own time of other channels. Absent: a quantity, or a state. */
  readonly instrumentTime?: InstrumentTime;
  /** It counts something up. Absent: it does not. */
  readonly counts?: true;
}

/** One thing that can be set. Setpoint and measurement never share a name (`currentSet_A`, `current_A`). */
export interface SettableSpec {
  readonly name: Quantity;
  readonly range: readonly [low: number, high: number];
  /** Read-back must agree within this, in the channel's unit. */
  readonly tolerance: number;
}

/** A channel that is the instrument's own time of others. */
export function timeChannel(name: Quantity, instrumentTime: InstrumentTime): ChannelSpec {
  const accuracy = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  return { name, range: INSTRUMENT_TIME_RANGE, accuracy, instrumentTime };
}

/** What can be said of a device without opening it: used to check bench files and to build the twin. */
export interface DeviceDescription {
  /** Driver id, e.g. `ea/psb-10000`. */
  readonly driver: string;
  readonly channels: readonly ChannelSpec[];
  readonly settables: readonly SettableSpec[];
  /** What the instrument's output does by itself when we fall silent and no watchdog is armed. */
  readonly onLoss: 'off' | 'hold' | 'unknown';
  /** Whether it offers a watchdog as it is configured (`armWatchdog`). Absent: no. */
  readonly watchdog?: boolean;
  /** Files that it was described by (register map, node list). Absent: none. */
  readonly dataFiles?: readonly string[];
  /** What `safe()` sets, in order. Empty for a device that only measures. */
  readonly safeList: readonly (readonly [key: Quantity, value: number])[];
  /** What it can where it measures impedance (`measure`). Absent: it does not. */
  readonly impedance?: ImpedanceAbility;
  /** What it can where it sweeps a voltage by itself (`measure`). Absent: it does not. */
  readonly sweep?: SweepAbility;
  /** What it can where it runs programs of its own (`Device.program`). Absent: it does not. */
  readonly programs?: ProgramAbility;
}

export type DeviceState = 'closed' | 'connecting' | 'ready' | 'lost';

/** How a write travels. */
export interface WriteOptions {
  /** Overtakes everything that waits on the line; for the safe state only. */
  readonly urgent?: boolean;
}

/** What `safe()` did: every line that succeeded and every line that failed, in order. */
export interface SafeReport {
  readonly device: string;
  readonly done: readonly string[];
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
}

/** One instrument (or one bus with several), seen by control. Only the gate calls `write` and `safe`. */
export interface Device extends DeviceDescription {
  /** Name in the bench file, e.g. `supply`. */
  readonly id: string;
  readonly state: DeviceState;
  /** Opens the line, checks identity, takes remote control. Rejects with a DeviceError; leaves nothing open. */
  connect(): Promise<void>;
  /** Polls once. Never rejects: a failed read resolves with a bad frame. */
  read(): Promise<Frame>;
  /**
   * Polls at once, where no line stands between: as `read`, without a promise. Throws as little as `read` rejects. The
   * frame is filled again at the second next call: whoever keeps it longer copies it. Absent for everything that has a
   * line.
   */
  readNow?(): Frame;
  /** Resolves once the value is read back within tolerance; otherwise rejects with a DeviceError. */
  write(key: Quantity, value: number, options?: WriteOptions): Promise<void>;
  /**
   * Gives up every write that has been asked for and has not left yet; it rejects with `cancelled`. The gate calls it
   * when it shuts: what was asked before a trip must not reach the instrument after it.
   */
  cancelWrites(reason: string): void;
  /** Drives this device's own safe list on the urgent lane; goes on past failures; never rejects. */
  safe(): Promise<SafeReport>;
  /**
   * Reads back what the instrument holds as its set value now, in the settable's unit. Rejects with a DeviceError.
   * Absent where nobody else could change it (a twin).
   */
  readBack?(key: Quantity): Promise<number>;
  /**
   * Measures a spectrum or a curve, one at a time. `hear` gets each row as it is measured; resolves with all of them. Rejects with a
   * DeviceError: `refused` by the instrument, `closed` or `timeout` when it is gone or hangs, `cancelled` as soon as the
   * signal aborts: then at once, whatever the instrument does, and nothing of it goes before an urgent write. A
   * spectrum sets nothing: the direct current stays as the supply holds it; a curve takes the voltage along its way, within
   * `sweep`, and the set points hold again after it. Absent where `impedance` and `sweep` are.
   */
  measure?(request: MeasureRequest, hear: (row: DatasetRow) => void, signal: AbortSignal): Promise<Dataset>;
  /** Programs that the instrument runs by itself, and goes on with when we are gone. Absent where `programs` is. */
  readonly program?: ProgramRunner;
  /**
   * Opened to look only: what is set otherwise at the instrument than a run will set it up, so that readings are missing.
   * Absent: nothing is.
   */
  readonly awaitsRun?: string | undefined;
  /**
   * What a person should hear of the connection once it stands: it is not secured, a certificate ends soon. Absent: nothing
   * can be.
   */
  readonly notices?: readonly string[];
  /**
   * Called with what the instrument says in words while it is polled, when that has changed: an alarm that it shows.
   * Returns the unsubscribe. Absent: it says nothing.
   */
  onNews?(listener: (text: string) => void): () => void;
  /** Called when the instrument's own clock is off, or was set. Returns the unsubscribe. Absent: no time of it is read. */
  onClock?(listener: (note: ClockNote) => void): () => void;
  /** How often a lost or damaged answer was asked for again, since the device was made. Absent: it has no line. */
  readonly retries?: number;
  /**
   * Leaves the instrument alone for so long, s: no poll, no set point and no heartbeat reaches it, so that its own watchdog
   * acts; urgent writes still go, and a lost line is still connected afresh. Frames are bad meanwhile, with that as their
   * reason. For an output that could not be switched off; 0 ends it. The first poll after it arms the watchdog again.
   */
  leaveAlone(for_s: number): void;
  /**
   * Arms the instrument's own watchdog (output off when we are silent for timeout_s) and reads it back.
   * Resolves with the armed time, or undefined where the instrument has none.
   */
  armWatchdog(timeout_s: number): Promise<number | undefined>;
  /**
   * Reads back whether its watchdog still stands as it was armed; sets nothing. Undefined where none is armed on this
   * connection now. Rejects with a DeviceError. Absent where it cannot be read back, or nobody else could change it (a twin).
   */
  readWatchdog?(): Promise<WatchdogReading | undefined>;
  /** Called when `state` changes, with the reason; returns the unsubscribe. */
  onState(listener: (state: DeviceState, reason: string) => void): () => void;
  close(): Promise<void>;
}
