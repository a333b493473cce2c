import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModbusPeer } from '../modbus-peer.ts';

/** A small rack: two temperatures, 130 cells, a 32-bit float far away. */
export const RACK_MAP = `device: test rack
unit: 1
reply_ms: 60
identify: { table: input, address: 0, expect: [52241, 130] }
channels:
  - { name: outletTemperature_degC, table: input, address: 10, type: int16, raw: [0, 10000], eng: [0, 100], range: [-20, 120], fault: 32767, accuracy: { reading_pct: 0, abs: 0.3, basis: recalled } }
  - { name: inletTemperature_degC, table: input, address: 15, type: int16, raw: [0, 10000], eng: [0, 100], range: [-20, 120], fault: 32767, accuracy: { reading_pct: 0, abs: 0.3, basis: recalled } }
  - { name: 'cell[].voltage_V', count: 130, table: input, address: 100, type: int16, raw: [0, 32000], eng: [0, 3.2], range: [-0.5, 3.2], fault: 32767, accuracy: { reading_pct: 0, abs: 0.002, basis: default } }
  - { name: flow_L_per_min, table: holding, address: 900, type: float32, order: CDAB, raw: [0, 1], eng: [0, 1], range: [0, 500], accuracy: { reading_pct: 1, abs: 0, basis: default } }
`;

const EXACT = 'accuracy: { reading_pct: 0, abs: 0, basis: default }';

/** A device with everything that a map can say. */
export const ALL_MAP = `device: all of it
unit: 1
reply_ms: 100
gapRegistersMax: 0
identify: { table: holding, address: 0, expect: [0xbe, 0xef] }
channels:
  - { name: pump_on, table: coil, address: 3, range: [0, 1], ${EXACT} }
  - { name: door_on, table: discrete, address: 9, range: [0, 1], ${EXACT} }
  - { name: overTemperature_on, table: holding, address: 20, bits: 2, range: [0, 1], ${EXACT} }
  - { name: leak_on, table: holding, address: 20, bits: 1, range: [0, 1], ${EXACT} }
  - { name: running_on, table: holding, address: 20, oneOf: [6, 7], range: [0, 1], ${EXACT} }
  - { name: probe_degC, table: holding, address: 30, type: int16, eng: [0, 0.1], range: [-50, 4000], fault: [32767, -32768], ${EXACT} }
  - { name: energy_Wh, table: holding, address: 40, type: uint16, counter: true, range: [0, 1e9], ${EXACT} }
  - { name: hours_s, table: holding, address: 50, every_ms: 200, range: [0, 65535], ${EXACT} }
settables:
  - { name: pumpSet_on, table: coil, address: 3, range: [0, 1], safe: 0 }
  - { name: speedSet_pct, address: 60, raw: [0, 32768], eng: [0, 100], range: [0, 100], safe: 0, tolerance: 0.1 }
  - { name: flowSet_NL_per_min, address: 62, type: float32, order: CDAB, range: [0, 50], safe: 0 }
  - { name: dose_count, address: 64, type: bcd16, range: [0, 9999], kept: counts on }
watchdog:
  fixed_s: 5
  heartbeat: { address: 70, values: [1, 2], basis: default }
`;

/** Writes a map into a folder of its own; returns that folder. */
export function mapFolder(text = RACK_MAP): string {
  const dir = mkdtempSync(join(tmpdir(), 'map-'));
  writeFileSync(join(dir, 'map.yaml'), text);
  return dir;
}

/** Outlet 60 degC, inlet 55 degC, cell n at 1.5 V + n mV, flow 200 L/min. */
export function fillRack(peer: ModbusPeer): void {
  peer.input.set(0, 52241).set(1, 130).set(10, 6000).set(15, 5500);
  for (let n = 1; n <= 130; n++) peer.input.set(99 + n, 15000 + 10 * n);
  // 200.0 = 0x43480000, low word first.
  peer.holding.set(900, 0).set(901, 0x4348);
}
