/**
 * One Modbus request, in the numbers of the PDU (addresses from 0, as on the wire).
 * Functions 1 to 4 read coils, discrete inputs, holding registers, input registers; 5 and 6 write one coil or
 * one register, 16 several registers (Modbus Application Protocol V1.1b3, chapter 6).
 */
export type ModbusRequest =
  | {
      readonly fn: 1 | 2 | 3 | 4;
      readonly unit: number;
      readonly address: number;
      readonly count: number;
      /** For the message where the device refuses one of the addresses. */
      readonly refusedHint?: string;
    }
  | { readonly fn: 5; readonly unit: number; readonly address: number; readonly on: boolean }
  | { readonly fn: 6; readonly unit: number; readonly address: number; readonly value: number }
  | {
      readonly fn: 16;
      readonly unit: number;
      readonly address: number;
      readonly values: readonly number[];
    };

/** Registers (0..65535) or coils (0, 1) that were read; empty for a write, whose echo the link has checked. */
export type ModbusReply = readonly number[];

/** Most registers in one read: 250 data bytes fit a frame of 256 (V1.1b3, 6.3). */
export const REGISTERS_MAX = 125;

/** Most coils or discrete inputs in one read (V1.1b3, 6.1). */
export const BITS_MAX = 2000;

/** For messages: `holding 505..509`. */
export function nameOfRequest(request: ModbusRequest): string {
  const table = {
    1: 'coil',
    2: 'discrete',
    3: 'holding',
    4: 'input',
    5: 'coil',
    6: 'holding',
    16: 'holding',
  };
  const count =
    request.fn === 5 || request.fn === 6 ? 1 : request.fn === 16 ? request.values.length : request.count;
  const range = count === 1 ? `${request.address}` : `${request.address}..${request.address + count - 1}`;
  return `${table[request.fn]} ${range}`;
}
