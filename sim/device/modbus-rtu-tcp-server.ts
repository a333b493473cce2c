import { type LineEnd, lineEnd } from './line-end.ts';
import { type RtuServed, rtuInput } from './modbus-rtu-server.ts';

/** Frames of Modbus RTU on a TCP connection, as a serial server passes them on. */
export function modbusRtuTcpServer(options: RtuServed & { readonly port: number }): LineEnd {
  return lineEnd({ port: options.port }, rtuInput(options));
}
