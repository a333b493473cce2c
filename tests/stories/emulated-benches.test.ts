import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type LoadedBench, loadBench } from '../../control/bench/bench-file.ts';
import {
  describeDevice,
  endpointsOf,
  openInstruments,
  wireConfig,
} from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { lockInstruments } from '../../drivers/instrument-lock.ts';
import { emulatedDrivers } from '../../sim/emulators/registry.ts';
import { startWireBench, type WireBench } from '../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../sim/wire-protocol.ts';

/** Bench files of any devices on emulated wires, on one plant: sockets and ptys are real, drivers are the program's. */

const clock = realClock();
let wires: WireBench | undefined;
let devices = new Map<string, Device>();
let folder = '';

afterEach(async () => {
  await Promise.all([...devices.values()].map(device => device.close()));
  await wires?.end();
  wires = undefined;
  devices = new Map();
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = '';
});

async function onWires(file: LoadedBench, factor = 20): Promise<LoadedBench> {
  const config = wireConfigSchema.parse(await wireConfig(file, 1, factor));
  wires = await startWireBench(config, clock);
  const { endpoints } = wires;
  const pointed = Object.fromEntries(
    Object.entries(file.bench.devices).map(([id, device]) => [
      id,
      { ...device, options: { ...device.options, ...endpoints[id] } },
    ]),
  );
  const loaded = { ...file, bench: { ...file.bench, devices: pointed } };
  devices = openInstruments(loaded, clock);
  for (const device of devices.values()) await device.connect();
  return loaded;
}

function get(id: string): Device {
  const device = devices.get(id);
  if (device === undefined) throw new Error(`no device ${id}`);
  return device;
}

async function reading(id: string, channel: string): Promise<number> {
  const device = get(id);
  const frame = await device.read();
  const at = device.channels.findIndex(c => c.name === channel);
  expect(frame.quality[at], `${id}.${channel}: ${frame.reason}`).toBe(QUALITY.good);
  return frame.values[at];
}

const look = async (signal: string): Promise<number> => Number(await wires?.carryOut({ do: 'look', signal }));

interface RawBench {
  devices: Record<string, Record<string, unknown>>;
  roles: Record<string, string>;
  interlocks: { role: string }[];
}

/** A copy of an example's bench file, changed. */
function changed(example: string, change: (raw: RawBench) => void): LoadedBench {
  folder = mkdtempSync(join(tmpdir(), 'cellbench-emulated-'));
  const raw = parse(readFileSync(join(example, 'bench.yaml'), 'utf8')) as RawBench;
  change(raw);
  for (const { options } of Object.values(raw.devices) as { options: Record<string, string> }[])
    for (const key of ['nodes', 'map'])
      if (key in options) options[key] = join(process.cwd(), example, options[key]);
  const path = join(folder, 'bench.yaml');
  writeFileSync(path, stringify(raw));
  return loadBench(path, describeDevice);
}

const plate = {
  model: 'N6752A',
  voltageNominal_V: 50,
  currentNominal_A: 120,
};

/** The example's stack with a supply that speaks lines of text. */
function withTextSupply(
  raw: RawBench,
  family: string,
  more: Record<string, unknown> = { host: '192.168.0.20', port: 5025 },
): void {
  raw.devices['supply'] = {
    driver: 'generic/scpi',
    poll_s: 1,
    stale_after_s: 3,
    options: { ...plate, family, ...more },
    watchdog: { timeout_s: 5 },
  };
  delete raw.roles['stack.power_W'];
  delete raw.roles['stack.powerSet_W'];
  delete raw.roles['supply.heartbeatTripped_on'];
  const limits = (raw as unknown as { limits: Record<string, unknown> }).limits;
  delete limits['stack.powerSet_W'];
  raw.interlocks = raw.interlocks.filter(i => i.role in raw.roles);
}

