import type { Clock } from '../contract/clock.ts';
import type { Link } from '../contract/transport.ts';
import type { ModbusReply } from '../transport/modbus-request.ts';
import { modbusTcpLink } from '../transport/modbus-tcp.ts';
import { type LineRequest, modbusRtuTcpLink } from '../transport/rtu-tcp/link.ts';
import { askScpi } from '../transport/scpi-tcp.ts';
import type { EaRequest } from './monitoring.ts';

/** Where a supply is. */
export interface EaAddress {
  readonly host: string;
  /** SCPI and Modbus RTU, 5025 from the factory. */
  readonly port: number;
  /** Modbus TCP, where the plug-in module that has it is in. */
  readonly modbusTcpPort?: number;
}

/** Not in remote, or another interface owns it; remote control not allowed at the panel ("Local"). Guide, exceptions. */
const LOCAL_CODES = {
  7: 'not under our remote control: another interface has it, or nobody',
  23: 'a person has it at the panel (Local): remote control must be allowed there again',
};
/** Any question that is harmless: its answer shows that the line before it has been taken. */
const TAKEN = 'SYST:LOCK:OWN?';

/**
 * The wire to a supply. Its own port carries frames and text on one connection: no paper says that it takes two. With the
 * module for Modbus TCP each line of text goes over a short connection of its own.
 */
export function eaLink(address: EaAddress, clock: Clock): Link<EaRequest, ModbusReply> {
  const { host, port, modbusTcpPort } = address;
  if (modbusTcpPort === undefined) {
    return modbusRtuTcpLink({ host, port, localCodes: LOCAL_CODES, hasLines: true });
  }
  const closing = new AbortController();
  const registers = modbusTcpLink({ host, port: modbusTcpPort, clock, localCodes: LOCAL_CODES });
  const say = async ({ text, read }: LineRequest): Promise<ModbusReply> => {
    const lines = read === undefined ? [text, TAKEN] : [text];
    const [answer] = await askScpi(clock, { host, port }, lines, closing.signal);
    return read?.(answer) ?? [];
  };
  return {
    ...registers,
    send: (request, lane) => (request.fn === 'line' ? say(request) : registers.send(request, lane)),
    close() {
      closing.abort();
      return registers.close();
    },
  };
}
