import type { Cancel } from '../../drivers/contract/clock.ts';
import { supplyRegisters } from './ea-psb-registers.ts';
import { supplyScpi } from './ea-psb-scpi.ts';
import { type SupplyRatings, type SupplyState, supplyState } from './ea-psb-state.ts';
import { deliver, type Emulator, type EmulatorEnv, freezable, noFaults } from './faults.ts';
import { modbusTcpServer } from './modbus-tcp-server.ts';
import { tcpListener } from './tcp-listener.ts';

/** The supply closes a SCPI socket that was idle this long (EA programming guide PGMBEN rev. 24), s. */
const IDLE_CLOSE_S = 5;
/** How often protections and interface monitoring are looked at between messages, s. */
const SERVICE_S = 0.01;

/** A running PSB 10000: the instrument itself and its two network interfaces. */
export interface EaPsb10000 extends Emulator {
  /** The instrument behind the interfaces: for its panel (`setLocal`) and for outside causes of alarms. */
  readonly state: SupplyState;
  /** Ports after the first start: Modbus TCP and SCPI. */
  readonly port: number;
  readonly scpiPort: number;
}

/**
 * EA PSB 10000 (EA Elektro-Automatik) as it stands on the network: Modbus TCP on one port, SCPI on the other.
 * Sink mode (negative current) and Modbus RTU frames on the SCPI port are not emulated. That interface
 * monitoring switches the DC output off is our reading of the guide; it says so only for the status bit.
 */
export function eaPsb10000(
  env: EmulatorEnv,
  options: {
    readonly ratings: SupplyRatings;
    readonly port?: number;
    readonly scpiPort?: number;
    /** Called as soon as a write that switches the DC output off has arrived. */
    readonly onOutputOff?: () => void;
  },
): EaPsb10000 {
  const faults = noFaults();
  const state = supplyState(env, freezable(env.rig, faults), options.ratings);
  const onLine: EmulatorEnv = {
    ...env,
    beforeReply() {
      state.service();
      env.beforeReply?.();
    },
  };

  const modbus = modbusTcpServer({
    port: options.port ?? 0,
    env: onLine,
    faults,
    answer: supplyRegisters(state, options.onOutputOff),
  });

  const interpret = supplyScpi(state, options.onOutputOff);
  const scpi = tcpListener(options.scpiPort ?? 0, socket => {
    let text = '';
    let heard_s = env.clock.now_s();
    const cancel = env.clock.every(0.5, () => {
      if (env.clock.now_s() - heard_s >= IDLE_CLOSE_S) socket.destroy();
    });
    socket.on('close', cancel);
    socket.on('data', chunk => {
      heard_s = env.clock.now_s();
      if (faults.silence) return;
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        if (line === '') continue;
        onLine.beforeReply?.();
        const reply = interpret(line);
        if (reply === undefined) continue;
        deliver(Buffer.from(`${reply}\n`, 'latin1'), {
          env,
          faults,
          corrupt: damageText,
          send: frame => {
            if (!socket.destroyed) socket.write(frame);
          },
        });
      }
    });
  });

  let cancelService: Cancel = () => {};
  return {
    faults,
    state,
    get port() {
      return modbus.port;
    },
    get scpiPort() {
      return scpi.port;
    },
    async start() {
      await modbus.start();
      await scpi.start();
      cancelService();
      cancelService = env.clock.every(SERVICE_S, () => state.service());
    },
    async stop() {
      await Promise.all([modbus.stop(), scpi.stop()]);
    },
    async end() {
      cancelService();
      await Promise.all([modbus.stop(), scpi.stop()]);
    },
  };
}

function damageText(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a ? byte : byte ^ 0x15));
}
