import { crcXmodem } from '../../../drivers/kolibrik/xc2.ts';
import { crc16 } from '../../../sim/device/modbus-codec.ts';

/** The bytes of an answer under the name of another question or instrument; undefined where answers carry no name. */
export function withWrongId(bytes: Buffer): Buffer | undefined {
  const wrong = Buffer.from(bytes);
  const flip = (at: number): Buffer => {
    wrong[at] ^= 0x11;
    return wrong;
  };
  // JSON lines: `id`, where they have one.
  if (bytes[0] === 0x7b) {
    const text = bytes.toString();
    const other = text.replace(/"id":\s*\d+/, '"id":999999');
    return other === text ? undefined : Buffer.from(other);
  }
  // S-protocol: the address of 5 bytes behind preamble and start, with the parity of what is sent.
  if (bytes[0] === 0xff && bytes[5] === 0x86) {
    wrong[wrong.length - 1] ^= 0x11;
    return flip(10);
  }
  // XC2: the source, with the checksum of what is sent.
  if (bytes.length >= 8 && bytes[0] >> 4 === 0xc && bytes[4] + 2 === bytes.length) {
    wrong[3] ^= 0x11;
    wrong.writeUInt16BE(crcXmodem(wrong.subarray(0, -2)), wrong.length - 2);
    return wrong;
  }
  // OPC UA over TCP: the number of the request.
  if (bytes.toString('latin1', 0, 3) === 'MSG') return bytes.length > 24 ? flip(20) : undefined;
  // ProPar: DLE STX, sequence, node.
  if (bytes[0] === 0x10 && bytes[1] === 0x02) return flip(3);
  // Modbus TCP: the transaction.
  if (bytes.length > 8 && bytes.readUInt16BE(2) === 0 && bytes.readUInt16BE(4) === bytes.length - 6)
    return flip(1);
  // Modbus RTU: the unit, with the checksum of what is sent.
  if (bytes.length < 5 || crc16(bytes.subarray(0, -2)) !== bytes.readUInt16LE(bytes.length - 2))
    return undefined;
  wrong[0] ^= 0x01;
  wrong.writeUInt16LE(crc16(wrong.subarray(0, -2)), wrong.length - 2);
  return wrong;
}
