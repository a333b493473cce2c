import { z } from 'zod';
import type { Link } from '../contract/transport.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEnv } from '../entry.ts';
import { DOLLAR_CHECKSUM } from '../transport/text/checksum.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { endpointOf, type TextAddress } from '../transport/text/wire.ts';
import type { ScpiUnit } from './scpi-describe.ts';
import type { Speech } from './scpi-file.ts';
import { calledUnit, scpiTable } from './scpi-table.ts';

/** Longest line on a serial wire, characters of at most 11 bits: adds to the instrument's own time. */
const LINE_BITS = 64 * 11;

/** Options of an instrument that speaks lines: on the network or at a serial port, and `own` for what it is. */
export function textOptions<Own extends z.core.$ZodLooseShape>(own: Own, keys: string, port?: number) {
  const portNumber = z.number().int().min(1).max(65535);
  return z.union(
    [
      z.strictObject({
        host: z.string().min(1).meta({ description: 'address of the instrument' }),
        port: (port === undefined ? portNumber : portNumber.default(port)).meta({
          description: 'port for lines of text; the usual one is in docs/reference/supplies.md',
        }),
        ...own,
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
        ...own,
      }),
    ],
    {
      error: `expected { host, port, ${keys}, ... } for TCP or { path, baud, ${keys}, ... } for a serial line`,
    },
  );
}

/** How it is wired. */
export type TextWay =
  | { readonly host: string; readonly port: number }
  | (Extract<TextAddress, { path: string }> & { readonly localEcho: boolean });

/** The address alone. */
export function addressOf(way: TextAddress): TextAddress {
  if (!('path' in way)) return { host: way.host, port: way.port };
  const { path, baud, dataBits, parity, stopBits } = way;
  return { path, baud, dataBits, parity, stopBits };
}

/** The table of an instrument that speaks lines, on its wire. `name`: for messages. */
export function textTable(
  speech: Speech,
  way: TextWay & { readonly checksum?: boolean },
  unit: ScpiUnit,
  { name, clock, shared }: Pick<DriverEnv, 'clock' | 'shared'> & { readonly name: string },
): DeviceTable<TextRequest, string> {
  const { terminator, gap_ms } = speech.line;
  const isSerial = 'path' in way;
  const isCalled = speech.call !== undefined;
  const answer_ms = speech.line.reply_ms * (isCalled ? 2 : 1);
  const reply_ms = Math.ceil(answer_ms + (isSerial ? (2 * LINE_BITS * 1000) / way.baud : 0));
  const address = addressOf(way);
  const makeLink = (): Link<TextRequest, string> =>
    textLines({
      address,
      clock,
      terminator,
      gap_ms,
      ...(way.checksum === true ? { checksum: DOLLAR_CHECKSUM } : {}),
      ...(isSerial ? { localEcho: way.localEcho, quiet_ms: reply_ms } : {}),
    });
  const where = `${name} at ${endpointOf(address)}`;
  const call = calledUnit(speech, unit, where);
  // Units on one line are given back one by one, outputs of one instrument together.
  const mayRelease = (isOff: boolean): boolean =>
    isCalled || shared === undefined ? isOff : shared.mayRelease(isOff);
  const calling = (link: Link<TextRequest, string>): Link<TextRequest, string> =>
    call === undefined ? link : { ...link, send: (request, lane) => link.send({ ...request, call }, lane) };
  return {
    ...scpiTable(speech, unit, where, mayRelease),
    makeLink: () => calling(shared?.link(makeLink, { clock, reply_ms, areUnits: isCalled }) ?? makeLink()),
    // Every other device at the address may have one exchange in front of ours.
    reply_ms: reply_ms * (shared?.devices ?? 1),
    gap_ms,
  };
}
