import type { Clock } from './contract/clock.ts';
import type { Device, SafeReport } from './contract/device.ts';
import { DeviceError, messageOf } from './contract/errors.ts';
import type { Line } from './contract/transport.ts';
import type { Quantity } from './contract/units.ts';
import type { DeviceTable, WriteSpec } from './device-table.ts';

/** The pause between two read-backs of a value that is still settling. */
const SETTLE_STEP_s = 0.005;

/** What writes need to know of their device. */
export interface WriteHelp<Req, Rep> {
  readonly clock: Clock;
  /** The line, while it is ready. */
  line(): Line<Req, Rep> | undefined;
  /** Why it is not. */
  reason(): string;
  /** The safe state cannot be driven: there is no line. */
  onUnsafe(): void;
}

/** The writing half of a device. */
export type DeviceWrites<Req, Rep> = Required<
  Pick<Device, 'write' | 'cancelWrites' | 'safe' | 'readBack'>
> & {
  /**
   * Sends the safe list to an instrument that was asked who it is and did not answer, if the safe state was asked for
   * and could not be proved: it may hear us all the same. Proves nothing.
   */
  blind(line: Line<Req, Rep>): Promise<void>;
};

/**
 * Set points and the safe state of one device. Whatever was asked for before an urgent write, before `safe()` or before
 * `cancelWrites` never leaves after it. What counts is what is read back, not whether a write was acknowledged
 * (`isRefusalFinal` apart): an urgent frame that was not proved is sent once more, unless a newer one for the same settable
 * has been sent.
 */
