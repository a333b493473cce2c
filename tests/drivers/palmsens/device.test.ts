import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { type PotentiostatBench, potentiostatBench, shown } from './bench.ts';

/** The potentiostat as a device: its emulator on a real wire, on a cell of the twin. */

const clock = realClock();
let bench: PotentiostatBench;
afterEach(() => bench?.end());

async function connected(options?: Parameters<typeof potentiostatBench>[0]): Promise<PotentiostatBench> {
  bench = await potentiostatBench(options);
  await bench.device.connect();
  return bench;
}

/** Constant current (1) or voltage (2) through the cell. */
async function holding(device: Device, mode: 1 | 2, value: number): Promise<void> {
  await device.write(mode === 1 ? 'currentSet_A' : 'voltageSet_V', value);
  await device.write('modeSet_count', mode);
  await device.write('outputSet_on', 1);
}

async function until(what: () => boolean, limit_s: number): Promise<void> {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.005);
  expect(what()).toBe(true);
}

const scriptsOf = (heard: readonly string[]): string[] =>
  heard
    .join('\n')
    .split(/^e$/m)
    .slice(1)
    .map(text => text.replace(/\n\n[\s\S]*$/, ''));

describe('what it is', () => {
  it('describes itself without a wire as it does open; a Pico sets no current', async () => {
    const { device, other } = await connected();
    for (const { name, range } of [...device.channels, ...device.settables]) {
      expect(unitOf(name), name).toBeDefined();
      expect(range[0]).toBeLessThan(range[1]);
    }
    expect(device.safeList).toEqual([['outputSet_on', 0]]);
    expect(device.settables.map(s => s.name)).toEqual([
      'modeSet_count',
      'currentSet_A',
      'voltageSet_V',
      'outputSet_on',
    ]);
    expect(other({ model: 'espico' }).settables.map(s => s.name)).not.toContain('currentSet_A');
    expect(() => other({ currentMax_A: 1 })).toThrow(/1, expected at most 0.2 of the EmStat4 HR/);
    expect(() => other({ voltageMax_V: 7 })).toThrow(/-6..7 V, expected within -6..6 V/);
  });

  it.each([
    [{ model: 'nexus1' }, /firmware of "es4_hr", expected "nexus1"/],
    [{ serial: 'ES4HR20B0008' }, /serial number "ES4HR20B0007", expected "ES4HR20B0008"/],
    [{ firmware: '1.3.06' }, /firmware version "1.3.05", expected "1.3.06"/],
  ])(
    'another one than the bench file names is not taken, and nothing of it is ended: %j',
    async (more, message) => {
      bench = await potentiostatBench();
      const wrong = bench.other(more);
      await expect(wrong.connect()).rejects.toThrow(message);
      await expect(wrong.connect()).rejects.toMatchObject({ code: 'identity' });
      expect(new Set(bench.instrument.heard)).toEqual(new Set(['', 't', 'i']));
      expect(Math.min(...(await wrong.read()).quality)).toBe(QUALITY.bad);
    },
  );

  it('the one that it names, by its firmware too', async () => {
    bench = await potentiostatBench({ more: { firmware: '1.3.05' } });
    await bench.device.connect();
    expect(bench.device.state).toBe('ready');
  });
});

