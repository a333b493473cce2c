import type { Cancel, Clock } from '../../../drivers/contract/clock.ts';
import type { Rig } from '../../plant/parts/rig.ts';
import { type Emulator, noFaults } from '../faults.ts';
import { modbusRtuServer } from '../modbus-rtu-server.ts';
import { modbusRtuTcpServer } from '../modbus-rtu-tcp-server.ts';
import { modbusTcpServer } from '../modbus-tcp-server.ts';
import type { Memory } from './memory.ts';

/** How often timers of the instrument are looked at, s. */
const SERVICE_S = 0.01;
const HEARD_MAX = 2000;

/** What an instrument stands on: what its sensors feel, and what it drives. */
export interface Ground {
  readonly clock: Clock;
  sense(name: string): number;
  drive(name: string, value: number): void;
}

/** The make: its registers, and what it does by itself. */
export interface Make {
  readonly memory: Memory;
  /** Looked at often: watchdogs, ramps. `heardAt_s`: when a request came last. */
  service?(now_s: number): void;
  /** A request has come, before it is answered. */
  heard?(isWrite: boolean): void;
  /** So many connections are open now. */
  joined?(connections: number): void;
}

/** A running instrument that speaks Modbus. */
export interface ModbusInstrument extends Emulator {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  /** `R3 505+5`, `W6 501=26214`, oldest first. */
  readonly heard: string[];
}

/** Puts a make on a wire: TCP (port 0: any), or a serial line. */
export function modbusInstrument(
  make: Make,
  ground: Ground,
  wire: {
    readonly unit: number;
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number;
    /** `rtu`: frames of the serial line on TCP. Default Modbus TCP. */
    readonly frames?: 'tcp' | 'rtu' | undefined;
    /** Others on the same line, by their unit. */
    readonly others?: ReadonlyMap<number, Make>;
    readonly beforeReply?: () => void;
  },
): ModbusInstrument {
  const { clock } = ground;
  const faults = noFaults();
  const heard: string[] = [];
  const env = { rig: NO_RIG, clock, beforeReply: wire.beforeReply };
  const answer = (unit: number, pdu: Uint8Array): Uint8Array | undefined => {
    const asked = unit === wire.unit ? make : wire.others?.get(unit);
    if (asked === undefined) return undefined;
    const word = (at: number): number => ((pdu[at] ?? 0) << 8) | (pdu[at + 1] ?? 0);
    const isWrite = pdu[0] > 4;
    heard.push(`${isWrite ? 'W' : 'R'}${pdu[0]} ${word(1)}${isWrite ? '=' : '+'}${word(3)}`);
    if (heard.length > HEARD_MAX) heard.shift();
    asked.heard?.(isWrite);
    return asked.memory.answer(pdu);
  };
  const serial =
    wire.path === undefined
      ? undefined
      : modbusRtuServer({ path: wire.path, baud: wire.baud ?? 19200, env, faults, answer });
  const all = [make, ...(wire.others?.values() ?? [])];
  let connections = 0;
  const joined = (more: 1 | -1): void => {
    connections += more;
    for (const each of all) each.joined?.(connections);
  };
  const tcp = (wire.frames === 'rtu' ? modbusRtuTcpServer : modbusTcpServer)({
    port: wire.port ?? 0,
    env,
    faults,
    answer,
    onSocket(socket) {
      joined(1);
      socket.on('close', () => joined(-1));
    },
  });
  let cancel: Cancel = () => {};
  return {
    faults,
    heard,
    get port() {
      return serial === undefined ? tcp.port : 0;
    },
    async start() {
      await (serial ?? tcp).start();
      cancel();
      cancel = clock.every(SERVICE_S, () => {
        for (const each of all) each.service?.(clock.now_s());
      });
    },
    stop: () => (serial ?? tcp).stop(),
    async end() {
      cancel();
      await (serial ?? tcp).stop();
    },
  };
}

/** The servers hand a rig on that instruments with a ground of their own do not need. */
const NO_RIG: Rig = {
  sensors: [],
  actuators: [],
  sensorIndex: () => -1,
  sensorRange: () => ({ first: 0, count: 0 }),
  sensor: () => Number.NaN,
  actuatorIndex: () => -1,
  set: () => {},
  setting: () => Number.NaN,
  advanceTo: () => {},
  time_s: 0,
};

/** A ground on a plant: `names` gives the rig's signal for each sense and drive of the instrument. */
export function groundOf(rig: Rig, clock: Clock, names: Readonly<Record<string, string>>): Ground {
  return {
    clock,
    sense: name => rig.sensor(rig.sensorIndex(names[name] ?? name)),
    drive(name, value) {
      const index = rig.actuatorIndex(names[name] ?? name);
      if (index >= 0) rig.set(index, value);
    },
  };
}
