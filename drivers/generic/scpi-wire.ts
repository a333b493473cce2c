import type { Link } from '../contract/transport.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEnv } from '../entry.ts';
import { DOLLAR_CHECKSUM } from '../transport/text/checksum.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { addressOf, type TextWay } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import type { ScpiUnit } from './scpi-describe.ts';
import type { Speech } from './scpi-file.ts';
import { calledUnit, scpiTable } from './scpi-table.ts';

/** Longest line on a serial wire, characters of at most 11 bits: adds to the instrument's own time. */
const LINE_BITS = 64 * 11;

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