describe.each(['tcp', 'pty'] as const)('over %s', wire => {
  it('open cell, constant current, constant voltage: read, read back, switched off', async () => {
    const { device, instrument, rig } = await connected({ wire });
    const open = await device.read();
    expect([...open.quality]).toEqual([0, 0, 0]);
    expect(shown(device, open, 'current_A')).toBe(0);
    expect(shown(device, open, 'voltage_V')).toBeCloseTo(rig.truthOf('cell.terminalVoltage_V'), 3);

    await holding(device, 1, 0.05);
    expect(instrument.cellIsOn).toBe(true);
    const driven = await device.read();
    expect(driven.reason).toBeUndefined();
    expect([...driven.quality]).toEqual([0, 0, 0]);
    expect(shown(device, driven, 'current_A')).toBeCloseTo(0.05, 3);
    expect(shown(device, driven, 'output_on')).toBe(1);
    expect(await device.readBack?.('currentSet_A')).toBe(0.05);

    await device.write('voltageSet_V', shown(device, open, 'voltage_V') + 0.0005);
    // It drives nothing in this mode, and the cell stays as it is.
    expect(await device.readBack?.('voltageSet_V')).toBeCloseTo(shown(device, open, 'voltage_V') + 0.0005, 5);
    await device.write('modeSet_count', 2);
    await clock.sleep(0.3);
    const held = await device.read();
    expect([...held.quality]).toEqual([0, 0, 0]);
    expect(shown(device, held, 'voltage_V')).toBeCloseTo(shown(device, open, 'voltage_V') + 0.0005, 3);

    expect((await device.safe()).failed).toEqual([]);
    expect(instrument.cellIsOn).toBe(false);
    for (const script of scriptsOf(instrument.heard)) expect(script).toMatch(/\non_finished:\ncell_off\n*$/);
  });
});

describe('set points', () => {
  it('NaN, what is out of range and unknown keys never reach the wire', async () => {
    const { device, instrument } = await connected();
    const before = instrument.heard.length;
    for (const { name, range } of device.settables) {
      const span = range[1] - range[0];
      for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 1e-3 * span, range[1] + 1e-3 * span]) {
        await expect(device.write(name, value), `${name} = ${value}`).rejects.toMatchObject({
          code: 'range',
        });
        await expect(device.write(name, value, { urgent: true })).rejects.toMatchObject({ code: 'range' });
      }
    }
    await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    expect(instrument.heard.length).toBe(before);
  });

  it('the cell is not switched on without a mode and its set point', async () => {
    const { device, instrument } = await connected();
    await expect(device.write('outputSet_on', 1)).rejects.toThrow(/no mode has been set/);
    await device.write('modeSet_count', 1);
    await expect(device.write('outputSet_on', 1)).rejects.toThrow(/no set point for its mode/);
    expect(instrument.heard).not.toContain('cell_on');
  });

  it('rest, and no current: an open cell that is read', async () => {
    const { device, instrument } = await connected();
    await holding(device, 1, 0);
    expect(instrument.cellIsOn).toBe(false);
    expect([...(await device.read()).quality]).toEqual([0, 0, 0]);
    await device.write('currentSet_A', 0.02);
    expect(instrument.cellIsOn).toBe(true);
    await device.write('modeSet_count', 0);
    expect(instrument.cellIsOn).toBe(false);
  });

  it('what the instrument refuses is told in its words, and the cell is off', async () => {
    const { device, instrument } = await connected();
    await holding(device, 1, 0.05);
    instrument.fail('0032');
    await until(() => !instrument.cellIsOn, 1);
    const frame = await device.read();
    expect(shown(device, frame, 'output_on')).toBe(0);
    // It is not switched on again by another set point.
    await device.write('currentSet_A', 0.06);
    expect(instrument.cellIsOn).toBe(false);
  });
});

