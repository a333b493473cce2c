import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { ProgramTicket } from '../../../drivers/contract/program/program.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type Converted, convert } from '../../../profiles/language/exchange/convert.ts';
import type { Reach } from '../../../profiles/language/exchange/reach.ts';
import type { FormatKey } from '../../../profiles/language/exchange/table.ts';
import { followed } from '../../../profiles/language/followed/followed.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { benchNames } from '../../bench/bench-names.ts';
import type { LoadedMethod } from '../../bench/method-check.ts';
import type { ProgramChannel } from '../../bench/program-channel.ts';
import type { Recording } from '../../record/recording.ts';
import { CyclerProgram } from '../../run/program/cycler-program.ts';
import { calledFile } from '../method-of-bench.ts';
import { endpointsOf } from '../open-devices.ts';

/** A method as the program of the cycler that this bench runs its methods on. */
export interface OnCycler {
  readonly channel: ProgramChannel;
  /** The bench as its file has it: nothing on it drives the cell but the program. */
  readonly bench: LoadedBench;
  /** The method with steps that follow the program. */
  readonly method: LoadedMethod;
  readonly text: string;
  /** Of the text without its date: the same method on the same cell has the same. */
  readonly sha256: string;
  readonly differences: Converted['differences'];
  readonly steps: number;
  /** How far its steps go, and the limits that go along with it. */
  readonly reach: Reach;
  readonly limits: Converted['limits'];
}

/**
 * Turns a method into the program of the bench's cycler. `accepts`: what the program says otherwise is listed, not refused.
 * @throws FileError with the line of what the cycler cannot be told
 */
export function onCycler(
  channel: ProgramChannel,
  bench: LoadedBench,
  method: LoadedMethod,
  { accepts, utc_s, live }: { readonly accepts: boolean; readonly utc_s: number; readonly live: LoadedBench },
): OnCycler {
  const { program } = method.procedure;
  const given = method.procedure.given ?? [];
  if (program === undefined || given.length > 0)
    throw new FileError(
      method.path,
      0,
      `--set ${given[0] ?? ''}: a program of the cycler is made of the file alone, expected the value as its default`,
    );
  const names = benchNames(live);
  const written = (at_s: number): Converted =>
    convert(method.path, readTextFile(method.path), {
      to: channel.ability.format as FormatKey,
      accepts,
      subject: names.subject,
      bench: names.bench,
      find: calledFile,
      utc_s: at_s,
    });
  const { text, differences, steps = 0, reach = {}, limits } = written(utc_s);
  return {
    channel,
    bench,
    method: { ...method, procedure: { ...method.procedure, program: followed(program) } },
    text,
    sha256: sha256Of(written(0).text),
    differences,
    steps,
    reach,
    limits,
  };
}

/** What is said before a run or a rehearsal. */
export function saidOfProgram({ channel, differences }: OnCycler): readonly string[] {
  return [
    `The method runs on ${channel.device} as its own program (${channel.ability.format}): it goes on within the limits of the instrument when this program or the line is gone. cellbench watches, records and stops it.`,
    ...differences.map(({ where, what }) => `  otherwise there: ${where}: ${what}`),
  ];
}

const keptTicket = z.strictObject({
  label: z.string().min(1),
  test: z.string(),
  records: z.number().int().min(0),
  /** Where the channel is. */
  endpoint: z.string(),
  sha256: z.string(),
  method: z.string(),
});
type KeptTicket = z.infer<typeof keptTicket>;

/** Where the ticket of a program lies as long as it is not known to have ended: beside the bench file. */
export function ticketFileOf({ channel, bench }: OnCycler): string {
  const subject = bench.subject === undefined ? '' : `.${bench.subject}`;
  return join(
    bench.baseDir,
    `${basename(bench.path).replace(/\.ya?ml$/i, '')}${subject}.${channel.device}.program.json`,
  );
}

/** The program that an earlier run has left on the cycler. @throws FileError of another method's, or a file that is none */
export function leftOnCycler(of: OnCycler): KeptTicket | undefined {
  const path = ticketFileOf(of);
  if (!existsSync(path)) return undefined;
  let found: KeptTicket | undefined;
  try {
    found = keptTicket.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Told below.
  }
  if (found === undefined)
    throw new FileError(
      path,
      0,
      'is no ticket of a program, expected what cellbench wrote; look at the cycler',
    );
  if (found.sha256 !== of.sha256)
    throw new FileError(
      path,
      0,
      `program ${found.label} of ${found.method} was left on ${of.channel.device}, expected that method as it was: start it (and stop it there) before another one`,
    );
  const endpoint = endpointsOf(of.bench)[of.channel.device];
  if (found.endpoint === endpoint) return found;
  throw new FileError(
    path,
    0,
    `program ${found.label} was left on ${found.endpoint}, expected a bench file with that channel, found ${endpoint}`,
  );
}

/** The program of a run, not begun yet. `keeps`: it outlives this process on an instrument that does. */
export function openProgram(
  of: OnCycler,
  at: {
    readonly devices: ReadonlyMap<string, Device>;
    readonly clock: Clock;
    readonly recording: Recording;
    readonly poll_s: number;
    readonly keeps: boolean;
  },
): CyclerProgram {
  const { device } = of.channel;
  const instrument = at.devices.get(device);
  if (instrument?.program === undefined) throw new Error(`${device} runs no programs`);
  const left = at.keeps ? leftOnCycler(of) : undefined;
  const path = ticketFileOf(of);
  const keep = (ticket: ProgramTicket | undefined): void => {
    if (!at.keeps) return;
    if (ticket === undefined) {
      rmSync(path, { force: true });
      return;
    }
    const { sha256 } = of;
    const endpoint = endpointsOf(of.bench)[device];
    const whole: KeptTicket = { ...ticket, endpoint, sha256, method: of.method.path };
    writeFileSync(`${path}.part`, `${JSON.stringify(whole)}\n`);
    renameSync(`${path}.part`, path);
  };
  return new CyclerProgram({
    device: instrument,
    runner: instrument.program,
    clock: at.clock,
    recording: at.recording,
    poll_s: at.poll_s,
    name: of.method.procedure.method,
    text: of.text,
    label: `cb-${new Date(at.clock.utc_ms()).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`,
    found: left === undefined ? undefined : { label: left.label, test: left.test, records: 0 },
    keep,
  });
}
