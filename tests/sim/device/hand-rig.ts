import type { Rig } from '../../../sim/plant/parts/rig.ts';

export interface HandRig extends Rig {
  /** Sets what a sensor shows. */
  show(name: string, value: number): void;
  /** What an actuator was last set to. */
  settingOf(name: string): number;
}

/** A rig without physics: sensors show what the test says, actuators keep what they were set to. */
export function handRig(sensors: Readonly<Record<string, number>>, actuators: readonly string[]): HandRig {
  const names = Object.keys(sensors);
  const values = Object.values(sensors);
  const settings = actuators.map(() => 0);
  const arrayName = (name: string): string => name.replace(/\[\d+\]$/, '[]');
  return {
    sensors: names,
    actuators,
    sensorIndex: name => names.indexOf(name),
    sensorRange(name) {
      const members = names.filter(n => arrayName(n) === name);
      return { first: members.length > 0 ? names.indexOf(members[0]) : -1, count: members.length };
    },
    sensor: index => values[index],
    actuatorIndex: name => actuators.indexOf(name),
    set(index, value) {
      settings[index] = value;
    },
    setting: index => settings[index],
    advanceTo: () => {},
    time_s: 0,
    show(name, value) {
      values[names.indexOf(name)] = value;
    },
    settingOf: name => settings[actuators.indexOf(name)],
  };
}
