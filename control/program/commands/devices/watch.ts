import { z } from 'zod';
import { table } from '../../../../dashboards/terminal/table.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import type { ClockNote, Device } from '../../../../drivers/contract/device.ts';
import { type Frame, isUsable, QUALITY_NAMES } from '../../../../drivers/contract/frame.ts';
import { unitOf } from '../../../../drivers/contract/units.ts';
import { lockInstruments } from '../../../../drivers/instrument-lock.ts';
import { findDriver } from '../../../../drivers/registry.ts';
import { clockText } from '../../../watch/instrument-clock.ts';
import { numberOption, readOptions } from '../../options.ts';
import { addressGiven, optionsAt, optionsGiven, untilTold } from './given.ts';
import { driverGiven } from './own-drivers.ts';
import { endWhenStuck } from './stuck.ts';

const schema = z.strictObject({
  address: z.string(),
  driver: z.string({ error: 'expected --driver ID (cellbench devices)' }),
  set: z.array(z.string()).default([]),
  every: numberOption(0.05, 3600, 'a number').default(1),
  polls: numberOption(1, 1e9, 'a whole number').optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** `cellbench watch ADDRESS --driver ID`: what an instrument reads, live; nothing is written. Returns the exit code. */
export async function watchCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    many: ['set'],
    words: ['address'],
    help: 'cellbench watch --help',
  });
  using _stuck = endWhenStuck('watch');
  const entry = findDriver(driverGiven(options.driver));
  const own = optionsGiven(options.set);
  const { baud } = own;
  const at = addressGiven(options.address, typeof baud === 'number' ? baud : undefined);
  const clock = realClock();
  const parsed = optionsAt(entry, own, at);
  // A run that holds it is not disturbed.
  using _lock = await lockInstruments(
    { [options.address]: entry.endpoint(parsed) },
    { bench: 'watch', utc_ms: clock.utc_ms() },
  );
  const device = entry.open('watched', parsed, { clock, baseDir: '.', readOnly: true });
  const told = new AbortController();
  void untilTold().then(() => told.abort());
  await device.connect();
  const clockNotes: ClockNote[] = [];
  device.onClock?.(note => clockNotes.push(note));
  let areAllUsable = true;
  let lines = 0;
  try {
    for (let n = 0; !told.signal.aborted && n < (options.polls ?? Number.POSITIVE_INFINITY); n++) {
      if (n > 0) await clock.sleep(options.every, told.signal);
      if (told.signal.aborted) break;
      const frame = await device.read();
      areAllUsable &&= frame.values.every((value, i) => isUsable(value, frame.quality[i]));
      // A clock is told of with the reading that shows it.
      const news = clockNotes.splice(0);
      if (options.json)
        console.log(
          JSON.stringify({ ...asJson(device, frame), ...(news.length > 0 ? { clock: news } : {}) }),
        );
      else {
        if (news.length > 0) show(news.map(clockText), lines);
        lines = show(textOf(device, frame), news.length > 0 ? 0 : lines);
      }
    }
  } finally {
    await device.close();
  }
  return areAllUsable ? 0 : 1;
}

function asJson({ channels }: Device, { t_s, values, quality, reason }: Frame): object {
  const read = channels.map(({ name, words }, i) => {
    const value = Number.isFinite(values[i]) ? values[i] : null;
    const word = words?.[String(value)];
    const said = word === undefined ? {} : { word };
    return [name, { value, unit: unitOf(name), ...said, quality: QUALITY_NAMES[quality[i]] }];
  });
  return { t_s, channels: Object.fromEntries(read), ...(reason === undefined ? {} : { reason }) };
}

function textOf({ channels }: Device, { t_s, values, quality, reason }: Frame): string[] {
  const rows = channels.map(({ name, words }, i) => [
    name,
    words?.[String(values[i])] ??
      (Number.isFinite(values[i]) ? String(Number(values[i].toPrecision(7))) : '-'),
    words === undefined ? (unitOf(name) ?? '') : '',
    QUALITY_NAMES[quality[i]],
  ]);
  const head = `${t_s.toFixed(1)} s${reason === undefined ? '' : `: ${reason}`}`;
  return [head, ...table(['channel', 'value', 'unit', 'quality'], rows, [1])];
}

/** In the place of the last table on a terminal, below it elsewhere; the lines that stand there now. */
function show(text: readonly string[], before: number): number {
  const { stdout } = process;
  if (stdout.isTTY && before > 0) stdout.write(`\u001b[${before}A\r\u001b[J`);
  stdout.write(`${text.join('\n')}\n`);
  return text.length;
}
