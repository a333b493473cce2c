import { decodeRegisters, type Scaling } from '../protocol/modbus-registers.ts';
import type { ModbusReply, ModbusRequest } from '../transport/modbus-request.ts';

/**
 * Registers of EA supplies that this driver asks for, by the maker's register lists of the 10000 series (KE 3.02+, KE
 * 3.10+) and "Programming ModBus & SCPI 10k 20k" (35400100 REV01). A read may not run on from one group into another one of
 * a different data type: 505 is one of 32 bit, 507..509 are of 16 bit.
 */

/** The only address in compliance Limited (from the factory); taken in Full and on Modbus TCP as well. */
export const UNIT = 0;

export const holding = (address: number, count: number): ModbusRequest => ({
  fn: 3,
  unit: UNIT,
  address,
  count,
});
export const coil = (address: number, on: boolean): ModbusRequest => ({ fn: 5, unit: UNIT, address, on });
export const register = (address: number, value: number): ModbusRequest => ({
  fn: 6,
  unit: UNIT,
  address,
  value,
});

export const DEVICE_CLASS = holding(0, 1);
export const DEVICE_TYPE = holding(1, 20);
export const SERIAL = holding(151, 20);
/** Nominal U, I, P as float32. */
export const NOMINALS = holding(121, 6);
/** Set values of the sink side: power, current. */
export const SINK_POWER = 498;
export const SINK_CURRENT = 499;
export const SINK_SETS = holding(SINK_POWER, 2);
export const REMOTE_COIL = 402;
export const OUTPUT_COIL = 405;
/** Also read back for coils: function 1 answers two bytes for one coil in compliance Limited. */
export const STATUS = holding(505, 2);
/** Actual U, I, P: without a sign, which is in the status. */
export const ACTUALS = holding(507, 3);

/** 100 % of a rating in every set and actual register ("Translating set values and actual values"). */
export const FULL_SCALE_RAW = 0xcccc;
/** Set values are accepted up to 102 %. */
export const SET_MAX = 1.02;
/** Actual values above the highest protection threshold (110 %) are not believed. */
export const ACTUAL_MAX = 1.1;
/** Steps that the converters really resolve over 100 %. */
export const STEPS = 26214;

const BIT = { master: 6, dcOn: 7, remote: 11, sink: 12, alarm: 15 } as const;
/** OVP, OCP, OPP, OT, power fail, safety of master/slave: beside the bit for any alarm. */
const ALARM_BITS = (0b1111 << 16) | (1 << 21) | (1 << 29);

/** What the status says (registers 505, 506). */
export interface EaStatus {
  /** All of it, the first register high. */
  readonly bits: number;
  readonly isOn: boolean;
  readonly isRemote: boolean;
  readonly sinks: boolean;
  readonly hasAlarm: boolean;
  readonly isMaster: boolean;
}

/** Reads the status, high word first. */
export function statusOf(reply: ModbusReply): EaStatus {
  const bits = decodeRegisters(reply, 0, 'int32');
  const has = (bit: number): boolean => ((bits >>> bit) & 1) === 1;
  return {
    bits: bits >>> 0,
    isOn: has(BIT.dcOn),
    isRemote: has(BIT.remote),
    sinks: has(BIT.sink),
    hasAlarm: has(BIT.alarm) || (bits & ALARM_BITS) !== 0,
    isMaster: has(BIT.master),
  };
}

/** Raw values of a rating. */
export const scalingOf = (nominal: number): Scaling => ({ raw: [0, FULL_SCALE_RAW], eng: [0, nominal] });
