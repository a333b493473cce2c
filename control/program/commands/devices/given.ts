import { statSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import {
  MisfitError,
  nearest,
  parseExplained,
  withoutPassword,
} from '../../../../drivers/contract/explain.ts';
import type { DriverEntry } from '../../../../drivers/entry.ts';
import type { TextAddress } from '../../../../drivers/transport/text/wire.ts';
import { UsageError } from '../../options.ts';

/** What people write on the command line of the commands about instruments. */

/** An address, as text lines and Modbus take it. */
export type GivenAddress = TextAddress;

/** Bit rate of a serial line that nobody gave. */
const BAUD = 9600;

/**
 * `host:port`, `tcp://host:port`, `opc.tcp://host:port`, or a serial port by its path.
 * @throws UsageError that says what was expected
 */
export function addressGiven(text: string, baud: number = BAUD): GivenAddress {
  if (text.startsWith('/') && statSync(text, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`ADDRESS ${text}: is a folder, expected a serial port as /dev/ttyUSB0`);
  if (text.startsWith('/') || /^COM\d+$/i.test(text))
    return { path: text, baud, dataBits: 8, parity: 'none', stopBits: 1 };
  const bare = /^((?:opc\.)?tcp:\/\/)?([0-9a-f:]*:[0-9a-f]*):(\d{1,5})\/?$/i.exec(text);
  if (bare !== null)
    throw new UsageError(
      `ADDRESS ${text}: an IPv6 address stands in brackets, expected ${bare[1] ?? ''}[${bare[2]}]:${bare[3]}`,
    );
  const [, host, port] = /^(?:(?:opc\.)?tcp:\/\/)?([\w.-]+|\[[0-9a-f:]+\]):(\d{1,5})\/?$/i.exec(text) ?? [];
  if (host === undefined || !(Number(port) >= 1 && Number(port) <= 65535))
    throw new UsageError(
      `ADDRESS ${withoutPassword(text)}: expected host:port, opc.tcp://host:port or a path as /dev/ttyUSB0`,
    );
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** `--set NAME=VALUE`, the value as YAML: numbers, lists and blocks are what they would be in a bench file. */
export function optionsGiven(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map(text => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--set ${text}: expected NAME=VALUE`);
      try {
        return [text.slice(0, at), parse(text.slice(at + 1))] as const;
      } catch {
        throw new UsageError(`--set ${text}: its value is no YAML`);
      }
    }),
  );
}

/**
 * The options of a driver at an address, in the first of the ways to write an address that the driver takes.
 * @throws UsageError with what the driver's options say of the way that it knows the keys of
 */
export function optionsAt(
  entry: DriverEntry,
  own: Readonly<Record<string, unknown>>,
  at: GivenAddress,
): unknown {
  const ways: readonly Readonly<Record<string, unknown>>[] =
    'path' in at
      ? [{ path: at.path, baud: at.baud }]
      : [{ host: at.host, port: at.port }, { endpoint: `opc.tcp://${at.host}:${at.port}` }];
  const way = ways.find(one => knowsKeys(entry, one)) ?? ways[0];
  try {
    return parseExplained(entry.options, { ...way, ...own });
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    throw new UsageError(`${entry.id}: ${error.message} (an option is given with --set NAME=VALUE)`);
  }
}

/** Whether the driver knows the keys of this way: whatever else it misses, they are not wrong. */
function knowsKeys(entry: DriverEntry, way: Readonly<Record<string, unknown>>): boolean {
  const fits = (issues: readonly z.core.$ZodIssue[]): boolean =>
    issues.every(issue =>
      issue.code === 'invalid_union' ? issue.errors.some(fits) : issue.code !== 'unrecognized_keys',
    );
  const checked = entry.options.safeParse(way);
  return checked.success || fits(checked.error.issues);
}

/** What an emulated line may do wrong. */
export interface GivenFault {
  readonly device?: string;
  readonly fault: Readonly<Record<string, boolean | number>>;
}
const FAULTS = ['silence', 'corrupt', 'freeze'];

/** `silence`, `delay_ms=200`, `supply:corrupt`. @throws UsageError that lists them */
export function faultGiven(text: string): GivenFault {
  const [, device, kind, value] = /^(?:([^:]+):)?(\w+)(?:=(.*))?$/.exec(text) ?? [];
  const whose = device === undefined ? {} : { device };
  const delay_ms = Number(value);
  if (kind === 'delay_ms' && value !== '' && delay_ms >= 0 && Number.isFinite(delay_ms))
    return { ...whose, fault: { delay_ms } };
  if (value === undefined && FAULTS.includes(kind)) return { ...whose, fault: { [kind]: true } };
  const near = nearest(kind ?? text, FAULTS);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw new UsageError(
    `--fault ${text}: expected [DEVICE:] before silence, corrupt, freeze or delay_ms=N${hint}`,
  );
}

/** Resolves when somebody asks this process to end. */
export function untilTold(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
