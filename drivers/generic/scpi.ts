import { resolve } from 'node:path';
import { z } from 'zod';
import type { Link } from '../contract/transport.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { endpointOf, type TextAddress } from '../transport/text/wire.ts';
import { familyFile, readFamily, type ScpiFamily } from './scpi-file.ts';
import { calledUnit, describeFamily, scpiTable } from './scpi-table.ts';

const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');

/** What every supply needs, however it is wired. */
const unit = {
  family: z.string().min(1).meta({
    description:
      'how it is spoken to: a name of docs/reference/supplies.md, or a file of your own (*.yaml, from the folder of the bench file)',
  }),
  model: z.string().min(1).meta({ description: 'model, as the second field of its identity says it' }),
  serial: z.string().min(1).optional().meta({ description: 'serial number, as its identity says it' }),
  voltageNominal_V: rating.meta({
    description: 'rating of the type plate: bounds of what is set and believed',
  }),
  currentNominal_A: rating.meta({ description: 'rating of the type plate' }),
  powerNominal_W: rating
    .optional()
    .meta({ description: 'rating of the type plate, where the family sets or reads a power' }),
  output: z.number().int().min(1).optional().meta({ description: 'which output, where it has several' }),
  address: z
    .number()
    .int()
    .min(0)
    .max(255)
    .optional()
    .meta({ description: 'address on a line with several' }),
};

const scpiOptions = z.union(
  [
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address of the supply' }),
      port: z
        .number()
        .int()
        .min(1)
        .max(65535)
        .meta({ description: 'port for lines of text; the usual one is in docs/reference/supplies.md' }),
      ...unit,
    }),
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-supply' }),
      baud: z.number().int().min(300).max(4_000_000).meta({ description: 'bit rate of the line' }),
      dataBits: z
        .union([z.literal(7), z.literal(8)])
        .default(8)
        .meta({ description: 'data bits, 7 or 8' }),
      parity: z.enum(['none', 'even', 'odd']).default('none').meta({ description: 'parity of the line' }),
      stopBits: z
        .union([z.literal(1), z.literal(2)])
        .default(1)
        .meta({ description: 'stop bits, 1 or 2' }),
      localEcho: z
        .boolean()
        .default(false)
        .meta({ description: 'the adapter returns what is sent (two-wire RS-485)' }),
      ...unit,
    }),
  ],
  {
    error:
      'expected { host, port, family, model, ... } for TCP or { path, baud, family, model, ... } for a serial line',
  },
);
export type ScpiOptions = z.infer<typeof scpiOptions>;

/** Longest line on a serial wire, characters of at most 11 bits: adds to the instrument's own time. */
const LINE_BITS = 64 * 11;

function addressOf(options: ScpiOptions): TextAddress {
  if (!('path' in options)) return { host: options.host, port: options.port };
  const { path, baud, dataBits, parity, stopBits } = options;
  return { path, baud, dataBits, parity, stopBits };
}

function tableOf(
  family: ScpiFamily,
  options: ScpiOptions,
  { clock, shared }: Pick<DriverEnv, 'clock' | 'shared'>,
): DeviceTable<TextRequest, string> {
  const { terminator, gap_ms } = family.line;
  const isSerial = 'path' in options;
  const isCalled = family.call !== undefined;
  const answer_ms = family.line.reply_ms * (isCalled ? 2 : 1);
  const reply_ms = Math.ceil(answer_ms + (isSerial ? (2 * LINE_BITS * 1000) / options.baud : 0));
  const address = addressOf(options);
  const makeLink = (): Link<TextRequest, string> =>
    textLines({
      address,
      clock,
      terminator,
      gap_ms,
      ...(isSerial ? { localEcho: options.localEcho, quiet_ms: reply_ms } : {}),
    });
  const where = `generic/scpi (${options.family}) at ${endpointOf(address)}`;
  const call = calledUnit(family, options, where);
  const areUnits = call !== undefined;
  // Units on one line are given back one by one, outputs of one instrument together.
  const mayRelease = (isOff: boolean): boolean =>
    areUnits || shared === undefined ? isOff : shared.mayRelease(isOff);
  const calling = (link: Link<TextRequest, string>): Link<TextRequest, string> =>
    call === undefined ? link : { ...link, send: (request, lane) => link.send({ ...request, call }, lane) };
  return {
    ...scpiTable(family, options, where, mayRelease),
    makeLink: () => calling(shared?.link(makeLink, { clock, reply_ms, areUnits }) ?? makeLink()),
    // Every other device at the address may have one exchange in front of ours.
    reply_ms: reply_ms * (shared?.devices ?? 1),
    gap_ms,
  };
}

/** DC supplies and loads that speak lines of text (SCPI and its like): each family is a data file. */
export const genericScpi: DriverEntry<ScpiOptions> = {
  id: 'generic/scpi',
  manual: 'IEEE 488.2-1992, SCPI-1999; commands, with the basis of each, from the file of the family',
  triedOn: 'emulator only',
  options: scpiOptions,
  endpoint: options => endpointOf(addressOf(options)),
  describe(options, baseDir) {
    const description = describeFamily(
      readFamily(options.family, baseDir),
      options,
      `generic/scpi (${options.family})`,
    );
    if (!options.family.endsWith('.yaml')) return description;
    return { ...description, dataFiles: [resolve(baseDir, familyFile(options.family, baseDir))] };
  },
  open: (id, options, env) =>
    openDevice(id, tableOf(readFamily(options.family, env.baseDir), options, env), env),
};
