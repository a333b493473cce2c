import type { Clock } from '../drivers/contract/clock.ts';
import type { Device, DeviceDescription, DeviceState, SafeReport } from '../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../drivers/contract/errors.ts';
import { badFrame, type Frame, QUALITY } from '../drivers/contract/frame.ts';
import type { Quantity } from '../drivers/contract/units.ts';
import { NO_CHANCE } from './no-chance.ts';
import type { Rig } from './plant/parts/rig.ts';
import type { PlantRandom } from './plant/parts/sensors.ts';
import { type MeasuredRig, twinMeasure } from './twin-measure.ts';

/** Channels in which an instrument reports its own state, as they stand while nothing is wrong. */
const HEALTHY: Readonly<Record<string, number>> = {
  remote_on: 1,
  alarm_on: 0,
  heartbeatTripped_on: 0,
  owned_on: 1,
  measuring_on: 0,
  limited_on: 0,
};

/** A frame that its device fills again. */
type OwnFrame = { -readonly [key in keyof Frame]: Frame[key] };

/**
 * A device opened straight on the plant, without a wire: the same channels, settables, ranges and safe list as the
 * real one, values from the rig's sensors with quality `simulated`. A channel whose role is missing or which the
 * rig does not measure is NaN and bad; so is a value outside the channel's range.
 * @param roleOfChannel channel or settable of this device (`cathodePressure_barg`) -> role; the cells of an array
 * (`cell[3].voltage_V`) -> the array role (`cell.voltage_V[]`).
 * @param random errors of what it measures beside its channels (impedance)
 */
export function openTwin(
  id: string,
  description: DeviceDescription,
  roleOfChannel: ReadonlyMap<string, string>,
  rig: MeasuredRig,
  clock: Clock,
  random: PlantRandom = NO_CHANCE,
): Device {
  const { channels, settables, safeList } = description;
  const sensorOf = Int32Array.from(channels, c => sensorIndex(rig, roleOfChannel.get(c.name), c.name));
  const low = Float64Array.from(channels, c => c.range[0]);
  const high = Float64Array.from(channels, c => c.range[1]);
  const actuatorOf = new Map(
    settables.map(s => [s.name, rig.actuatorIndex(roleOfChannel.get(s.name) ?? '')] as const),
  );
  // What an instrument says of itself is no matter of the plant: a twin's instruments are healthy.
  const ownWord = Float64Array.from(channels, c =>
    // Nothing lies between a twin and its reading: its time is that of arrival.
    c.instrumentTime === undefined ? (HEALTHY[c.name] ?? Number.NaN) : 0,
  );
  const unserved = channels.filter((_, i) => sensorOf[i] < 0 && Number.isNaN(ownWord[i])).map(c => c.name);
  const listeners = new Set<(state: DeviceState, reason: string) => void>();
  let state: DeviceState = 'closed';
  // Frames are immutable: as long as all channels are in range they share this one.
  const allSimulated = new Uint8Array(channels.length).fill(QUALITY.simulated);
  // The newest one and, for whoever still holds it, the one before.
  const inTurn = [newFrame(), newFrame()] as const;
  let turn = 0;

  function newFrame(): OwnFrame {
    return { device: id, t_s: 0, values: new Float64Array(channels.length), quality: allSimulated };
  }

  function enter(next: DeviceState, reason: string): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(next, reason);
  }

  function poll(frame: OwnFrame): Frame {
    const t_s = clock.now_s();
    if (state !== 'ready') return badFrame(id, t_s, channels.length, `${id}: not connected`);
    rig.advanceTo(t_s);
    frame.t_s = t_s;
    const { values } = frame;
    let bad = 0;
    for (let i = 0; i < values.length; i++) {
      const sensor = sensorOf[i];
      const value = sensor < 0 ? ownWord[i] : rig.sensor(sensor);
      values[i] = value;
      // Written so that NaN fails it.
      if (!(value >= low[i] && value <= high[i])) bad++;
    }
    return bad === 0 ? frame : outOfRange(t_s, values);
  }

  /** Over-range is never passed on: only the reason carries the figure. */
  function outOfRange(t_s: number, values: Float64Array): Frame {
    const quality = Uint8Array.from(values, (value, i) =>
      value >= low[i] && value <= high[i] ? QUALITY.simulated : QUALITY.bad,
    );
    const first = quality.indexOf(QUALITY.bad);
    const reason = reasonFor(first, values[first]);
    for (let i = 0; i < values.length; i++) if (quality[i] === QUALITY.bad) values[i] = Number.NaN;
    return { device: id, t_s, values, quality, reason };
  }

  function reasonFor(i: number, value: number): string {
    if (unserved.length > 0) return `no simulated signal for ${unserved.join(', ')}`;
    return `${channels[i].name} ${value}, expected ${low[i]}..${high[i]}`;
  }

  async function write(key: Quantity, value: number): Promise<void> {
    const spec = settables.find(s => s.name === key);
    if (!spec) {
      const known = settables.map(s => s.name).join(', ') || 'none';
      throw new DeviceError('range', id, `${key} cannot be set (expected one of: ${known})`);
    }
    const [least, most] = spec.range;
    if (!(value >= least && value <= most))
      throw new DeviceError('range', id, `${key} ${value}, expected ${least}..${most}`);
    if (state !== 'ready') throw new DeviceError('closed', id, `${key} not written: not connected`);
    const actuator = actuatorOf.get(key) ?? -1;
    if (actuator < 0)
      throw new DeviceError(
        'config',
        id,
        `${key}: the simulated rig has no ${roleOfChannel.get(key) ?? 'role for it'}`,
      );
    rig.advanceTo(clock.now_s());
    rig.set(actuator, value);
    const back = rig.setting(actuator);
    if (!(Math.abs(back - value) <= spec.tolerance))
      throw new DeviceError('readback', id, `${key} set to ${value}, read back ${back}`);
  }

  const measure = twinMeasure({ id, description, roleOfChannel, rig, clock, random });
  return {
    ...description,
    id,
    ...(measure === undefined ? {} : { measure }),
    get state() {
      return state;
    },
    async connect() {
      enter('connecting', 'asked to');
      enter('ready', 'simulated');
    },
    read: () => Promise.resolve(poll(newFrame())),
    readNow() {
      turn = 1 - turn;
      return poll(inTurn[turn]);
    },
    write,
    // Writes take no time here: none ever waits.
    cancelWrites: () => {},
    leaveAlone: () => {},
    async safe(): Promise<SafeReport> {
      const done: string[] = [];
      const failed: { key: string; reason: string }[] = [];
      for (const [key, value] of safeList) {
        try {
          await write(key, value);
          done.push(`${key} = ${value}`);
        } catch (error) {
          failed.push({ key, reason: messageOf(error) });
        }
      }
      return { device: id, done, failed };
    },
    // The rehearsal has no silence to watch for; it answers as an instrument that accepted the time would.
    armWatchdog: async timeout_s => timeout_s,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      enter('closed', 'asked to');
    },
  };
}

/** Sensor behind a channel, or -1. `cell[3].voltage_V` with an array role is the third entry of that array. */
function sensorIndex(rig: Rig, role: string | undefined, channel: string): number {
  if (role === undefined) return -1;
  if (!role.endsWith('[]')) return rig.sensorIndex(role);
  const entry = Number(/\[(\d+)\]/.exec(channel)?.[1]);
  const { first, count } = rig.sensorRange(role);
  return entry >= 1 && entry <= count ? first + entry - 1 : -1;
}
