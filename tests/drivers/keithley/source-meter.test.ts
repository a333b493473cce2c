import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { MODELS } from '../../../drivers/keithley/models.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { bareRig } from '../ea/bare-rig.ts';
import { shown } from '../palmsens/bench.ts';
import { type SourceMeterBench, sourceMeterBench } from './bench.ts';

const clock = realClock();
let bench: SourceMeterBench;
afterEach(() => bench?.end());

async function connected(how?: Parameters<typeof sourceMeterBench>[0]): Promise<SourceMeterBench> {
  bench = await sourceMeterBench(how);
  await bench.device.connect();
  return bench;
}

/** The channel of a cell told to drive a current, as the language tells it. */
async function drive(current_A: number): Promise<void> {
  const { device } = bench;
  await device.write('voltageMaxSet_V', 4.2);
  await device.write('voltageMinSet_V', 2.5);
  await device.write('currentSet_A', current_A);
  await device.write('modeSet_count', 1);
  await device.write('outputSet_on', 1);
}

async function inState(state: string): Promise<void> {
  const end_s = clock.now_s() + 5;
  while (bench.device.state !== state && clock.now_s() < end_s) await clock.sleep(0.01);
  expect(bench.device.state).toBe(state);
}

const changes = (): string[] => bench.instrument.heard.filter(line => !line.includes('?') && line !== '*CLS');
const setting = (name: string): number => bench.rig.setting(bench.rig.actuatorIndex(name));
const quality = (frame: Frame, name: string): number =>
  frame.quality[bench.device.channels.findIndex(channel => channel.name === name)];

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

it('with its output off it is not read: the current is nothing, the voltage unknown', async () => {
  const { device, instrument } = await connected({ model: '2400' });
  const frame = await device.read();
  expect(shown(device, frame, 'current_A')).toBe(0);
  expect(quality(frame, 'current_A')).toBe(QUALITY.good);
  expect(quality(frame, 'voltage_V')).toBe(QUALITY.bad);
  expect(frame.reason).toContain('the relay is open');
  expect(instrument.errors).toEqual([]);
  expect(instrument.heard).not.toContain(':READ?');
});

it('an off state that is not the open relay: nothing is good, and the output does not go on', async () => {
  const { device, instrument } = await connected();
  await device.write('currentSet_A', 0.5);
  instrument.source.off.VOLT = 'NORM';
  const frame = await device.read();
  expect(quality(frame, 'current_A')).toBe(QUALITY.bad);
  expect(frame.reason).toContain(':OUTP:VOLT:SMOD? gives NORM, expected HIMP');
  await expect(device.write('currentSet_A', 0.6)).rejects.toMatchObject({ code: 'readback' });
  await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
  expect(instrument.source.isOn).toBe(false);
});

it('set up again after it was switched off and on; the output stays off until its set points are proved', async () => {
  const { device, instrument } = await connected();
  await drive(0.5);
  await instrument.stop();
  instrument.powerCycle();
  await inState('lost');
  await instrument.start();
  await inState('ready');
  expect(instrument.source.off.VOLT).toBe('HIMP');
  await expect(device.write('outputSet_on', 1)).rejects.toThrow(/output stays off/);
  await drive(0.5);
  expect(instrument.source.isOn).toBe(true);
});

it('a cut of the cable leaves a running output as it is; the run goes on with it', async () => {
  const { device, instrument } = await connected();
  await drive(0.5);
  await instrument.stop();
  await inState('lost');
  expect((await device.read()).quality.every(q => q === QUALITY.bad)).toBe(true);
  await instrument.start();
  await inState('ready');
  expect(instrument.source.isOn).toBe(true);
  expect(shown(device, await device.read(), 'current_A')).toBeCloseTo(0.5, 3);
  await device.write('outputSet_on', 0);
  expect(setting('cell.outputSet_on')).toBe(0);
});

it.each([
  ['overvoltage protection', 4, QUALITY.bad],
  ['over-temperature', 16, QUALITY.bad],
] as const)('a reading under %s is not good', async (_, bits, worst) => {
  const { device, instrument } = await connected();
  await drive(0.5);
  instrument.forcedStatus = bits;
  const frame = await device.read();
  expect(quality(frame, 'voltage_V')).toBe(worst);
  expect(frame.reason).toBeTruthy();
});

