import { stringify } from 'yaml';
import { z } from 'zod';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { lockInstruments } from '../../../../drivers/instrument-lock.ts';
import { type ProbeReport, probe } from '../../../../drivers/probe/probe.ts';
import { endpointOf } from '../../../../drivers/transport/text/wire.ts';
import { numberOption, readOptions } from '../../options.ts';
import { addressGiven } from './given.ts';
import { endWhenStuck } from './stuck.ts';

const schema = z.strictObject({
  address: z.string(),
  baud: numberOption(300, 4_000_000, 'a whole number').optional(),
  unit: z
    .string()
    .refine(
      text => text.split(',').every(unit => /^\d{1,3}$/.test(unit) && Number(unit) <= 255),
      'expected units 0..255, with commas',
    )
    .default('1,0'),
  within: numberOption(0.05, 10, 'a number').default(0.5),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** `cellbench probe ADDRESS`: who is there? Returns the exit code. */
export async function probeCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    words: ['address'],
    help: 'cellbench probe --help',
  });
  using _stuck = endWhenStuck('probe');
  const units = options.unit.split(',').map(Number);
  const clock = realClock();
  const at = addressGiven(options.address, options.baud);
  // A run that holds it is not disturbed.
  using _lock = await lockInstruments(
    { [options.address]: endpointOf(at) },
    { bench: 'probe', utc_ms: clock.utc_ms() },
  );
  const report = await probe(at, clock, { within_s: options.within, units });
  console.log(options.json ? JSON.stringify(report) : textOf(report).join('\n'));
  if (report.trouble !== undefined) return 2;
  return report.found.length > 0 ? 0 : 1;
}

function textOf({ address, asked, found, notAsked, trouble }: ProbeReport): string[] {
  return [
    `${address}: asked ${asked.length === 0 ? 'nothing' : asked.join('; ')}`,
    ...found.flatMap(({ speaks, says, fits }) => [
      `  ${speaks}: ${says}`,
      ...fits.flatMap(fitText),
      ...(fits.length === 0 ? ['  no driver here fits'] : []),
    ]),
    ...(trouble === undefined ? [] : [`  ${trouble}`]),
    ...(trouble === undefined && found.length === 0 ? ['  nothing answered'] : []),
    ...notAskedText(notAsked),
  ];
}

/** One line for each reason. */
function notAskedText(notAsked: ProbeReport['notAsked']): string[] {
  const byReason = Map.groupBy(notAsked, ({ why }) => why);
  return [...byReason].map(([why, all]) => `  not asked: ${all.map(({ what }) => what).join('; ')} (${why})`);
}

/** More than this is read as lines of a bench file, characters. */
const ONE_LINE = 160;

function fitText({ driver, options }: ProbeReport['found'][number]['fits'][number]): string[] {
  const text = JSON.stringify(options);
  if (text.length <= ONE_LINE) return [`  fits driver ${driver}: options ${text}`];
  const lines = stringify({ driver, options }, { collectionStyle: 'any', flowCollectionPadding: true });
  return [
    `  fits driver ${driver}, in a bench file:`,
    ...lines
      .trimEnd()
      .split('\n')
      .map(line => `    ${line}`),
  ];
}
