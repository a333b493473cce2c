import {
  PROTECTION_MAX,
  QUANTITIES,
  SET_MAX,
  type SupplyQuantity,
  type SupplyState,
} from './ea-psb-state.ts';
import { echoReply, exceptionReply, parseRequest, registersReply } from './modbus-codec.ts';
import type { PduHandler } from './modbus-tcp-server.ts';

/**
 * Register table of the PSB 10000 (EA programming guide PGMBEN rev. 24), compliance *Limited*: device address 0
 * only, function 1 answers FF00 or 0000 in two bytes. Recalled, not in the guide's text that was read: thresholds
 * 550/553/556, order of the alarm counters, code 6 for Ethernet as control location, device class.
 */

const EXCEPTION = { function: 1, address: 2, data: 3, execution: 4, denied: 7, local: 0x17 } as const;

const DEVICE_CLASS = 57;
const LOCATION = { free: 0, local: 1, ethernet: 6 } as const;
const COIL = { remote: 402, output: 405, acknowledge: 411 } as const;
const COIL_ON = 0xff00;

const SET_REGISTERS: ReadonlyMap<number, SupplyQuantity> = new Map([
  [500, 'voltage'],
  [501, 'current'],
  [502, 'power'],
]);
const PROTECTION_REGISTERS: ReadonlyMap<number, SupplyQuantity> = new Map([
  [550, 'voltage'],
  [553, 'current'],
  [556, 'power'],
]);

interface Block {
  readonly first: number;
  readonly read: () => readonly number[];
}

/** Answers Modbus PDUs for the supply. `onOutputOff` fires when a write that switches the output off has arrived. */
export function supplyRegisters(state: SupplyState, onOutputOff?: () => void): PduHandler {
  const { ratings } = state;
  const fixed = (first: number, values: readonly number[]): Block => ({ first, read: () => values });
  const userText = words('', 20);

  const blocks: readonly Block[] = [
    fixed(0, [DEVICE_CLASS, ...words(ratings.type, 20)]),
    fixed(121, [
      ...float32(ratings.voltageNominal_V),
      ...float32(ratings.currentNominal_A),
      ...float32(ratings.powerNominal_W),
    ]),
    { first: 151, read: () => [...words(ratings.serial, 20), ...userText] },
    { first: COIL.remote, read: () => [state.remote ? COIL_ON : 0] },
    { first: COIL.output, read: () => [state.output ? COIL_ON : 0] },
    {
      first: 500,
      read: () => [...QUANTITIES.map(q => state.setRaw(q)), 0, 0, ...status(state), ...actuals(state)],
    },
    { first: 520, read: () => state.alarmCounts },
    ...[...PROTECTION_REGISTERS].map(
      ([first, q]): Block => ({ first, read: () => [state.protectionRaw(q)] }),
    ),
    // Adjustment limits: 0 to 102 % from the factory.
    fixed(9000, [SET_MAX, 0, SET_MAX, 0, SET_MAX]),
    // Compliance: 0 = Limited.
    fixed(10013, [0]),
  ];

  const readWords = (address: number, count: number): number[] | undefined => {
    for (const block of blocks) {
      if (address < block.first) continue;
      const values = block.read();
      if (address + count > block.first + values.length) continue;
      return values.slice(address - block.first, address - block.first + count);
    }
    return undefined;
  };

  /** Undefined if a write may go on. */
  const refusal = (): number | undefined => {
    if (state.local) return EXCEPTION.local;
    return state.remote ? undefined : EXCEPTION.denied;
  };

  const writeCoil = (address: number, value: number): number | undefined => {
    if (address !== COIL.remote && address !== COIL.output && address !== COIL.acknowledge) {
      return EXCEPTION.address;
    }
    if (value !== COIL_ON && value !== 0) return EXCEPTION.data;
    const on = value === COIL_ON;
    if (address === COIL.remote) {
      if (state.local) return EXCEPTION.local;
      state.takeRemote(on);
      return undefined;
    }
    const refused = refusal();
    if (refused !== undefined) return refused;
    if (address === COIL.acknowledge) {
      if (on) state.acknowledge();
      return undefined;
    }
    if (!on) onOutputOff?.();
    return state.switchOutput(on) ? undefined : EXCEPTION.execution;
  };

  const writeRegister = (address: number, value: number): number | undefined => {
    const set = SET_REGISTERS.get(address);
    const protection = PROTECTION_REGISTERS.get(address);
    if (set === undefined && protection === undefined) return EXCEPTION.address;
    const refused = refusal();
    if (refused !== undefined) return refused;
    if (set !== undefined) {
      if (value > SET_MAX) return EXCEPTION.data;
      state.writeSet(set, value);
    } else if (protection !== undefined) {
      if (value > PROTECTION_MAX) return EXCEPTION.data;
      state.writeProtection(protection, value);
    }
    return undefined;
  };

  const writeRegisters = (address: number, values: Uint16Array): number | undefined => {
    // U, I and P are blocks of their own: one request may not cross from one into the next.
    if (values.length === 1) return writeRegister(address, values[0]);
    if (address < 171 || address + values.length > 191) return EXCEPTION.address;
    const refused = refusal();
    if (refused !== undefined) return refused;
    values.forEach((value, i) => {
      userText[address - 171 + i] = value;
    });
    return undefined;
  };

  return (unit, pdu) => {
    const fn = pdu[0];
    if (unit !== 0) return exceptionReply(fn, EXCEPTION.address);
    if (fn === 2 || fn === 4) return exceptionReply(fn, EXCEPTION.function);
    const request = parseRequest(pdu);
    if ('exception' in request) return exceptionReply(fn, request.exception);
    state.heard();
    switch (request.fn) {
      case 1: {
        const isCoil = request.address === COIL.remote || request.address === COIL.output;
        if (!isCoil) return exceptionReply(fn, EXCEPTION.address);
        if (request.count !== 1) return exceptionReply(fn, EXCEPTION.data);
        return registersReply(1, readWords(request.address, 1) ?? []);
      }
      case 3: {
        const values = readWords(request.address, request.count);
        return values === undefined ? exceptionReply(fn, EXCEPTION.address) : registersReply(3, values);
      }
      case 5:
      case 6: {
        const write = request.fn === 5 ? writeCoil : writeRegister;
        const exception = write(request.address, request.value);
        if (exception !== undefined) return exceptionReply(fn, exception);
        return echoReply(fn, request.address, request.value);
      }
      case 16: {
        const exception = writeRegisters(request.address, request.values);
        if (exception !== undefined) return exceptionReply(fn, exception);
        return echoReply(fn, request.address, request.values.length);
      }
      default:
        return exceptionReply(fn, EXCEPTION.function);
    }
  };
}

/** Registers 505..506, high word first. */
function status(state: SupplyState): readonly [number, number] {
  let bits: number = state.remote ? LOCATION.ethernet : state.local ? LOCATION.local : LOCATION.free;
  if (state.output) bits |= 1 << 7;
  bits |= state.regulation << 9;
  if (state.remote) bits |= 1 << 11;
  if (state.alarms.size > 0) bits |= 1 << 15;
  return [(bits >>> 16) & 0xffff, bits & 0xffff];
}

function actuals(state: SupplyState): readonly number[] {
  return QUANTITIES.map(q => state.actualRaw(q));
}

/** Text, two characters a register, padded with NUL. */
function words(text: string, count: number): number[] {
  const at = (i: number): number => (i < text.length ? text.charCodeAt(i) & 0xff : 0);
  return Array.from({ length: count }, (_, i) => (at(2 * i) << 8) | at(2 * i + 1));
}

function float32(value: number): [number, number] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}
