import type { Cancel } from '../../../drivers/contract/clock.ts';
import { type Emulator, type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { modbusTcpServer } from '../modbus-tcp-server.ts';
import { closeWhenIdle, eaPort } from './port.ts';
import { supplyRegisters } from './registers.ts';
import { supplyScpi } from './scpi.ts';
import { type SupplyRatings, type SupplyState, supplyState } from './state.ts';

/** How often protections and interface monitoring are looked at between messages, s. */
const SERVICE_S = 0.01;

/** A running supply: the instrument itself and its network interfaces. */
export interface EaPsb10000 extends Emulator {
  /** The instrument behind the interfaces: for its panel (`setLocal`) and for outside causes of alarms. */
  readonly state: SupplyState;
  /** After the first start: port of SCPI and frames of Modbus RTU, and of Modbus TCP where the module is plugged in. */
  readonly port: number;
  readonly modbusTcpPort: number | undefined;
}

/**
 * A supply of EA's 10000 series (Elektro-Automatik) as it stands on the network: SCPI and Modbus RTU on one port, and
 * Modbus TCP on another one where `modbusTcpPort` says that the plug-in module IF-AB-MBUS is in. By the type of the plate
 * it is a PSB, PSBE, PSI, PS or ELR. Simultaneous sockets are not bounded: no paper says how many it takes.
 */
export function eaPsb10000(
  env: EmulatorEnv,
  options: {
    readonly ratings: SupplyRatings;
    readonly port?: number;
    /** Absent: no such module. 0: any free port. */
    readonly modbusTcpPort?: number;
    /** Called as soon as a write that switches the DC output off has arrived. */
    readonly onOutputOff?: () => void;
  },
): EaPsb10000 {
  const { onOutputOff } = options;
  const faults = noFaults();
  const state = supplyState(env, freezable(env.rig, faults), options.ratings);
  const onLine: EmulatorEnv = {
    ...env,
    beforeReply() {
      state.service();
      env.beforeReply?.();
    },
  };
  const idle_s = (): number => state.idle_s;

  const own = eaPort({
    port: options.port ?? 0,
    env: onLine,
    faults,
    answer: supplyRegisters(state, { framing: 'rtu', onOutputOff }),
    interpret: supplyScpi(state, onOutputOff),
    idle_s,
  });
  const module =
    options.modbusTcpPort === undefined
      ? undefined
      : modbusTcpServer({
          port: options.modbusTcpPort,
          env: onLine,
          faults,
          answer: supplyRegisters(state, { framing: 'tcp', onOutputOff }),
          onSocket: socket => closeWhenIdle(socket, env, idle_s),
        });
  const stop = async (): Promise<void> => {
    await Promise.all([own.stop(), module?.stop()]);
  };

  let cancelService: Cancel = () => {};
  return {
    faults,
    upsets: {
      local: on => state.setLocal(on),
      trip: on => state.setCause('OT', on),
    },
    state,
    get port() {
      return own.port;
    },
    get modbusTcpPort() {
      return module?.port;
    },
    async start() {
      await own.start();
      await module?.start();
      cancelService();
      cancelService = env.clock.every(SERVICE_S, () => state.service());
    },
    stop,
    async end() {
      cancelService();
      await stop();
    },
  };
}
