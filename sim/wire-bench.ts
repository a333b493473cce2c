import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../drivers/contract/clock.ts';
import { seededRandom } from '../drivers/contract/random.ts';
import type { Upsets } from './device/faults.ts';
import { forcedRig } from './device/forced-rig.ts';
import type { EmulatedInstrument, EmulatorSite, WireAddress } from './emulators/entry.ts';
import { addOwnEmulator, emulatedOptions, findEmulator } from './emulators/registry.ts';
import { faultyRig } from './faults.ts';
import { plainFault } from './faults-file.ts';
import { openRig } from './open-rig.ts';
import type { PlantRig } from './plant/parts/model.ts';
import type { Rig } from './plant/parts/rig.ts';
import { openPtyPair, type PtyPair } from './pty.ts';
import { OF_SUBJECT, severalRigs } from './several-rigs.ts';
import { tripWatch } from './trip-watch.ts';
import type { EmulatedDevice, TripTimes, WireCommand, WireEndpoints, WireSettings } from './wire-protocol.ts';

/** How often the plant is brought up to the clock between requests, s. */
const ADVANCE_S = 0.01;

/** Every instrument of a bench on one plant, on real sockets and ptys of this machine. */
export interface WireBench {
  readonly endpoints: WireEndpoints;
  /** Where the serial lines have their names. */
  readonly folder: string;
  carryOut(command: WireCommand): Promise<number | TripTimes | undefined>;
  /** What can happen to the instrument behind its line. Throws for a device that the bench does not have. */
  upsetsOf(device: EmulatedDevice): Upsets;
  /** Ends everything and removes the ptys. */
  end(): Promise<void>;
}

type Declared = WireSettings['devices'][string];

/** An instrument on its line, and the devices of the bench that it is. */
interface Place {
  readonly ids: readonly EmulatedDevice[];
  readonly instrument: EmulatedInstrument;
  readonly pty: PtyPair | undefined;
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
  const { seed } = settings;
  const plants = plantsOf(settings);
  const [single] = plants.values();
  const rig = forcedRig(observed('several' in settings.plant ? severalRigs(plants) : single));
  const origin_s = clock.now_s();
  const advance = (): void =>
    rig.advanceTo(settings.startAt_s + settings.timeFactor * (clock.now_s() - origin_s));
  advance();

  // Chance of its own: when a trip is tried must not change what the plant does.
  const watch = tripWatch(rig, clock, seededRandom(seed ^ 0x5eed));
  const site: Omit<EmulatorSite, 'port'> = {
    rig,
    clock,
    beforeReply() {
      advance();
      watch.requestArrived();
    },
    onReply: () => watch.replySent(),
    plant: { impedance: frequencies_Hz => single.impedance(frequencies_Hz), advanceTo: advance },
    // As in a rehearsal: an instrument more must not change what the plant does.
    random: seededRandom(seed ^ 0x0e15),
    timeFactor: settings.timeFactor,
    onOutputOff: () => watch.outputOffArrived(),
  };

  const folder = mkdtempSync(join(tmpdir(), 'cellbench-wire-'));
  const places: Place[] = [];
  const cancelAdvance = clock.every(ADVANCE_S, advance);
  const end = async (): Promise<void> => {
    cancelAdvance();
    await Promise.all(places.map(({ pty }) => pty?.unplug()));
    await Promise.all(places.map(({ instrument }) => instrument.end()));
    rmSync(folder, { recursive: true, force: true });
  };

  /** Makes the instrument of these devices and its cable; it is not on the line yet. */
  async function place(devices: readonly (readonly [id: string, declared: Declared])[]): Promise<void> {
    const ids = devices.map(([id]) => id);
    const [, { driver, at, options }] = devices[0];
    const entry = await findEmulator(driver);
    const told = devices.map(([id, { options, roles, baseDir }]) => ({
      id,
      options: emulatedOptions(entry, id, options),
      roles: rolesOn(rig, roles),
      baseDir,
    }));
    const pty = await cableOf(ids[0], at, 'path' in options);
    try {
      const port = at !== undefined && 'port' in at ? at.port : 0;
      const line = pty === undefined ? { port } : { port, path: pty.instrument };
      const of = plants.get(ids[0].split(OF_SUBJECT)[0]) ?? single;
      const plant = { ...site.plant, impedance: of.impedance.bind(of) };
      places.push({ ids, pty, instrument: entry.open(told, { ...site, plant, ...line }) });
    } catch (error) {
      await pty?.unplug();
      throw error;
    }
  }

