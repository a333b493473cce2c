import { echoReply, exceptionReply, parseRequest, registersReply } from '../modbus-codec.ts';
import type { PduHandler } from '../modbus-tcp-server.ts';
import { FULL_SCALE, PROTECTION_MAX, QUANTITIES, SET_MAX, type SetQuantity } from './quantities.ts';
import type { SupplyState } from './state.ts';
import { float32, statusWords, words } from './status.ts';
import { FIRST_OF_SINK, SUPERVISED_REGISTERS } from './supervision.ts';

/**
 * Registers of EA supplies of the 10000 series, as the maker's lists have them (PSB 10000, KE 3.02+ and 3.10+; the guide
 * "Programming ModBus & SCPI 10k 20k", 35400100 REV01): reading is always possible, within groups of one data type;
 * writing needs remote control of this interface. A coil is no register: function 3 on it is exception 1.
 * What the lists do not say and is our reading: a read over groups of different types, or a hole, is exception 2.
 */

const EXCEPTION = { function: 1, address: 2, data: 3, execution: 4, denied: 7, local: 0x17 } as const;
const COIL = {
  remote: 402,
  output: 405,
  afterPowerFail: 407,
  uir: 409,
  acknowledge: 411,
  afterRemote: 425,
  full: 10013,
} as const;
const COIL_ON = 0xff00;
/** DC after power-on: off, or as it was. */
const POWER_ON = { register: 408, off: 0xffff, restore: 0xfffe } as const;
/** Idle time-out of a plug-in module's port and of the own one. */
const IDLE_REGISTERS = [10573, 10889] as const;
const IDLE_S = [5, 65535] as const;

const SETS = new Map<number, SetQuantity>([
  [498, 'sinkPower'],
  [499, 'sinkCurrent'],
  [500, 'voltage'],
  [501, 'current'],
  [502, 'power'],
]);
const PROTECTIONS = new Map<number, SetQuantity>([
  [550, 'voltage'],
  [553, 'current'],
  [556, 'power'],
  [569, 'sinkCurrent'],
  [570, 'sinkPower'],
]);
/** Not on the lists of supplies without a sink. */
const SINK_ONLY = [498, 499, 504, 569, 570, 9005, 9007, 9008, 9009];
const NOMINALS = ['voltageNominal_V', 'currentNominal_A', 'powerNominal_W'] as const;
const SERIES = {
  PSB: { deviceClass: 83, hasSink: true, supervisesSink: true, writesAfterRemote: true },
  PSBE: { deviceClass: 84, hasSink: true, supervisesSink: false, writesAfterRemote: true },
  // Register 425 is marked as read only there.
  PSI: { deviceClass: 82, hasSink: false, supervisesSink: false, writesAfterRemote: false },
  PS: { deviceClass: 85, hasSink: false, supervisesSink: false, writesAfterRemote: false },
  ELR: { deviceClass: 81, hasSink: false, supervisesSink: false, writesAfterRemote: false },
} as const;

/** Registers of one data type that may be read in one request. */
interface Group {
  readonly first: number;
  readonly type: 'char' | 'float' | 'uint16' | 'uint32';
  readonly read: () => readonly number[];
}

/** How the requests come. */
export interface RegisterOptions {
  /** Modbus TCP (of a plug-in module) takes 0 and 1 as unit; RTU frames take 1 in compliance Full only. */
  readonly framing: 'tcp' | 'rtu';
  /** Called just before a write switches the DC output off. */
  readonly onOutputOff?: () => void;
}

