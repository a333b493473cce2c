import type { Clock } from '../../drivers/contract/clock.ts';
import type { ChannelSpec, Device, DeviceDescription, DeviceState } from '../../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../../drivers/contract/errors.ts';
import { badFrame, type Frame, isUsable, QUALITY } from '../../drivers/contract/frame.ts';
import { isQuantity, type Quantity, unitOf } from '../../drivers/contract/units.ts';
import type { Bench } from '../bench/bench.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { BESIDE_DEVICE, besideChannel, predictedRole, residualRole } from '../contract/residual-roles.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import type { Gate } from '../tick/gate.ts';
import type { ProcessImage } from '../tick/image.ts';
import type { Sampling } from '../tick/sampling.ts';

/** The twin beside the bench as one more device: what it predicts, and what is measured beyond it. */

/** Says what should be measured; `sim/beside.ts` makes one. `place`: of the role in `twin.beside.roles`. */
export interface Predictor {
  begin(t_s: number, measured: (role: string) => number): void;
  apply(role: string, value: number, t_s: number): void;
  predict(place: number, t_s: number): number;
}

/** What the twin beside a bench sees of it. */
export interface SeenBench {
  readonly parts: {
    readonly bench: Bench;
    readonly roles: RoleTable;
    readonly devices: ReadonlyMap<string, Device>;
  };
  readonly image: ProcessImage;
  readonly gate: Pick<Gate, 'applied$'>;
  readonly sampling: Pick<Sampling, 'frames$'>;
}

/** The twin among the devices; after the run is made it must be attached to it. */
export interface BesideDevice extends Device {
  /** Feeds the twin with the session's frames and applied values from now on. */
  attach(session: SeenBench): void;
}

/** Whether a device is the twin beside the bench. */
export function isBeside(device: Device): device is BesideDevice {
  return device.id === BESIDE_DEVICE && 'attach' in device;
}

/** Values older than so many of its periods count as bad. */
const STALE_PERIODS = 3;
/** No range: what is far off is what the twin is for. */
const ANY: readonly [number, number] = [-1e12, 1e12];

/** Channels of the twin for these roles: all predicted values, then all residuals. */
function describeBeside(roles: readonly string[]): DeviceDescription {
  const channel = (role: string, word: 'Predicted' | 'Residual'): ChannelSpec => {
    const name = besideChannel(role, word, unitOf(role) ?? '');
    if (!isQuantity(name)) throw new DeviceError('config', BESIDE_DEVICE, `role "${role}" has no unit`);
    return { name, range: ANY, accuracy: { reading_pct: 0, abs: 0, basis: 'default' } };
  };
  return {
    driver: 'twin/beside',
    channels: [...roles.map(r => channel(r, 'Predicted')), ...roles.map(r => channel(r, 'Residual'))],
    settables: [],
    onLoss: 'unknown',
    safeList: [],
  };
}

/** The bench with its twin as a device and the roles that it gives; as it is where the file asks for none. */
export function withBeside(loaded: LoadedBench): LoadedBench {
  const beside = loaded.bench.twin?.beside;
  if (beside === undefined) return loaded;
  const description = describeBeside(beside.roles);
  const roles = { ...loaded.bench.roles };
  beside.roles.forEach((role, k) => {
    roles[predictedRole(role)] = `${BESIDE_DEVICE}.${description.channels[k].name}`;
    roles[residualRole(role)] = `${BESIDE_DEVICE}.${description.channels[beside.roles.length + k].name}`;
  });
  const device = {
    driver: description.driver,
    poll_s: beside.every_s,
    stale_after_s: STALE_PERIODS * beside.every_s,
    options: {},
  };
  return {
    ...loaded,
    bench: { ...loaded.bench, roles, devices: { ...loaded.bench.devices, [BESIDE_DEVICE]: device } },
    descriptions: new Map([...loaded.descriptions, [BESIDE_DEVICE, description]]),
  };
}

interface Pair {
  measured_s: number;
  value: number;
  quality: number;
  predicted: number;
}

/**
 * The twin's device. A measured value is compared with what the twin says for the time at which it was measured, at
 * most once per period. Nothing that goes wrong in the twin leaves this file: from the first exception on all its
 * values are bad, with the reason.
 */
