/** Rules of recording and limits of unicycler and BattINFO, which have the same keys. */

type Values = Readonly<Record<string, number | undefined>>;
type Keys = Readonly<Record<string, unknown>>;

/** `time_s`, `voltage_V`, `current_mA` as a record rule; empty where there is none. */
export function recordFrom({ time_s, voltage_V, current_mA }: Values): Keys {
  const change = {
    ...(voltage_V === undefined ? {} : { 'cell.voltage_V': voltage_V }),
    ...(current_mA === undefined ? {} : { 'cell.current_mA': current_mA }),
  };
  return {
    ...(time_s === undefined ? {} : { every_s: time_s }),
    ...(Object.keys(change).length === 0 ? {} : { change }),
  };
}

/** Limits that end the test, one a reading, all with the same delay. */
export function limitsFrom(safety: Values): readonly Keys[] {
  const { delay_s } = safety;
  const held = delay_s === undefined || delay_s === 0 ? '' : ` for ${delay_s} s`;
  const readings = [
    ['max_voltage_V', 'cell.voltage_V >'],
    ['min_voltage_V', 'cell.voltage_V <'],
    ['max_current_mA', 'cell.current_mA >'],
    ['min_current_mA', 'cell.current_mA <'],
    ['max_capacity_mAh', 'abs(step.charge_mAh) >'],
    ['max_temperature_degC', 'cell.temperature_degC >'],
    ['min_temperature_degC', 'cell.temperature_degC <'],
  ] as const;
  return readings.flatMap(([key, reading]) => {
    const value = safety[key];
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    return value === undefined ? [] : [{ when: `${reading} ${value}${held}`, then: 'stop' }];
  });
}
