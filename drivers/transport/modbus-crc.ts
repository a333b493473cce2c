import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
type Crc16 = (bytes: Uint8Array) => number;
let library: Crc16 | undefined;

/** Checksum of an RTU frame (Modbus over Serial Line V1.02, 6.2.2), the library's own; loaded with the first wire. */
export function crc16(bytes: Uint8Array): number {
  library ??= load('modbus-serial/utils/crc16.js') as Crc16;
  return library(bytes);
}