export function openBesideDevice(roles: readonly string[], predictor: Predictor, clock: Clock): BesideDevice {
  const description = describeBeside(roles);
  const pairs: Pair[] = roles.map(() => ({
    measured_s: Number.NEGATIVE_INFINITY,
    value: Number.NaN,
    quality: QUALITY.bad,
    predicted: Number.NaN,
  }));
  const listeners = new Set<(state: DeviceState, reason: string) => void>();
  let state: DeviceState = 'closed';
  let failure = '';
  let hasBegun = false;
  let every_s = 0;
  let stale_after_s = 0;

  function guarded(work: () => void): void {
    if (failure !== '') return;
    try {
      work();
    } catch (error) {
      failure = `the twin failed: ${messageOf(error)}`;
    }
  }

  function compare(place: number, role: MeasuredRole, frame: Frame): void {
    const pair = pairs[place];
    // A little early counts as due: real polls jitter.
    if (frame.t_s < pair.measured_s + 0.9 * every_s) return;
    pair.measured_s = frame.t_s;
    pair.value = frame.values[role.first];
    pair.quality = frame.quality[role.first];
    pair.predicted = predictor.predict(place, frame.t_s);
  }

  function enter(next: DeviceState, reason: string): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(next, reason);
  }

  function poll(): Frame {
    const t_s = clock.now_s();
    const n = roles.length;
    if (failure !== '') return badFrame(BESIDE_DEVICE, t_s, 2 * n, failure);
    const values = new Float64Array(2 * n).fill(Number.NaN);
    const quality = new Uint8Array(2 * n).fill(QUALITY.bad);
    let reason = '';
    for (let k = 0; k < n; k++) {
      const pair = pairs[k];
      if (t_s - pair.measured_s > stale_after_s) {
        reason = `nothing measured yet or lately for ${roles[k]}`;
        continue;
      }
      if (!Number.isFinite(pair.predicted)) {
        reason = `the twin has no value for ${roles[k]}`;
        continue;
      }
      values[k] = pair.predicted;
      quality[k] = QUALITY.simulated;
      if (isUsable(pair.value, pair.quality)) {
        values[n + k] = pair.value - pair.predicted;
        quality[n + k] = Math.max(QUALITY.simulated, pair.quality);
      } else reason = `${roles[k]} is not usable`;
    }
    return { device: BESIDE_DEVICE, t_s, values, quality, ...(reason === '' ? {} : { reason }) };
  }

  return {
    ...description,
    id: BESIDE_DEVICE,
    get state() {
      return state;
    },
    attach(session) {
      const { roles: table, bench } = session.parts;
      every_s = bench.devices[BESIDE_DEVICE].poll_s;
      const watched = roles.map(role => table.measured.get(role));
      // A role of a slow device is not stale before that device is.
      stale_after_s = Math.max(
        bench.devices[BESIDE_DEVICE].stale_after_s,
        ...watched.map(role => role?.stale_after_s ?? 0),
      );
      session.gate.applied$.add(({ role, value }) =>
        guarded(() => predictor.apply(role, value, clock.now_s())),
      );
      session.sampling.frames$.add(frame =>
        guarded(() => {
          if (!hasBegun) {
            // All devices have answered once: what they show is where the twin starts.
            if (
              [...session.parts.devices.keys()].some(
                id => id !== BESIDE_DEVICE && session.image.frame(id) === undefined,
              )
            )
              return;
            hasBegun = true;
            predictor.begin(frame.t_s, role => session.image.value(role));
          }
          for (let k = 0; k < watched.length; k++) {
            const role = watched[k];
            if (role !== undefined && role.device === frame.device) compare(k, role, frame);
          }
        }),
      );
    },
    async connect() {
      enter('ready', 'runs beside the bench');
    },
    read: () => Promise.resolve(poll()),
    async write(key: Quantity) {
      throw new DeviceError('range', BESIDE_DEVICE, `${key} cannot be set`);
    },
    cancelWrites: () => {},
    leaveAlone: () => {},
    safe: async () => ({ device: BESIDE_DEVICE, done: [], failed: [] }),
    armWatchdog: async () => undefined,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      enter('closed', 'asked to');
    },
  };
}