export function deviceWrites<Req, Rep>(
  id: string,
  table: DeviceTable<Req, Rep>,
  help: WriteHelp<Req, Rep>,
): DeviceWrites<Req, Rep> {
  const { clock } = help;
  const { settables, safeList } = table.description;
  const safeItems = safeList.map(([key, value]) => ({
    key,
    value,
    // Encoded beforehand: nothing is computed between a trip and the frame.
    request: writeOf(key).encode(value),
  }));
  let writing: Promise<unknown> = Promise.resolve();
  /** The frame of the last set point; never rejected. */
  let leaving: Promise<unknown> = Promise.resolve();
  /** The safe state was asked for, and is not proved. */
  let isSafeDue = false;
  /** Counts what overtakes: a set point asked for before it must not go out after it. */
  let overtakes = 0;
  /** The same for each settable: an urgent write is not repeated once a newer one has gone out. */
  const urgentCount = new Map<Quantity, number>();

  function writeOf(key: string): WriteSpec<Req, Rep> {
    const spec = Object.hasOwn(table.writes, key) ? table.writes[key] : undefined;
    if (spec === undefined) throw new DeviceError('config', id, `nothing named ${key} can be set here`);
    return spec;
  }

  function readyLine(): Line<Req, Rep> {
    const line = help.line();
    if (line === undefined) throw new DeviceError('closed', id, help.reason());
    return line;
  }

  function cancelWrites(reason: string): void {
    overtakes++;
    help.line()?.cancelWrites(reason);
  }

  const overtaken = (key: Quantity, cause?: unknown): DeviceError =>
    new DeviceError('cancelled', id, `${key}: overtaken by the safe state`, cause);

  /** Reads back until the value is there, or its time to settle is over. `goOn` throws to end it early. */
  async function confirm(
    line: Line<Req, Rep>,
    key: Quantity,
    value: number,
    lane: 'front' | 'normal',
    goOn: () => void,
  ): Promise<void> {
    const spec = writeOf(key);
    const tolerance = settables.find(s => s.name === key)?.tolerance ?? 0;
    const until_s = clock.now_s() + (spec.settle_ms ?? 0) / 1000;
    for (;;) {
      goOn();
      const got = spec.decode(await line.exchange(spec.readback, lane));
      // The last part of a float's rounding is not a difference.
      if (Math.abs(got - value) <= tolerance + 1e-9 * Math.abs(value)) return;
      if (clock.now_s() >= until_s) {
        throw new DeviceError(
          'readback',
          id,
          `${key}: set ${value}, read back ${got} (tolerance ${tolerance})`,
        );
      }
      await clock.sleep(SETTLE_STEP_s);
    }
  }

  async function writeNow(key: Quantity, value: number, calls: number): Promise<void> {
    const goOn = (): void => {
      if (calls !== overtakes) throw overtaken(key);
    };
    goOn();
    const line = readyLine();
    try {
      const answer = line.exchange(writeOf(key).encode(value), 'normal', 'write');
      leaving = errorOf(answer);
      await answer;
      await confirm(line, key, value, 'normal', goOn);
    } catch (error) {
      if (calls !== overtakes) throw overtaken(key, error);
      throw error;
    }
  }

  /** Sends in this very call; `prove` then makes sure of it. */
  function sendUrgent(line: Line<Req, Rep>, key: Quantity, request: Req) {
    const count = (urgentCount.get(key) ?? 0) + 1;
    urgentCount.set(key, count);
    const sending = errorOf(line.exchange(request, 'urgent', 'write'));
    return { line, key, request, count, sending };
  }

  /** What stands against it in the end; undefined once the value is read back. */
  async function prove(sent: ReturnType<typeof sendUrgent>, value: number): Promise<DeviceError | undefined> {
    const { line, key, request, count } = sent;
    const goOn = (): void => {
      if (urgentCount.get(key) !== count) throw overtaken(key);
    };
    const sending = await sent.sending;
    // An older set point that it overtook may be carried out behind it: proved is what stands after that.
    await leaving;
    const isRefused = sending?.code === 'refused' && writeOf(key).isRefusalFinal === true;
    if (!isRefused && (await errorOf(confirm(line, key, value, 'front', goOn))) === undefined)
      return undefined;
    const again = async (): Promise<void> => {
      goOn();
      await line.exchange(request, 'urgent', 'write');
      await confirm(line, key, value, 'front', goOn);
    };
    const failure = await errorOf(again());
    if (failure === undefined || sending === undefined) return failure;
    return new DeviceError(failure.code, id, `${failure.message}; sending: ${sending.message}`, sending);
  }

  return {
    cancelWrites,
    async write(key, value, options) {
      const settable = settables.find(s => s.name === key);
      if (settable === undefined) throw new DeviceError('config', id, `nothing named ${key} can be set here`);
      const [low, high] = settable.range;
      // Written so that NaN fails too.
      if (!(value >= low && value <= high)) {
        throw new DeviceError('range', id, `${key}: ${value} is outside ${low}..${high}; nothing was sent`);
      }
      if (options?.urgent) {
        const line = help.line();
        const sent = line && sendUrgent(line, key, writeOf(key).encode(value));
        cancelWrites('overtaken by the safe state');
        if (sent === undefined) throw new DeviceError('closed', id, help.reason());
        const failure = await prove(sent, value);
        if (failure !== undefined) throw failure;
        return;
      }
      // A person leads out of it.
      isSafeDue = false;
      const calls = overtakes;
      // One write and its read-back at a time, else a second write spoils the first one's proof.
      const result = writing.then(() => writeNow(key, value, calls));
      writing = result.catch(() => {});
      return result;
    },
    async safe(): Promise<SafeReport> {
      const line = help.line();
      const done: string[] = [];
      const failed: { key: string; reason: string }[] = [];
      // All frames are handed to the line before anything is awaited: the first leaves in this very call.
      const sent = line && safeItems.map(({ key, request }) => sendUrgent(line, key, request));
      cancelWrites('overtaken by the safe state');
      if (sent === undefined) {
        for (const { key } of safeItems) failed.push({ key, reason: help.reason() });
        isSafeDue = failed.length > 0;
        if (isSafeDue) help.onUnsafe();
        return { device: id, done, failed };
      }
      await Promise.all(sent.map(item => item.sending));
      for (const [i, { key, value }] of safeItems.entries()) {
        const failure = await prove(sent[i], value);
        if (failure === undefined) done.push(`${key} = ${value}`);
        else failed.push({ key, reason: failure.message });
      }
      isSafeDue = failed.length > 0;
      return { device: id, done, failed };
    },
    async blind(line) {
      if (!isSafeDue) return;
      await Promise.all(safeItems.map(({ request }) => errorOf(line.exchange(request, 'urgent', 'write'))));
    },
    async readBack(key) {
      const spec = writeOf(key);
      return spec.decode(await readyLine().exchange(spec.readback));
    },
  };
}

/** What the work was rejected with, undefined if it was not. */
async function errorOf(work: Promise<unknown>): Promise<DeviceError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof DeviceError
      ? error
      : new DeviceError('garbled', 'device', messageOf(error), error);
  }
}