it.each([
  ['overflow', 1, QUALITY.bad],
  ['range compliance', 1 << 16, QUALITY.uncertain],
] as const)('2400: a reading with %s is not good', async (_, bits, worst) => {
  const { device, instrument } = await connected({ model: '2400' });
  await drive(0.5);
  instrument.forcedStatus = bits;
  expect(quality(await device.read(), 'current_A')).toBe(worst);
});

it('wires that are changed at its panel make the reading bad', async () => {
  const { device, instrument } = await connected();
  await drive(0.5);
  instrument.source.wires = 2;
  const frame = await device.read();
  expect(quality(frame, 'voltage_V')).toBe(QUALITY.bad);
  expect(frame.reason).toContain('2 wires');
});

it('damaged, silent, deaf: nothing is believed', async () => {
  const { device, instrument } = await connected();
  await drive(0.5);
  instrument.faults.corrupt = true;
  const damaged = await device.read();
  expect(damaged.values.every(Number.isNaN)).toBe(true);
  expect(damaged.reason).toBeTruthy();
  instrument.faults.corrupt = false;
  await device.read();
  await device.read();
  instrument.isDeaf = true;
  await expect(device.write('currentSet_A', 0.7)).rejects.toMatchObject({ code: 'readback' });
  const report = await device.safe();
  expect(report.failed.map(f => f.key)).toEqual(['outputSet_on']);
});

it('a current source for what only takes a current', async () => {
  const { device, instrument, rig } = await connected({
    model: '2460',
    rig: bareRig(),
    subject: 'stack',
    more: { drive: 'current', voltageMin_V: 0, voltageMax_V: 20, currentRange_A: 4, voltageRange_V: 20 },
  });
  expect(device.settables.map(({ name }) => name)).toEqual(['currentSet_A', 'voltageSet_V', 'outputSet_on']);
  await device.write('voltageSet_V', 10);
  await device.write('currentSet_A', 0);
  await device.write('outputSet_on', 1);
  await device.write('currentSet_A', 3);
  expect(rig.setting(rig.actuatorIndex('stack.currentSet_A'))).toBeCloseTo(3, 6);
  expect(rig.setting(rig.actuatorIndex('stack.voltageSet_V'))).toBeCloseTo(10, 6);
  await expect(device.write('voltageSet_V', 2)).rejects.toMatchObject({
    code: expect.stringMatching(/range|readback/),
  });
  expect(instrument.source.isOn).toBe(true);
  expect((await device.safe()).failed).toEqual([]);
});

it.each(['2400', '2450'] as const)(
  '%s: switched off between two questions of a poll, no reading is bad or wrong',
  async model => {
    const { device, instrument } = await connected({ model });
    for (let n = 0; n < 5; n++) {
      await drive(0.5);
      await device.read();
      const [frame] = await Promise.all([device.read(), device.write('outputSet_on', 0)]);
      const current_A = shown(device, frame, 'current_A');
      expect(quality(frame, 'current_A')).toBeLessThanOrEqual(QUALITY.uncertain);
      expect([0, 0.5]).toContain(Number(current_A.toFixed(3)));
    }
    expect(instrument.errors).toEqual([]);
  },
);

it('a fifth of the answers 50 to 500 ms late: no usable value is ever wrong', async () => {
  const { device, instrument } = await connected();
  await drive(0.5);
  const random = seededRandom(3);
  let wanted_A = 0.5;
  let usable = 0;
  const end_s = clock.now_s() + 3;
  while (clock.now_s() < end_s) {
    instrument.faults.delay_ms = random.uniform() < 0.2 ? 50 + 450 * random.uniform() : 0;
    const frame = await device.read();
    if (quality(frame, 'current_A') <= QUALITY.uncertain) {
      usable++;
      expect(shown(device, frame, 'current_A')).toBeCloseTo(wanted_A, 3);
    }
    // What a late answer of before the change says must not be taken for one of after it.
    if (instrument.faults.delay_ms > 0) continue;
    const next_A = wanted_A === 0.5 ? -0.5 : 0.5;
    const isSet = await device.write('currentSet_A', next_A).then(
      () => true,
      () => false,
    );
    if (!isSet) break;
    wanted_A = next_A;
    await clock.sleep(0.01);
  }
  expect(usable).toBeGreaterThan(3);
});
