import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { bareRig } from '../ea/bare-rig.ts';
import { shown } from '../palmsens/bench.ts';
import { driveAt, type SourceMeterBench, sourceMeterBench } from './bench.ts';

/** What a source-measure unit does when something is wrong, and what is believed of it then. */

const clock = realClock();
let bench: SourceMeterBench;
afterEach(() => bench?.end());

async function connected(how?: Parameters<typeof sourceMeterBench>[0]): Promise<SourceMeterBench> {
  bench = await sourceMeterBench(how);
  await bench.device.connect();
  return bench;
}

const drive = (current_A: number): Promise<void> => driveAt(bench.device, current_A);

async function inState(state: string): Promise<void> {
  const end_s = clock.now_s() + 5;
  while (bench.device.state !== state && clock.now_s() < end_s) await clock.sleep(0.01);
  expect(bench.device.state).toBe(state);
}

const setting = (name: string): number => bench.rig.setting(bench.rig.actuatorIndex(name));
const quality = (frame: Frame, name: string): number =>
  frame.quality[bench.device.channels.findIndex(channel => channel.name === name)];

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

it('an off state that is not the open relay: nothing is good, the output does not go on, it is set up again', async () => {
  const { device, instrument } = await connected();
  await device.write('currentSet_A', 0.5);
  instrument.source.off.VOLT = 'NORM';
  await expect(device.write('currentSet_A', 0.6)).rejects.toMatchObject({ code: 'readback' });
  await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
  const frame = await device.read();
  expect(quality(frame, 'current_A')).toBe(QUALITY.bad);
  expect(frame.reason).toContain(':OUTP:VOLT:SMOD? gives NORM, expected HIMP');
  await inState('ready');
  expect(instrument.source.off.VOLT).toBe('HIMP');
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
