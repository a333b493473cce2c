import { AT_THE_SENSOR, FAULT_KINDS, type FaultKind, PHYSICAL, type Physical } from './fault-kinds.ts';
import type { PlantRig } from './plant/parts/model.ts';

/** One fault, switched in time. Times in seconds of the rig; without `to_s` it stays; `size` has a default. */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  readonly from_s: number;
  readonly to_s?: number;
  readonly size?: number;
}

/** A fault on its way: where it acts, by index. */
interface Planned {
  readonly fault: Fault;
  readonly place: 'disturbance' | 'actuator' | 'sensor';
  readonly index: number;
  readonly size: number;
  /** Of a frozen sensor: what it shows. */
  frozen: number;
}

const SIZED_SENSOR: readonly string[] = ['sensor-offset', 'sensor-drift'];

/**
 * Puts faults, switched in time, into a rig: the plant is stopped at the very moments at which one comes or goes, so that
 * it makes no difference how the rig is advanced. Several faults in one place add up; `disturb` on a place that a fault
 * holds lasts until that fault changes. Without faults it is the rig itself.
 * @throws RangeError for a target that the rig does not have, a time or a size that is no number, or an end before
 * the beginning
 */
export function faultyRig(rig: PlantRig, faults: readonly Fault[]): PlantRig {
  if (faults.length === 0) return rig;
  const planned = faults.map(fault => plan(rig, fault));
  const edges_s = [...new Set(faults.flatMap(f => (f.to_s === undefined ? [f.from_s] : [f.from_s, f.to_s])))]
    .filter(edge_s => edge_s > rig.time_s)
    .sort((a, b) => a - b);
  const disturbed = [...new Set(planned.filter(p => p.place === 'disturbance').map(p => p.index))];
  const stuckAt = new Set(planned.filter(p => p.place === 'actuator').map(p => p.index));
  const asked = new Map<number, number>([...stuckAt].map(index => [index, rig.setting(index)]));
  const onSensor = new Map<number, Planned[]>();
  for (const p of planned)
    if (p.place === 'sensor') onSensor.set(p.index, [...(onSensor.get(p.index) ?? []), p]);
  let edge = 0;

  const isActive = ({ fault }: Planned): boolean =>
    rig.time_s >= fault.from_s && (fault.to_s === undefined || rig.time_s < fault.to_s);
  const isStuck = (index: number): boolean =>
    planned.some(p => p.place === 'actuator' && p.index === index && isActive(p));

  /** Brings the plant to what is active now. */
  function apply(): void {
    for (const index of disturbed) {
      let sum = 0;
      for (const p of planned)
        if (p.place === 'disturbance' && p.index === index && isActive(p)) sum += p.size;
      rig.disturb(index, sum);
    }
    for (const index of stuckAt) if (!isStuck(index)) rig.set(index, asked.get(index) ?? rig.setting(index));
    for (const p of planned)
      if (p.fault.kind === 'sensor-freeze' && Number.isNaN(p.frozen) && isActive(p))
        p.frozen = rig.sensor(p.index);
  }
  apply();

  return {
    sensors: rig.sensors,
    actuators: rig.actuators,
    truths: rig.truths,
    disturbances: rig.disturbances,
    sensorIndex: name => rig.sensorIndex(name),
    sensorRange: name => rig.sensorRange(name),
    sensor(index) {
      let shown = rig.sensor(index);
      const here = onSensor.get(index);
      if (here !== undefined)
        for (const p of here) if (isActive(p)) shown = wrongReading(p, shown, rig.time_s);
      return shown;
    },
    actuatorIndex: name => rig.actuatorIndex(name),
    set(index, value) {
      if (!stuckAt.has(index)) return rig.set(index, value);
      // The rig refuses what is no number; a stuck valve must not hide that.
      if (!Number.isFinite(value)) return rig.set(index, value);
      asked.set(index, value);
      if (!isStuck(index)) rig.set(index, value);
    },
    setting: index => asked.get(index) ?? rig.setting(index),
    advanceTo(time_s) {
      while (edge < edges_s.length && edges_s[edge] <= time_s) {
        rig.advanceTo(edges_s[edge]);
        edge++;
        apply();
      }
      rig.advanceTo(time_s);
    },
    get time_s() {
      return rig.time_s;
    },
    truthOf: name => rig.truthOf(name),
    disturbanceIndex: name => rig.disturbanceIndex(name),
    disturb: (index, value) => rig.disturb(index, value),
    impedance: frequencies_Hz => rig.impedance(frequencies_Hz),
  };
}

/** What a faulty sensor shows instead of `shown`. */
function wrongReading({ fault, size, frozen }: Planned, shown: number, time_s: number): number {
  switch (fault.kind) {
    case 'sensor-offset':
      return shown + size;
    case 'sensor-drift':
      return shown + (size * (time_s - fault.from_s)) / 3600;
    case 'sensor-freeze':
      return frozen;
    case 'lead-off':
      return 0;
    default:
      return Number.NaN;
  }
}

/** Finds the place of a fault in the rig, or says clearly that there is none. */
function plan(rig: PlantRig, fault: Fault): Planned {
  const { kind, target, from_s, to_s } = fault;
  const what = `fault "${kind}" on "${target}"`;
  if (!Number.isFinite(from_s)) throw new RangeError(`${what}: from_s ${from_s}, expected a time in s`);
  if (to_s !== undefined && !(to_s > from_s))
    throw new RangeError(`${what}: to_s ${to_s}, expected after from_s ${from_s}`);
  const physical: Physical | undefined = (PHYSICAL as Partial<Record<FaultKind, Physical>>)[kind];
  const size = fault.size ?? physical?.size ?? 0;
  if (!Number.isFinite(size)) throw new RangeError(`${what}: size ${size}, expected a number`);
  if (fault.size === undefined && SIZED_SENSOR.includes(kind))
    throw new RangeError(`${what}: expected a size, in the unit of the sensor`);
  const found = (place: Planned['place'], index: number, names: readonly string[]): Planned => {
    if (index < 0) throw new RangeError(`${what}: this rig has no such ${place}, expected ${fewOf(names)}`);
    return { fault, place, index, size, frozen: Number.NaN };
  };
  if (physical !== undefined) {
    const name = physical.disturbance(target);
    const direct = rig.disturbanceIndex(target);
    const index = direct >= 0 ? direct : rig.disturbanceIndex(name);
    const ending = name.slice(name.lastIndexOf('.'));
    const alike = rig.disturbances.filter(disturbance => disturbance.endsWith(ending));
    return found('disturbance', index, alike.length > 0 ? alike : rig.disturbances);
  }
  if (kind === 'stuck-valve') return found('actuator', rig.actuatorIndex(target), rig.actuators);
  if (!Object.hasOwn(AT_THE_SENSOR, kind))
    throw new RangeError(`no fault "${kind}"; there are: ${FAULT_KINDS.join(', ')}`);
  return found('sensor', rig.sensorIndex(target), rig.sensors);
}

function fewOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `one of ${shown}, ... (${names.length})` : `one of ${shown}`;
}
