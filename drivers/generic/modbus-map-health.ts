import { z } from 'zod';
import type { ReadSpec } from '../device-table.ts';
import { type ModbusReply, type ModbusRequest, nameOfRequest } from '../transport/modbus-request.ts';

const word = z.number().int().min(0).max(0xffff);

/**
 * What the instrument must say of itself with each poll before any of its readings counts: a coupler goes on answering with its last
 * inputs when the bus behind it is gone. `is`: the raw values that mean so; `of`: the channels it is about (absent: all).
 */
export const healthSchema = z.strictObject({
  what: z.string().min(3),
  table: z.enum(['holding', 'input', 'coil', 'discrete']),
  address: word,
  is: z.array(word).min(1),
  of: z.array(z.string()).min(1).optional(),
  basis: z.enum(['sourced', 'recalled', 'default']),
});
export type MapHealth = z.infer<typeof healthSchema>;

/** Watches what the instrument says of itself. */
export interface Health {
  /** Asked before all others in a poll; without channels. */
  readonly read: ReadSpec<ModbusRequest, ModbusReply>;
  /** For one of the other reads: whether its values count now. To be called once with each answer. */
  watch(): () => boolean;
  /** Whether it is about this channel of the map. */
  isAbout(name: string): boolean;
}

/** Asks with `ask`, the question for that one value. */
export function healthOf({ what, is, of }: MapHealth, ask: ModbusRequest): Health {
  let told = 0;
  let isHealthy = false;
  return {
    read: {
      ask,
      channels: [],
      into([raw = Number.NaN], _values, _quality, note) {
        told++;
        isHealthy = is.includes(raw);
        if (!isHealthy) note(`${what}: ${nameOfRequest(ask)} is ${raw}, expected ${is.join(' or ')}`);
      },
    },
    watch() {
      let seen = told;
      return () => {
        // What it said in an earlier poll says nothing of this one.
        const isTold = seen !== told;
        seen = told;
        return isTold && isHealthy;
      };
    },
    isAbout: name => of === undefined || of.includes(name),
  };
}
