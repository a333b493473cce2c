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
