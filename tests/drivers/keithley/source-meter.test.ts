import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { MODELS } from '../../../drivers/keithley/models.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { shown } from '../palmsens/bench.ts';
import { driveAt, type SourceMeterBench, sourceMeterBench } from './bench.ts';

const clock = realClock();
let bench: SourceMeterBench;
afterEach(() => bench?.end());

async function connected(how?: Parameters<typeof sourceMeterBench>[0]): Promise<SourceMeterBench> {
  bench = await sourceMeterBench(how);
  await bench.device.connect();
  return bench;
}

const drive = (current_A: number): Promise<void> => driveAt(bench.device, current_A);

const changes = (): string[] => bench.instrument.heard.filter(line => !line.includes('?') && line !== '*CLS');
const setting = (name: string): number => bench.rig.setting(bench.rig.actuatorIndex(name));

describe.each(Object.keys(MODELS) as (keyof typeof MODELS)[])('%s', model => {
  // The older one stands at a serial port.
  it('charges and discharges a cell, with its sign', async () => {
    const { device, instrument } = await connected({ model, wire: model === '2400' ? 'pty' : 'tcp' });
    await drive(0.5);
    const into = await device.read();
    expect(into.reason).toBeUndefined();
    expect([...into.quality]).toEqual([0, 0, 0, 0, 0]);
    expect(shown(device, into, 'power_W')).toBeCloseTo(shown(device, into, 'voltage_V') * 0.5, 2);
    expect(shown(device, into, 'current_A')).toBeCloseTo(0.5, 3);
    expect(shown(device, into, 'limited_on')).toBe(1);
    expect(setting('cell.currentSet_A')).toBeCloseTo(0.5, 6);
    expect(setting('cell.voltageMaxSet_V')).toBe(4.2);
    await device.write('currentSet_A', -0.5);
    await clock.sleep(0.01);
    expect(shown(device, await device.read(), 'current_A')).toBeCloseTo(-0.5, 3);
    // What the instrument holds by itself, whatever becomes of us.
    expect(setting('cell.voltageMinSet_V')).toBe(2.5);
    expect(instrument.heard).not.toContain(':OUTP OFF');
    expect((await device.safe()).failed).toEqual([]);
    expect(instrument.source.isOn).toBe(false);
    expect(setting('cell.outputSet_on')).toBe(0);
  });

  it('never turns its output on before the open relay of its off state is read back', async () => {
    const { instrument } = await connected({ model });
    expect(instrument.source.off).toEqual({ VOLT: 'HIMP', CURR: 'HIMP' });
    await drive(0.5);
    const heard = [...instrument.heard];
    const asked = heard.findIndex(line => line.includes(':SMOD?'));
    expect(asked).toBeGreaterThan(heard.findIndex(line => line.endsWith('SMOD HIMP')));
    expect(heard.indexOf(':OUTP ON')).toBeGreaterThan(asked);
  });

  it('refuses another instrument and writes nothing to it', async () => {
    for (const wrong of [
      { serial: '1' },
      { terminals: 'rear' },
      { model: model === '2400' ? '2450' : '2400' },
    ]) {
      bench = await sourceMeterBench({ model, more: wrong });
      await expect(bench.device.connect(), JSON.stringify(wrong)).rejects.toMatchObject({ code: 'identity' });
      expect(changes()).toEqual([]);
      expect(bench.device.state).toBe('closed');
      await bench.end();
    }
  });
});

it('describes itself without a wire as it does open', async () => {
  const { device, options } = await connected();
  const driver = findDriver('keithley/source-meter');
  expect(device).toMatchObject(driver.describe(driver.options.parse(options), '.'));
});

it.each([
  ['TSP', /command set is TSP, expected SCPI/],
  ['SCPI2400', /command set is SCPI2400/],
])('a 2450 set to %s is refused with what to do', async (language, text) => {
  bench = await sourceMeterBench();
  bench.instrument.language = language;
  await expect(bench.device.connect()).rejects.toThrow(text);
  expect(changes()).toEqual([]);
});

it('an interface that is locked by a password is told so', async () => {
  bench = await sourceMeterBench();
  bench.instrument.isLocked = true;
  await expect(bench.device.connect()).rejects.toMatchObject({ code: 'local' });
});

it('NaN, out of range and unknown keys never reach the wire', async () => {
  const { device, instrument } = await connected();
  const before = instrument.heard.length;
  for (const { name, range } of device.settables) {
    const span = range[1] - range[0];
    for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 1e-3 * span, range[1] + 1e-3 * span])
      await expect(device.write(name, value), `${name} = ${value}`).rejects.toMatchObject({ code: 'range' });
  }
  // Below 10.6 % of its range the instrument has no limit.
  await expect(device.write('currentSet_A', 0.1)).rejects.toThrow(/choose a lower currentRange_A/);
  await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
  expect(instrument.heard.length).toBe(before);
});

it.each([
  [{ currentRange_A: 0.5 }, /currentRange_A: 0.5, expected one of/],
  [{ voltageMax_V: 25 }, /voltageMax_V: 25, expected at most 21/],
  [{ currentRange_A: 1, voltageRange_V: 200, voltageMax_V: 100 }, /1 A at 100 V is beyond what a 2450 can/],
  [{ currentMax_A: 1.1 }, /currentMax_A: 1.1, expected at most 1.05/],
  [{ drive: 'current', voltageMin_V: 1 }, /a current source has one limit/],
])('options that it cannot: %j', (more, text) => {
  const driver = findDriver('keithley/source-meter');
  const options = {
    ...{ host: 'h', model: '2450', serial: '1', drive: 'voltage', terminals: 'front', wires: 4 },
    ...{ currentRange_A: 1, voltageRange_V: 20, ...more },
  };
  expect(() => driver.describe(driver.options.parse(options), '.')).toThrow(text);
});
