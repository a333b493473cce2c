import type { Clock } from './contract/clock.ts';
import { DeviceError, messageOf } from './contract/errors.ts';
import { badFrame, type Frame, QUALITY } from './contract/frame.ts';
import type { Line } from './contract/transport.ts';
import type { DeviceTable } from './device-table.ts';
import type { InstrumentClocks } from './instrument-clock.ts';

/** What a poll needs to know of its device. */
export interface PollHelp<Req, Rep> {
  readonly clock: Clock;
  /** The line, while it is ready. */
  line(): Line<Req, Rep> | undefined;
  /** Why there is nothing to be polled; empty if there is. */
  obstacle(): string;
  /** What must be done on the line before the first poll after a reconnect, if anything; rejects if it cannot. */
  before(line: Line<Req, Rep>): Promise<void> | undefined;
  /** Where channels are the instrument's own times. */
  readonly clocks?: InstrumentClocks | undefined;
}

/** Makes the poll of a device: one frame from all its reads. It never rejects and never throws. */
export function devicePoll<Req, Rep>(
  id: string,
  table: DeviceTable<Req, Rep>,
  help: PollHelp<Req, Rep>,
): () => Promise<Frame> {
  const { clock } = help;
  const { channels } = table.description;
  let lastLine: Line<Req, Rep> | undefined;
  let seenResyncs = 0;
  let polling: Promise<Frame> | undefined;
  /** Replies of those that are asked less often, with the time they came; in the order of the reads. */
  const kept: ({ readonly reply: Rep; readonly at_s: number } | undefined)[] = table.reads.map(
    () => undefined,
  );

  const bad = (reason: string): Frame => badFrame(id, clock.now_s(), channels.length, reason);

  async function poll(): Promise<Frame> {
    const line = help.line();
    const obstacle = help.obstacle();
    if (line === undefined || obstacle !== '') return bad(obstacle);
    const before = help.before(line);
    // Without a pause otherwise: the question leaves in the very call that asks for it.
    if (before !== undefined) await before;
    if (line !== lastLine) {
      lastLine = line;
      kept.fill(undefined);
      seenResyncs = line.resyncs;
    }
    const values = new Float64Array(channels.length).fill(Number.NaN);
    const quality = new Uint8Array(channels.length);
    let reason = '';
    let t_s = Number.NaN;
    const note = (text: string): void => {
      if (reason === '') reason = text;
    };
    for (const [n, read] of table.reads.entries()) {
      if (read.isDue?.() === false) continue;
      const last = kept[n];
      if (last !== undefined && 1000 * (clock.now_s() - last.at_s) < (read.every_ms ?? 0)) {
        read.into(last.reply, values, quality, note);
        continue;
      }
      try {
        const reply = await line.exchange(read.ask);
        t_s = clock.now_s();
        if (read.every_ms !== undefined) kept[n] = { reply, at_s: t_s };
        read.into(reply, values, quality, note);
      } catch (error) {
        kept[n] = undefined;
        for (const i of read.channels) values[i] = Number.NaN;
        note(messageOf(error));
        if (error instanceof DeviceError && error.code === 'closed') line.lose(error);
      }
    }
    if (Number.isNaN(t_s)) t_s = clock.now_s();
    help.clocks?.place(values, quality, t_s, note);
    const isAfterResync = line.resyncs !== seenResyncs;
    seenResyncs = line.resyncs;
    for (let i = 0; i < channels.length; i++) {
      const [low, high] = channels[i].range;
      const value = values[i];
      if (value >= low && value <= high) {
        if (isAfterResync && quality[i] < QUALITY.uncertain) quality[i] = QUALITY.uncertain;
        continue;
      }
      quality[i] = QUALITY.bad;
      if (reason === '') {
        reason = Number.isNaN(value)
          ? `${channels[i].name}: no value`
          : `${channels[i].name}: ${value} is outside ${low}..${high}`;
      }
      // An over-range reading is no reading: an open thermocouple is not 1370 degC.
      values[i] = Number.NaN;
    }
    const frame = { device: id, t_s, values, quality };
    return reason === '' ? frame : { ...frame, reason };
  }

  return () => {
    // A poll that comes while one is out gets the same frame: polls never pile up.
    polling ??= poll()
      .catch((error: unknown) => bad(messageOf(error)))
      .finally(() => {
        polling = undefined;
      });
    return polling;
  };
}