  /** A serial line where one is asked for, or else where the bench file has one. */
  async function cableOf(id: string, at: Declared['at'], isSerial: boolean): Promise<PtyPair | undefined> {
    if (at === undefined) return isSerial ? openPtyPair(folder, id.replaceAll(OF_SUBJECT, '-')) : undefined;
    return 'path' in at ? openPtyPair(dirname(at.path), basename(at.path)) : undefined;
  }

  try {
    for (const devices of await atOneAddress(settings.devices)) await place(devices);
    await Promise.all(places.map(({ instrument }) => instrument.start()));
  } catch (error) {
    await end();
    throw error;
  }

  const placeOf = (device: EmulatedDevice): Place => {
    const found = places.find(({ ids }) => ids.includes(device));
    if (found !== undefined) return found;
    const known = places.flatMap(({ ids }) => ids).join(', ');
    throw new Error(`the bench has no emulated device "${device}", expected one of ${known}`);
  };
  const addressOf = ({ instrument, pty }: Place): WireAddress =>
    pty === undefined ? instrument.address : { path: pty.bench };

  function look(signal: string): number {
    const sensor = rig.sensorIndex(signal);
    if (sensor >= 0) return rig.sensor(sensor);
    const actuator = rig.actuatorIndex(signal);
    if (actuator >= 0) return rig.setting(actuator);
    throw new Error(`the rig has neither a sensor nor an actuator "${signal}"`);
  }

  return {
    endpoints: Object.fromEntries(places.flatMap(one => one.ids.map(id => [id, addressOf(one)]))),
    folder,
    upsetsOf: device => placeOf(device).instrument.upsets ?? {},
    async carryOut(command) {
      switch (command.do) {
        case 'fault':
          Object.assign(placeOf(command.device).instrument.faults, command.fault);
          return undefined;
        case 'stop': {
          const { instrument, pty } = placeOf(command.device);
          await instrument.stop();
          await pty?.unplug();
          return undefined;
        }
        case 'start': {
          const { instrument, pty } = placeOf(command.device);
          await pty?.plug();
          await instrument.start();
          return undefined;
        }
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
}

/** Each subject's, by its name; of a bench with one without a name, that one's. */
function plantsOf({ plant, seed, faults }: WireSettings): Map<string, PlantRig> {
  if (!('several' in plant)) return new Map([['', faultyRig(openRig(plant, seed), faults.map(plainFault))]]);
  // Cells of one type are no copies of each other.
  return new Map(Object.entries(plant.several).map(([name, choice], i) => [name, openRig(choice, seed + i)]));
}

/** What leads to one instrument in the bench file. */
const DOORS = ['path', 'endpoint', 'host', 'port'] as const;

/**
 * Devices in groups of those that one driver finds at one address: outputs of a supply, units on a line. Clients of a server
 * have one each.
 */
async function atOneAddress(
  devices: WireSettings['devices'],
): Promise<(readonly [id: string, declared: Declared])[][]> {
  const groups = new Map<string, [string, Declared][]>();
  for (const [id, declared] of Object.entries(devices)) {
    const { driver, options, emulator } = declared;
    if (emulator !== undefined) addOwnEmulator(driver, emulator);
    const { isServer = false } = await findEmulator(driver);
    const door = DOORS.filter(key => key in options).map(key => options[key]);
    // The channels of a line are one instrument; behind a port of the network each subject's has an emulator of its own.
    const subject = id.includes(OF_SUBJECT) && !('path' in options) ? id.split(OF_SUBJECT)[0] : '';
    const key = JSON.stringify(isServer || door.length === 0 ? [id] : [subject, driver, ...door]);
    groups.set(key, [...(groups.get(key) ?? []), [id, declared]]);
  }
  return [...groups.values()];
}

/** The roles that this plant has something for: behind the others there is no sensor, as in a rehearsal. */
function rolesOn(rig: Rig, roles: Readonly<Record<string, string>>): Record<string, string> {
  const has = (signal: string): boolean =>
    rig.sensorIndex(signal) >= 0 || rig.actuatorIndex(signal) >= 0 || rig.sensorRange(signal).count > 0;
  return Object.fromEntries(Object.entries(roles).filter(([, signal]) => has(signal)));
}
