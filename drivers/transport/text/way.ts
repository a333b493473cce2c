import { z } from 'zod';
import type { TextAddress } from './wire.ts';

/** How an instrument that speaks lines is wired. */
export type TextWay =
  | { readonly host: string; readonly port: number }
  | (Extract<TextAddress, { path: string }> & { readonly localEcho: boolean });

/** What the maker sets: the usual port on the network, the bit rate of the line; what a serial line needs beside. */
interface Usual<Serial> {
  readonly port?: number;
  /** Said of the port in the reference. */
  readonly portText?: string;
  readonly baud?: number;
  readonly serial?: Serial;
}

/**
 * Options of an instrument that speaks lines: on the network or at a serial port, and `own` for what it is.
 * `keys`: the most needed of its own, for the message when it is neither.
 */
export function textOptions<
  Own extends z.core.$ZodLooseShape,
  Serial extends z.core.$ZodLooseShape = Record<never, never>,
>(own: Own, keys: string, { port, portText, baud, serial }: Usual<Serial> = {}) {
  const portNumber = z.number().int().min(1).max(65535);
  const baudNumber = z.number().int().min(300).max(4_000_000);
  return z.union(
    [
      z.strictObject({
        host: z.string().min(1).meta({ description: 'address of the instrument or its gateway' }),
        port: (port === undefined ? portNumber : portNumber.default(port)).meta({
          description: `port for lines of text${portText === undefined ? '' : `; ${portText}`}`,
        }),
        ...own,
      }),
      z.strictObject({
        path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-supply' }),
        baud: (baud === undefined ? baudNumber : baudNumber.default(baud)).meta({
          description: 'bit rate of the line',
        }),
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
        ...(serial as Serial),
        ...own,
      }),
    ],
    {
      error: `expected { host, port, ${keys}, ... } for TCP or { path, baud, ${keys}, ... } for a serial line`,
    },
  );
}

/** The address alone. */
export function addressOf(way: TextAddress): TextAddress {
  if (!('path' in way)) return { host: way.host, port: way.port };
  const { path, baud, dataBits, parity, stopBits } = way;
  return { path, baud, dataBits, parity, stopBits };
}
