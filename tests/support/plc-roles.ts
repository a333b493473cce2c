/** What the example's PLC measures (plc-nodes.yaml) -> rig signal. */
export const PLC_CHANNELS: Readonly<Record<string, string>> = {
  h2InO2_vol_pct: 'o2.h2_vol_pct',
  o2InH2_vol_pct: 'h2.o2_vol_pct',
  roomH2_vol_pct: 'room.h2_vol_pct',
  ventilation_on: 'room.ventilation_on',
  waterFlow_L_per_min: 'water.flow_L_per_min',
  separatorLevel_pct: 'water.level_pct',
  conductivity_uS_per_cm: 'water.conductivity_uS_per_cm',
  coolerPower_kW: 'cooler.power_kW',
  heaterPower_kW: 'heater.power_kW',
  n2CathodeValve_on: 'n2.cathodeValve_on',
  n2AnodeValve_on: 'n2.anodeValve_on',
  n2Pressure_barg: 'n2.pressure_barg',
  cathodePurgeValve_on: 'cathode.purgeValve_on',
  anodeVentValve_on: 'anode.ventValve_on',
  h2OutletValve_on: 'h2.outletValve_on',
  waterPump_on: 'water.pump_on',
};

/** What can be set there -> rig actuator. */
export const PLC_SETTABLES: Readonly<Record<string, string>> = {
  n2CathodeValveSet_on: 'n2.cathodeValveSet_on',
  n2AnodeValveSet_on: 'n2.anodeValveSet_on',
  n2PressureSet_barg: 'n2.pressureSet_barg',
  cathodePurgeValveSet_on: 'cathode.purgeValveSet_on',
  anodeVentValveSet_on: 'anode.ventValveSet_on',
  h2OutletValveSet_on: 'h2.outletValveSet_on',
  waterPumpSet_on: 'water.pumpSet_on',
  temperatureSet_degC: 'stack.temperatureSet_degC',
  ventilationSet_on: 'room.ventilationSet_on',
};