describe('a reading', () => {
  it.each([
    [2, QUALITY.bad, /overload/],
    [8, QUALITY.bad, /near overload/],
    // Nearer to zero than the range resolves: a cell at rest.
    [4, QUALITY.uncertain, /underload/],
    [1, QUALITY.uncertain, /timing not met/],
  ])('with status %i is %i', async (bits, quality, reason) => {
    const { device, instrument } = await connected();
    await holding(device, 1, 0.05);
    instrument.forcedStatus = bits;
    await clock.sleep(0.25);
    const frame = await device.read();
    expect(frame.quality[1]).toBe(quality);
    expect(frame.reason).toMatch(reason);
    // Of a potential none of them leaves anything.
    expect(frame.quality[0]).toBe(bits === 1 ? QUALITY.uncertain : QUALITY.bad);
    instrument.forcedStatus = 0;
    await clock.sleep(0.25);
    expect((await device.read()).quality[1]).toBe(QUALITY.good);
  });

  it('more current than it has is overload, not a voltage that is held', async () => {
    const { device } = await connected();
    await holding(device, 2, 4);
    await clock.sleep(0.5);
    const frame = await device.read();
    expect(frame.quality[1]).toBe(QUALITY.bad);
    expect(frame.reason).toMatch(/overload/);
  });

  it('of a model that measures no potential beside the one it sets is uncertain', async () => {
    const { device } = await connected({ plate: 'emstat4-hr' });
    await device.close();
    await bench.end();
    const pico = await potentiostatBench({ plate: 'pico', rig: smallRig() });
    bench = pico;
    await pico.device.connect();
    await holding(pico.device, 2, 1.5);
    const frame = await pico.device.read();
    expect(frame.quality[0]).toBe(QUALITY.uncertain);
    expect(frame.reason).toMatch(/what is set, not what is measured/);
  });

  it('damaged on the way is no reading', async () => {
    const { device, instrument } = await connected();
    await holding(device, 1, 0.05);
    instrument.faults.corrupt = true;
    await clock.sleep(0.6);
    const frame = await device.read();
    expect(Math.min(frame.quality[0], frame.quality[1])).toBe(QUALITY.bad);
    expect(Number.isNaN(frame.values[1])).toBe(true);
  });
});

describe('its watchdog', () => {
  it('armed with the cell off, by trial; then the cell goes off when nobody asks any more, and not before', async () => {
    const { device, instrument } = await connected();
    expect(await device.armWatchdog(1)).toBe(1);
    await holding(device, 1, 0.05);
    const from_s = clock.now_s();
    while (clock.now_s() - from_s < 2.2) {
      expect(shown(device, await device.read(), 'output_on')).toBe(1);
      await clock.sleep(0.1);
    }
    device.leaveAlone(2);
    await until(() => !instrument.cellIsOn, 1.3);
    expect(instrument.isRunning).toBe(false);
    // Its last line is on its way.
    await clock.sleep(0.05);
    device.leaveAlone(0);
    expect(shown(device, await device.read(), 'output_on')).toBe(0);
  });

  it('an instrument that does not know its command is not armed, and its cell is not switched on', async () => {
    const { device, instrument } = await connected();
    instrument.knowsLeave = false;
    await expect(device.armWatchdog(1)).rejects.toThrow();
    await device.write('modeSet_count', 2);
    await device.write('voltageSet_V', 3.7);
    await expect(device.write('outputSet_on', 1)).rejects.toThrow(/watchdog is not armed/);
    expect(instrument.heard).not.toContain('cell_on');
  });
});

/** A cell of 1.5 V at rest that a Pico can hold, without any current. */
function smallRig(): NonNullable<Parameters<typeof potentiostatBench>[0]>['rig'] {
  const actuators = ['cell.voltageSet_V', 'cell.currentSet_A', 'cell.outputSet_on', 'cell.modeSet_count'];
  const settings = new Float64Array(4);
  return {
    sensors: ['cell.voltage_V', 'cell.current_A'],
    actuators,
    sensorIndex: name => ['cell.voltage_V', 'cell.current_A'].indexOf(name),
    sensorRange: () => ({ first: 0, count: 0 }),
    sensor: index => [1.5, settings[2] * 1e-3][index],
    actuatorIndex: name => actuators.indexOf(name),
    set: (index, value) => {
      settings[index] = value;
    },
    setting: index => settings[index],
    advanceTo: () => {},
    time_s: 0,
    truths: [],
    truthOf: () => Number.NaN,
    disturbances: [],
    disturbanceIndex: () => -1,
    disturb: () => {},
    impedance: frequencies_Hz => ({
      re_Ohm: frequencies_Hz.map(() => 100),
      im_Ohm: frequencies_Hz.map(() => 0),
    }),
  };
}
