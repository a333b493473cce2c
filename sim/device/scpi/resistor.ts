import type { Rig } from '../../plant/parts/rig.ts';

/** First part of a resistor's signals. */
export const RESISTOR = 'resistor';
const SENSORS = [`${RESISTOR}.voltage_V`, `${RESISTOR}.current_A`];
const ACTUATORS = ['voltageSet_V', 'currentSet_A', 'powerSet_W', 'outputSet_on'].map(n => `${RESISTOR}.${n}`);

/**
 * What an output feeds that the plant has nothing for: a resistor that draws the nominal current at the nominal voltage.
 * The supply crosses over by itself from voltage to current. `time_s`: of the plant beside it.
 */
export function resistorRig(
  {
    voltageNominal_V,
    currentNominal_A,
  }: { readonly voltageNominal_V: number; readonly currentNominal_A: number },
  plant: Pick<Rig, 'advanceTo' | 'time_s'>,
): Rig {
  const resistance_Ohm = voltageNominal_V / currentNominal_A;
  const settings = [0, 0, Number.POSITIVE_INFINITY, 0];
  const current_A = (): number => {
    const [voltage_V, most_A, power_W, isOn] = settings;
    if (isOn === 0) return 0;
    return Math.min(voltage_V / resistance_Ohm, most_A, Math.sqrt(power_W / resistance_Ohm));
  };
  return {
    sensors: SENSORS,
    actuators: ACTUATORS,
    sensorIndex: name => SENSORS.indexOf(name),
    sensorRange: () => ({ first: -1, count: 0 }),
    sensor: index => current_A() * (index === 0 ? resistance_Ohm : 1),
    actuatorIndex: name => ACTUATORS.indexOf(name),
    set(index, value) {
      settings[index] = value;
    },
    setting: index => settings[index],
    advanceTo: time_s => plant.advanceTo(time_s),
    get time_s() {
      return plant.time_s;
    },
  };
}

/** What a load draws from: a source of half its nominal voltage, with the nominal voltage over the current behind it. */
export function drawnRig(
  plate: { readonly voltageNominal_V: number; readonly currentNominal_A: number },
  plant: Pick<Rig, 'advanceTo' | 'time_s'>,
): Rig {
  const rig = resistorRig(plate, plant);
  const [source_V, behind_Ohm] = [
    plate.voltageNominal_V / 2,
    plate.voltageNominal_V / plate.currentNominal_A,
  ];
  const current_A = (): number => {
    const [asked_A, isOn] = [rig.setting(1), rig.setting(3)];
    return isOn === 0 ? 0 : Math.min(asked_A, source_V / behind_Ohm);
  };
  return { ...rig, sensor: index => (index === 0 ? source_V - behind_Ohm * current_A() : current_A()) };
}
