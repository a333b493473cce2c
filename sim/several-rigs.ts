import type { PlantRig } from './plant/parts/model.ts';
import type { Rig } from './plant/parts/rig.ts';

/** Between the name of a subject and that of a signal or a device of its own: `cell3/cell.voltage_V`. */
export const OF_SUBJECT = '/';

/**
 * The plants of several subjects on one bench, each with a plant of its own, as one rig: their signals have the name of the
 * subject in front. What all share (a chamber) has its plain name: set, it is set for all of them; read, it is the first one's.
 */
export function severalRigs(rigs: ReadonlyMap<string, PlantRig>): Rig {
  const all = [...rigs];
  const [[, first] = []] = all;
  if (first === undefined) throw new RangeError('no subject, expected one at least');
  const named = (of: (rig: PlantRig) => readonly string[]): string[] => [
    ...all.flatMap(([name, rig]) => of(rig).map(signal => `${name}${OF_SUBJECT}${signal}`)),
    ...of(first),
  ];
  const own = (of: (rig: PlantRig) => readonly string[]): [PlantRig, number][] =>
    all.flatMap(([, rig]) => of(rig).map((_, i): [PlantRig, number] => [rig, i]));
  const sensors = named(rig => rig.sensors);
  const actuators = named(rig => rig.actuators);
  const ownSensors = own(rig => rig.sensors);
  const ownActuators = own(rig => rig.actuators);
  const sensorAt = new Map(sensors.map((name, i) => [name, i]));
  const actuatorAt = new Map(actuators.map((name, i) => [name, i]));
  /** Whose signal it is, and its plain name. */
  const split = (name: string): readonly [rig: PlantRig, plain: string, base: number] => {
    const at = name.indexOf(OF_SUBJECT);
    let base = 0;
    for (const [subject, rig] of all) {
      if (at > 0 && subject === name.slice(0, at)) return [rig, name.slice(at + 1), base];
      base += rig.sensors.length;
    }
    return [first, name, base];
  };
  return {
    sensors,
    actuators,
    sensorIndex: name => sensorAt.get(name) ?? -1,
    sensorRange(name) {
      const [rig, plain, base] = split(name);
      const range = rig.sensorRange(plain);
      return range.count === 0 ? range : { first: base + range.first, count: range.count };
    },
    sensor(index) {
      const of = ownSensors[index];
      return of === undefined ? first.sensor(index - ownSensors.length) : of[0].sensor(of[1]);
    },
    actuatorIndex: name => actuatorAt.get(name) ?? -1,
    set(index, value) {
      const of = ownActuators[index];
      if (of !== undefined) return of[0].set(of[1], value);
      const plain = first.actuators[index - ownActuators.length];
      for (const [, rig] of all) {
        const at = rig.actuatorIndex(plain);
        if (at >= 0) rig.set(at, value);
      }
    },
    setting(index) {
      const of = ownActuators[index];
      return of === undefined ? first.setting(index - ownActuators.length) : of[0].setting(of[1]);
    },
    advanceTo(time_s) {
      for (const [, rig] of all) rig.advanceTo(time_s);
    },
    get time_s() {
      return first.time_s;
    },
  };
}
