import { BYTE_ORDERS, decodeRegisters, toEng } from '../protocol/modbus-registers.ts';
import type { ModbusReply } from '../transport/modbus-request.ts';
import type { MapChannel } from './modbus-map-bench.ts';

/** Least normal number of a 32-bit float (IEEE 754). */
const LEAST_NORMAL = 2 ** -126;
/** Part of the range that a value must have to speak for another order (default). */
const LEAST_PART = 1e-3;

/**
 * Why a float that is next to nothing is none: a round number whose words stand the wrong way round is read as one, and would be a
 * good 0. Empty where it may be what it is; a filter that runs out passes by there too, but hardly ever at such a number.
 */
export function wrongOrder(raw: number, reply: ModbusReply, at: number, channel: MapChannel): string {
  if (raw === 0 || !(Math.abs(raw) < LEAST_NORMAL) || channel.type !== 'float32') return '';
  const { name, range, type, table } = channel;
  if (table === 'coil' || table === 'discrete') return '';
  const [low, high] = range;
  for (const order of BYTE_ORDERS) {
    const value = toEng(decodeRegisters(reply, at, type, order), channel);
    const isOne = value >= low && value <= high && Math.abs(value) >= LEAST_PART * (high - low);
    if (isOne && order !== channel.order)
      return `${name}: next to nothing, but ${value} in the order ${order}: is "order" right?`;
  }
  return '';
}
