import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { findDriver } from '../../../drivers/registry.ts';
import type { DialectName } from '../../../sim/device/scpi/dialects.ts';
import { type ScpiSupply, scpiSupply } from '../../../sim/device/scpi/supply.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { bareRig } from '../ea/bare-rig.ts';

/** Each family of the program: which emulator it is tried on, and what the bench file must say beside its model. */
export const FAMILIES: Readonly<
  Record<string, { dialect: DialectName; more?: Readonly<Record<string, unknown>> }>
> = {
  'bk-8600': { dialect: 'bkLoad' },
  'bk-9110': { dialect: 'bk' },
  'delta-sm15k': { dialect: 'delta' },
  'ea-10000': { dialect: 'ea' },
  'itech-m3900': { dialect: 'itech' },
  'keysight-n5700': { dialect: 'keysight' },
  'keysight-n6700': { dialect: 'keysight', more: { output: 1 } },
  'kikusui-pwr-01': { dialect: 'kikusui' },
  'rigol-dp800': { dialect: 'rigol', more: { output: 1 } },
  'tdk-genesys': { dialect: 'genesys', more: { address: 6 } },
};

export const PLATE = {
  voltageNominal_V: 400,
  currentNominal_A: 60,
  powerNominal_W: 15000,
  model: 'MODEL-400-60',
  serial: '0042',
} as const;

/** A supply on a real wire, and the device of its driver (closed). */
export interface ScpiBench {
  readonly supply: ScpiSupply;
  /** The plant: sensors 250 V, the set current, their power. */
  readonly rig: Rig;
  readonly device: Device;
  readonly options: Readonly<Record<string, unknown>>;
  readonly pty?: PtyPair;
  end(): Promise<void>;
}

/** Starts the emulator of a family on TCP or at a pty; `more` overrides options of the bench file. */
export async function scpiBench(
  family: string,
  {
    wire = 'tcp',
    more = {},
    baseDir = '.',
    beforeReply,
    clock = realClock(),
  }: {
    wire?: 'tcp' | 'pty';
    more?: Readonly<Record<string, unknown>>;
    baseDir?: string;
    beforeReply?: (supply: ScpiSupply) => void;
    clock?: Clock;
  } = {},
): Promise<ScpiBench> {
  const known = FAMILIES[family] ?? { dialect: 'keysight' };
  const pty = wire === 'pty' ? await openPtyPair(mkdtempSync(join(tmpdir(), 'scpi-')), 'supply') : undefined;
  const rig = bareRig();
  const supply: ScpiSupply = scpiSupply(
    { rig, clock, beforeReply: () => beforeReply?.(supply) },
    {
      dialect: known.dialect,
      plate: PLATE,
      ...(pty === undefined ? {} : { path: pty.instrument, baud: 115200 }),
    },
  );
  await supply.start();
  const { model, voltageNominal_V, currentNominal_A, powerNominal_W } = PLATE;
  const options = {
    family,
    model,
    voltageNominal_V,
    currentNominal_A,
    powerNominal_W,
    ...(pty === undefined ? { host: '127.0.0.1', port: supply.port } : { path: pty.bench, baud: 115200 }),
    ...known.more,
    ...more,
  };
  const driver = findDriver('generic/scpi');
  const device = driver.open('supply', driver.options.parse(options), { clock, baseDir });
  return {
    supply,
    rig,
    device,
    options,
    pty,
    async end() {
      await device.close();
      await supply.end();
      await pty?.unplug();
    },
  };
}

/** Folder with a changed Keysight family in it, `own.yaml`. */
export function ownFamily(change: (text: string) => string): string {
  const dir = mkdtempSync(join(tmpdir(), 'scpi-family-'));
  const text = readFileSync('drivers/generic/scpi/keysight-n5700.yaml', 'utf8');
  writeFileSync(join(dir, 'own.yaml'), change(text));
  return dir;
}