describe('bench files on emulated wires', () => {
  it('a cell behind a cycler channel: charged over the wire, and its output goes off when the heartbeat stops', async () => {
    await onWires(loadBench('examples/cell-cycling/bench.yaml', describeDevice));
    const cycler = get('cycler');
    await cycler.armWatchdog(2);
    await cycler.write('voltageMaxSet_V', 4.2);
    await cycler.write('modeSet_count', 1);
    await cycler.write('currentSet_A', 2.5);
    await cycler.write('outputSet_on', 1);
    await clock.sleep(0.3);
    expect(await reading('cycler', 'current_A')).toBeCloseTo(2.5, 1);
    expect(await reading('cycler', 'voltage_V')).toBeGreaterThan(3);
    await clock.sleep(2.6);
    expect(await look('cell.outputSet_on')).toBe(0);
    expect(await reading('cycler', 'output_on')).toBe(0);
  });

  it('a small stack: two OPC UA servers, a rack at a pty and an analyser see one plant', async () => {
    await onWires(loadBench('examples/aem-5-cells/bench.yaml', describeDevice));
    const supply = get('supply');
    await supply.write('voltageSet_V', 12);
    await supply.write('powerSet_W', 1000);
    await supply.write('currentSet_A', 20);
    await supply.write('outputSet_on', 1);
    await clock.sleep(0.3);
    expect(await reading('supply', 'current_A')).toBeCloseTo(20, 0);
    const cells_V = await Promise.all([1, 2, 3, 4, 5].map(n => reading('rack', `cell[${n}].voltage_V`)));
    const sum_V = cells_V.reduce((sum, v) => sum + v, 0);
    expect(Math.abs(sum_V - (await reading('supply', 'voltage_V')))).toBeLessThan(0.1);
    await get('plc').write('n2PressureSet_barg', 2);
    expect(await look('n2.pressureSet_barg')).toBe(2);
    expect(get('analyser').state).toBe('ready');
  });

  it('two clients of one OPC UA server: each has an address of its own, on one plant', async () => {
    const loaded = await onWires(loadBench('examples/two-cells/bench.yaml', describeDevice, 'iron'));
    const { cycler: one, chamber: two } = endpointsOf(loaded);
    expect(two).not.toBe(one);
    await get('chamber').write('chamberTemperatureSet_degC', 30);
    await get('cycler').write('currentSet_A', 1);
    expect(await look('chamber.temperatureSet_degC')).toBe(30);
    expect(await look('cell.currentSet_A')).toBe(1);
    expect(await reading('cycler', 'voltage_V')).toBeGreaterThan(2);
  });

  it('a supply that speaks SCPI in place of the other', async () => {
    await onWires(changed('examples/aem-5-cells', raw => withTextSupply(raw, 'keysight-n5700')));
    const supply = get('supply');
    expect(await supply.armWatchdog(5)).toBe(5);
    await supply.write('voltageSet_V', 12);
    await supply.write('currentSet_A', 20);
    await supply.write('outputSet_on', 1);
    await clock.sleep(0.3);
    expect(await reading('supply', 'current_A')).toBeCloseTo(20, 0);
    expect(await reading('rack', 'cell[3].voltage_V')).toBeGreaterThan(1.3);
  });

  it.each([
    // A serial port can be opened once only.
    ['keysight-n6700', { path: '/dev/serial/by-id/usb-supply', baud: 115_200 }],
    ['rigol-dp800', { host: '192.168.0.20', port: 5555 }],
  ])(
    'two outputs of one %s: one wire, one lock, two devices; the second feeds what the plant has not',
    async (family, line) => {
      const loaded = await onWires(
        changed('examples/aem-5-cells', raw => {
          withTextSupply(raw, family, { ...line, output: 1 });
          if (family === 'rigol-dp800') delete raw.devices['supply']['watchdog'];
          raw.devices['trace'] = {
            ...raw.devices['supply'],
            options: { ...plate, ...line, family, output: 2, voltageNominal_V: 20, currentNominal_A: 10 },
            accepted: {
              'safe-state-leaves-out': 'a trace heater of 2 Ohm',
              'off-is-not-proved': 'a trace heater of 2 Ohm',
            },
          };
          raw.roles['trace.current_A'] = 'trace.current_A';
          const { plc, supply, trace } = raw.devices;
          raw.devices = { supply, trace, plc };
          for (const [role, to] of Object.entries(raw.roles))
            if (/^(rack|analyser)\./.test(to)) delete raw.roles[role];
          raw.interlocks = raw.interlocks.filter(i => i.role in raw.roles);
        }),
      );
      const { supply: one, trace: two } = endpointsOf(loaded);
      expect(two).toBe(one);
      using _lock = await lockInstruments(endpointsOf(loaded), {
        bench: 'test',
        utc_ms: clock.utc_ms(),
        space: family,
      });
      const [supply, trace] = [get('supply'), get('trace')];
      if (family === 'keysight-n6700') await Promise.all([supply.armWatchdog(5), trace.armWatchdog(5)]);
      await Promise.all([
        supply.write('voltageSet_V', 12),
        trace.write('voltageSet_V', 10),
        supply.write('currentSet_A', 20),
        trace.write('currentSet_A', 10),
      ]);
      await Promise.all([supply.write('outputSet_on', 1), trace.write('outputSet_on', 1)]);
      await clock.sleep(0.3);
      // 10 V on 2 Ohm.
      const [stack_A, trace_A] = await Promise.all([
        reading('supply', 'current_A'),
        reading('trace', 'current_A'),
      ]);
      expect(trace_A).toBeCloseTo(5, 2);
      expect(stack_A).toBeCloseTo(20, 0);
      await trace.write('outputSet_on', 0, { urgent: true });
      expect(await reading('trace', 'output_on')).toBe(0);
      expect(await reading('supply', 'output_on')).toBe(1);
      // Cut and put back: both come back on one wire.
      await wires?.carryOut({ do: 'stop', device: 'trace' });
      for (let n = 0; n < 60 && (supply.state !== 'lost' || trace.state !== 'lost'); n++)
        await clock.sleep(0.05);
      expect([supply.state, trace.state]).toEqual(['lost', 'lost']);
      await wires?.carryOut({ do: 'start', device: 'trace' });
      for (let n = 0; n < 60 && (supply.state !== 'ready' || trace.state !== 'ready'); n++)
        await clock.sleep(0.05);
      expect(await reading('supply', 'output_on')).toBe(1);
    },
  );

  it('a device that has no emulator is refused by name, with the list of those that have one', async () => {
    const file = loadBench('examples/cell-cycling/bench.yaml', describeDevice);
    const { cycler } = file.bench.devices;
    const strange = {
      ...file,
      bench: { ...file.bench, devices: { cycler, chamber: { ...cycler, driver: 'nobody/knows' } } },
    };
    await expect(wireConfig(strange, 1, 1)).rejects.toThrow(
      `chamber: there is no emulator for driver nobody/knows; expected one of ${emulatedDrivers.join(', ')}`,
    );
  });

  it('a family of the lab itself has none either', async () => {
    const file = changed('examples/aem-5-cells', raw => withTextSupply(raw, 'keysight-n5700'));
    const { supply } = file.bench.devices;
    const own = { ...supply, options: { ...supply.options, family: 'ours.yaml' } };
    const bench = { ...file, bench: { ...file.bench, devices: { supply: own } } };
    await expect(wireConfig(bench, 1, 1)).rejects.toThrow(
      /supply: .*no emulator speaks as "ours.yaml", expected one of bk-8600/,
    );
  });
});
