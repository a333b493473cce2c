import type { Clock } from '../../../../drivers/contract/clock.ts';
import type { ChannelSpec, ClockNote, Device, InstrumentTime } from '../../../../drivers/contract/device.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { isUsable } from '../../../../drivers/contract/frame.ts';
import { unitOf } from '../../../../drivers/contract/units.ts';

/** What was seen of one channel over some seconds; values in the unit of its name. */
export interface LookedChannel {
  readonly name: string;
  readonly unit: string;
  /** Usable readings, and those that were not. */
  readonly n: number;
  readonly bad: number;
  /** Of the usable ones; null without any. */
  readonly mean: number | null;
  /** Standard deviation of single readings; null with fewer than two, and for a counter. */
  readonly noise: number | null;
  /** Declared accuracy (k = 2) at the mean. */
  readonly accuracy: number | null;
  /** Of a current while its output is off: what it shows of nothing. */
  readonly zero?: number;
  /** It is the instrument's own time of others, of such a clock. */
  readonly clock?: InstrumentTime['clock'];
  /** Why readings were not usable. */
  readonly reason?: string;
}

/** One device as it was found. */
export interface LookedDevice {
  readonly device: string;
  readonly driver: string;
  readonly endpoint: string;
  /** It is the instrument of the bench file. */
  readonly identity: 'as the bench file says' | 'not had';
  /** Why it could not be had. */
  readonly reason?: string;
  readonly channels: readonly LookedChannel[];
  /** What a run will set otherwise at it first, so that readings are missing. Absent: nothing. */
  readonly awaitsRun?: string;
  /** How long a poll takes, s: the median of those that brought something. Absent without one. */
  readonly poll_s?: number;
  /** What its clock gave to tell. Absent: nothing. */
  readonly clock?: readonly ClockNote[];
}

interface Sums {
  n: number;
  bad: number;
  mean: number;
  square: number;
  reason: string | undefined;
}

/**
 * Connects a device that is opened to look only, and reads it every `poll_s` for `for_s`. Never rejects: what goes wrong
 * stands in what it resolves with.
 */
export async function lookAt(
  device: Device,
  clock: Clock,
  of: { readonly endpoint: string; readonly poll_s: number; readonly for_s: number },
): Promise<LookedDevice> {
  const { id, driver, channels } = device;
  const head = { device: id, driver, endpoint: of.endpoint };
  try {
    await device.connect();
  } catch (error) {
    return { ...head, identity: 'not had', reason: messageOf(error), channels: [] };
  }
  const sums = channels.map((): Sums => ({ n: 0, bad: 0, mean: 0, square: 0, reason: undefined }));
  let isOff = true;
  const outputs = channels.flatMap(({ name }, i) => (name === 'output_on' ? [i] : []));
  const polls_s: number[] = [];
  const clockNotes: ClockNote[] = [];
  device.onClock?.(note => clockNotes.push(note));
  const until_s = clock.now_s() + of.for_s;
  for (let isFirst = true; isFirst || clock.now_s() < until_s; isFirst = false) {
    if (!isFirst) await clock.sleep(of.poll_s);
    const asked_s = clock.now_s();
    const { values, quality, reason } = await device.read();
    if (values.some((value, i) => isUsable(value, quality[i]))) polls_s.push(clock.now_s() - asked_s);
    for (const [i, sum] of sums.entries()) add(sum, values[i], isUsable(values[i], quality[i]), reason);
    for (const i of outputs) if (!(values[i] < 0.5)) isOff = false;
  }
  const { awaitsRun } = device;
  await device.close();
  const knowsOff = isOff && outputs.length > 0;
  return {
    ...head,
    identity: 'as the bench file says',
    channels: channels.map((spec, i) => looked(spec, sums[i], knowsOff)),
    ...(polls_s.length === 0 ? {} : { poll_s: polls_s.sort((a, b) => a - b)[polls_s.length >> 1] }),
    ...(clockNotes.length === 0 ? {} : { clock: clockNotes }),
    ...(awaitsRun === undefined ? {} : { awaitsRun }),
  };
}

/** Welford's running mean and sum of squares. */
function add(sum: Sums, value: number, usable: boolean, reason: string | undefined): void {
  if (!usable) {
    sum.bad++;
    sum.reason ??= reason;
    return;
  }
  sum.n++;
  const step = value - sum.mean;
  sum.mean += step / sum.n;
  sum.square += step * (value - sum.mean);
}

function looked(
  { name, accuracy, instrumentTime, counts }: ChannelSpec,
  sum: Sums,
  isOff: boolean,
): LookedChannel {
  const { n, bad, reason } = sum;
  const unit = unitOf(name) ?? '';
  const mean = n === 0 ? null : sum.mean;
  return {
    name,
    unit,
    n,
    bad,
    mean,
    // A counter goes up: that is no scatter.
    noise: n < 2 || counts === true ? null : Math.sqrt(sum.square / (n - 1)),
    accuracy: mean === null ? null : (accuracy.reading_pct / 100) * Math.abs(mean) + accuracy.abs,
    ...(isOff && unit === 'A' && mean !== null ? { zero: mean } : {}),
    ...(instrumentTime === undefined ? {} : { clock: instrumentTime.clock }),
    ...(reason === undefined ? {} : { reason }),
  };
}
