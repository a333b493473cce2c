import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../drivers/contract/clock.ts';
import { seededRandom } from '../drivers/contract/random.ts';
import { bronkhorstPropar } from './device/bronkhorst-propar.ts';
import { eaPsb10000 } from './device/ea-psb-10000.ts';
import type { Emulator, EmulatorEnv } from './device/faults.ts';
import { forcedRig } from './device/forced-rig.ts';
import { impedanceJson } from './device/impedance-json.ts';
import { modbusRack } from './device/modbus-rack.ts';
import { opcuaPlc } from './device/opcua/plc.ts';
import { faultyRig } from './faults.ts';
import { plainFault } from './faults-file.ts';
import { openRig } from './open-rig.ts';
import type { Rig } from './plant/parts/rig.ts';
import { openPtyPair, type PtyPair } from './pty.ts';
import { tripWatch } from './trip-watch.ts';
import type { EmulatedDevice, TripTimes, WireCommand, WireEndpoints, WireSettings } from './wire-protocol.ts';

/** How often the plant is brought up to the clock between requests, s. */
const ADVANCE_S = 0.01;

/** All four instruments, and one for impedance where there is one, on one plant, on real sockets and ptys of this machine. */
export interface WireBench {
  readonly endpoints: WireEndpoints;
  carryOut(command: WireCommand): Promise<number | TripTimes | undefined>;
  /** Ends everything and removes the ptys. */
  end(): Promise<void>;
}

/**
 * Starts plant, emulators and cables, and moves the plant with the clock, `timeFactor` times as fast.
 * Resolves when every instrument answers; if one cannot start, all that has been started is ended and it
 * rejects. `observed` may stand between the instruments and the plant, to note what they do to it.
 */
export async function startWireBench(
  settings: WireSettings,
  clock: Clock,
  observed: (rig: Rig) => Rig = rig => rig,
): Promise<WireBench> {
  const { plant, seed, faults } = settings;
  const cells = faultyRig(openRig(plant, seed), faults.map(plainFault));
  const rig = forcedRig(observed(cells));
  const origin_s = clock.now_s();
  const advance = (): void =>
    rig.advanceTo(settings.startAt_s + settings.timeFactor * (clock.now_s() - origin_s));
  advance();

  // Chance of its own: when a trip is tried must not change what the plant does.
  const watch = tripWatch(rig, clock, seededRandom(seed ^ 0x5eed));
  const env: EmulatorEnv = {
    rig,
    clock,
    beforeReply() {
      advance();
      watch.requestArrived();
    },
    onReply: () => watch.replySent(),
  };

  const folder = mkdtempSync(join(tmpdir(), 'cellbench-wire-'));
  const ptys: Partial<Record<EmulatedDevice, PtyPair>> = {};
  const emulators: Emulator[] = [];
  const end = async (): Promise<void> => {
    cancelAdvance();
    await Promise.all(Object.values(ptys).map(pty => pty.unplug()));
    await Promise.all(emulators.map(emulator => emulator.end()));
    rmSync(folder, { recursive: true, force: true });
  };
  const cancelAdvance = clock.every(ADVANCE_S, advance);

  try {
    const [rackPty, gasPty] = await Promise.all([openPtyPair(folder, 'rack'), openPtyPair(folder, 'gas')]);
    ptys.rack = rackPty;
    ptys.gas = gasPty;
    const supply = eaPsb10000(env, {
      ratings: settings.supply,
      onOutputOff: () => watch.outputOffArrived(),
    });
    const rack = modbusRack(env, {
      mapFile: settings.rackMap,
      roles: settings.rackRoles,
      path: rackPty.instrument,
    });
    const gas = bronkhorstPropar(env, {
      path: gasPty.instrument,
      instruments: settings.gas.map(i => ({ ...i, serial: i.serial ?? `EMULATOR-${i.node}` })),
    });
    const plc = opcuaPlc(env, { nodesFile: settings.plcNodes, roles: settings.plcRoles });
    const analyser =
      settings.impedance === undefined
        ? undefined
        : impedanceJson({
            ...settings.impedance,
            rig: { impedance: frequencies_Hz => cells.impedance(frequencies_Hz), advanceTo: advance },
            clock,
            // As in a rehearsal: an instrument more must not change what the plant does.
            random: seededRandom(seed ^ 0x0e15),
            timeFactor: settings.timeFactor,
          });
    if (analyser !== undefined) emulators.push(analyser);
    const byName: Record<EmulatedDevice, Emulator> = { supply, rack, gas, plc };
    emulators.push(supply, rack, gas, plc);
    await Promise.all(emulators.map(emulator => emulator.start()));

    return {
      endpoints: {
        supply: { host: '127.0.0.1', port: supply.port, scpiPort: supply.scpiPort },
        rack: { path: rackPty.bench },
        gas: { path: gasPty.bench },
        plc: { endpoint: plc.endpoint },
        ...(analyser === undefined ? {} : { impedance: { host: '127.0.0.1', port: analyser.port } }),
      },
      async carryOut(command) {
        switch (command.do) {
          case 'fault':
            Object.assign(byName[command.device].faults, command.fault);
            return undefined;
          case 'stop':
            await byName[command.device].stop();
            await ptys[command.device]?.unplug();
            return undefined;
          case 'start':
            await ptys[command.device]?.plug();
            await byName[command.device].start();
            return undefined;
          case 'force':
            rig.force(command.signal, command.value);
            return undefined;
          case 'look':
            advance();
            return look(command.signal);
          case 'trip-watch':
            return watch.measure(command);
        }
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }

  function look(signal: string): number {
    const sensor = rig.sensorIndex(signal);
    if (sensor >= 0) return rig.sensor(sensor);
    const actuator = rig.actuatorIndex(signal);
    if (actuator >= 0) return rig.setting(actuator);
    throw new Error(`the rig has neither a sensor nor an actuator "${signal}"`);
  }
}