/** Answers Modbus PDUs for the supply. */
export function supplyRegisters(state: SupplyState, { framing, onOutputOff }: RegisterOptions): PduHandler {
  const { ratings } = state;
  const { deviceClass, hasSink, supervisesSink, writesAfterRemote } = seriesOf(ratings.type);
  const supervised = SUPERVISED_REGISTERS.filter(register => supervisesSink || register < FIRST_OF_SINK);
  const userText = words('', 20);
  const group = (first: number, type: Group['type'], read: () => readonly number[]): Group => ({
    first,
    type,
    read,
  });
  const text = (first: number, of: string): Group => group(first, 'char', () => words(of, 20));

  const groups: readonly Group[] = [
    group(0, 'uint16', () => [deviceClass]),
    ...['', 'EA Elektro-Automatik GmbH', 'Helmholtzstr. 31-37', '41747 Viersen', '', ''].map((of, n) =>
      text(1 + 20 * n, n === 0 ? ratings.type : of),
    ),
    group(121, 'float', () => [
      ...NOMINALS.flatMap(name => float32(ratings[name])),
      ...resistances_Ohm(ratings).flatMap(float32),
    ]),
    text(131, '00000000'),
    text(151, ratings.serial),
    group(171, 'char', () => userText),
    ...['KE 3.10', 'HMI 4.09', 'DR 1.0.7'].map((version, n) => text(191 + 20 * n, version)),
    group(498, 'uint16', () => [...SETS.values()].map(q => state.setRaw(q))),
    group(503, 'uint16', () => [0, 0]),
    group(505, 'uint32', () => statusWords(state)),
    group(507, 'uint16', () => QUANTITIES.map(q => state.actualRaw(q))),
    group(511, 'uint32', () => [0, state.alarms.has('SF') ? 2 : 0]),
    group(520, 'uint16', () => (hasSink ? state.alarmCounts : state.alarmCounts.slice(0, 5))),
    group(POWER_ON.register, 'uint16', () => [state.restores.afterPowerOn ? POWER_ON.restore : POWER_ON.off]),
    ...[...PROTECTIONS].map(([first, q]) => group(first, 'uint16', () => [state.protectionRaw(q)])),
    ...supervised.map(register => group(register, 'uint16', () => [state.supervision.raw(register) ?? 0])),
    // After overtemperature DC is restored, unless told otherwise.
    group(577, 'uint16', () => [1]),
    // In master/slave those of all together.
    group(656, 'float', () => NOMINALS.flatMap(name => float32(ratings[name]))),
    // Adjustment limits, wide open.
    group(9000, 'uint16', () => [
      SET_MAX,
      0,
      SET_MAX,
      0,
      SET_MAX,
      SET_MAX,
      FULL_SCALE,
      FULL_SCALE,
      SET_MAX,
      0,
    ]),
    ...IDLE_REGISTERS.map(first => group(first, 'uint16', () => [state.idle_s])),
  ];

  /** The register and its type; undefined for a hole. */
  const at = (address: number): readonly [value: number, type: Group['type']] | undefined => {
    if (!hasSink && SINK_ONLY.includes(address)) return undefined;
    for (const { first, type, read } of groups) {
      if (address < first) continue;
      const value = read()[address - first];
      if (value !== undefined) return [value, type];
    }
    return undefined;
  };
  const readWords = (address: number, count: number): number[] | undefined => {
    const found = Array.from({ length: count }, (_, n) => at(address + n));
    const type = found[0]?.[1];
    return found.every(one => one !== undefined && one[1] === type)
      ? found.map(one => one?.[0] ?? 0)
      : undefined;
  };

  const coils: Readonly<Record<number, () => boolean>> = {
    [COIL.remote]: () => state.remote,
    [COIL.output]: () => state.output,
    [COIL.afterPowerFail]: () => state.restores.afterPowerFail,
    [COIL.uir]: () => false,
    [COIL.afterRemote]: () => state.afterRemote === 'unchanged',
    [COIL.full]: () => state.isFull,
  };

  /** Undefined if a write may go on. */
  const refusal = (): number | undefined => {
    if (state.local) return EXCEPTION.local;
    return state.holder === 'ethernet' ? undefined : EXCEPTION.denied;
  };

  const writeCoil = (address: number, value: number): number | undefined => {
    if (address !== COIL.acknowledge && coils[address] === undefined) return EXCEPTION.address;
    if (value !== COIL_ON && value !== 0) return EXCEPTION.data;
    const on = value === COIL_ON;
    if (address === COIL.remote) {
      if (state.local) return EXCEPTION.local;
      if (state.holder === 'usb') return EXCEPTION.denied;
      state.takeRemote(on);
      return undefined;
    }
    const refused = refusal();
    if (refused !== undefined) return refused;
    switch (address) {
      case COIL.acknowledge:
        if (on) state.acknowledge();
        return undefined;
      case COIL.afterRemote:
        if (!writesAfterRemote) return EXCEPTION.address;
        state.afterRemote = on ? 'unchanged' : 'off';
        return undefined;
      case COIL.afterPowerFail:
        state.restores = { ...state.restores, afterPowerFail: on };
        return undefined;
      case COIL.full:
        state.isFull = on;
        return undefined;
      case COIL.output:
        if (!on) onOutputOff?.();
        return state.switchOutput(on) ? undefined : EXCEPTION.execution;
      default:
        return undefined;
    }
  };

  const writeRegister = (address: number, value: number): number | undefined => {
    const set = SETS.get(address);
    const protection = PROTECTIONS.get(address);
    const isIdle = IDLE_REGISTERS.some(register => register === address);
    const isPowerOn = address === POWER_ON.register;
    const isSupervised = supervised.includes(address);
    if (coils[address] !== undefined) return EXCEPTION.function;
    if ((set ?? protection) === undefined && !isIdle && !isPowerOn && !isSupervised) return EXCEPTION.address;
    if (at(address) === undefined) return EXCEPTION.address;
    const refused = refusal();
    if (refused !== undefined) return refused;
    if (isIdle) {
      if (value !== 0 && !(value >= IDLE_S[0] && value <= IDLE_S[1])) return EXCEPTION.data;
      state.idle_s = value;
    } else if (isPowerOn) {
      if (value !== POWER_ON.off && value !== POWER_ON.restore) return EXCEPTION.data;
      state.restores = { ...state.restores, afterPowerOn: value === POWER_ON.restore };
    } else if (isSupervised) {
      if (!state.supervision.write(address, value)) return EXCEPTION.data;
    } else if (set !== undefined) {
      if (value > SET_MAX) return EXCEPTION.data;
      state.writeSet(set, value);
    } else if (protection !== undefined) {
      if (value > PROTECTION_MAX) return EXCEPTION.data;
      state.writeProtection(protection, value);
    }
    return undefined;
  };

  const writeRegisters = (address: number, values: Uint16Array): number | undefined => {
    // U, I and P are groups of their own: one request may not cross from one into the next.
    if (values.length === 1) return writeRegister(address, values[0]);
    if (address < 171 || address + values.length > 191) return EXCEPTION.address;
    const refused = refusal();
    if (refused !== undefined) return refused;
    userText.splice(address - 171, values.length, ...values);
    return undefined;
  };

  return (unit, pdu) => {
    const fn = pdu[0];
    const isOurs = unit === 0 || (unit === 1 && (framing === 'tcp' || state.isFull));
    if (!isOurs) return exceptionReply(fn, EXCEPTION.address);
    if (fn === 2 || fn === 4) return exceptionReply(fn, EXCEPTION.function);
    const request = parseRequest(pdu);
    if ('exception' in request) return exceptionReply(fn, request.exception);
    state.heard();
    switch (request.fn) {
      case 1: {
        const coil = coils[request.address];
        if (coil === undefined) {
          return exceptionReply(fn, at(request.address) ? EXCEPTION.function : EXCEPTION.address);
        }
        if (request.count !== 1) return exceptionReply(fn, EXCEPTION.data);
        if (state.isFull) return Uint8Array.of(1, 1, coil() ? 1 : 0);
        return registersReply(1, [coil() ? COIL_ON : 0]);
      }
      case 3: {
        if (coils[request.address] !== undefined) return exceptionReply(fn, EXCEPTION.function);
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

function seriesOf(type: string): (typeof SERIES)[keyof typeof SERIES] {
  const word = type.split(' ')[0];
  return SERIES[word as keyof typeof SERIES] ?? SERIES.PSB;
}

/** R max and R min: not on the type plate; parts of U/I as of many models (recalled). */
const resistances_Ohm = ({
  voltageNominal_V,
  currentNominal_A,
}: SupplyState['ratings']): readonly number[] => [
  (50 * voltageNominal_V) / currentNominal_A,
  (0.03 * voltageNominal_V) / currentNominal_A,
];
