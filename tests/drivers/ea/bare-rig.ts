import type { Rig } from '../../../sim/plant/parts/rig.ts';

/** A rig of three sensors and four settings, enough for a supply. */
export function bareRig(): Rig {
  const sensors = ['stack.voltage_V', 'stack.current_A', 'stack.power_W'];
  const actuators = ['stack.voltageSet_V', 'stack.currentSet_A', 'stack.powerSet_W', 'stack.outputSet_on'];
  const settings = new Float64Array(4);
  return {
    sensors,
    actuators,
    sensorIndex: name => sensors.indexOf(name),
    sensorRange: () => ({ first: 0, count: 0 }),
    sensor: index => [250, settings[3] * settings[1], 250 * settings[3] * settings[1]][index],
    actuatorIndex: name => actuators.indexOf(name),
    set: (index, value) => {
      settings[index] = value;
    },
    setting: index => settings[index],
    advanceTo: () => {},
    time_s: 0,
  };
}
