import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { isUsable, QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { openTap, type Tap } from '../wires/tap.ts';
import { driveAt, type SourceMeterBench, sourceMeterBench } from './bench.ts';

/** A source-measure unit on a cell with its output on, and what may happen to it or to its line. */

const clock = realClock();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Tapped extends SourceMeterBench {
  readonly tap: Tap;
  /** Where the tap finds the instrument. */
  readonly address: Readonly<Record<string, string | number>>;
}

const MODELS = ['2400', '2450', '2460'] as const;
type Model = (typeof MODELS)[number];
/** The older model stands at a serial line. */
const wireOf = (model: Model): 'pty' | 'tcp' => (model === '2400' ? 'pty' : 'tcp');
const addressOf = ({ options, instrument }: SourceMeterBench): Tapped['address'] =>
  'path' in options ? { path: String(options['path']) } : { host: '127.0.0.1', port: instrument.port };

async function tapped(model: Model): Promise<Tapped> {
  const bench = await sourceMeterBench({ model, wire: wireOf(model) });
  cleanups.push(() => bench.end());
  const address = addressOf(bench);
  const tap = await openTap(address);
  cleanups.push(() => tap.end());
  const driver = findDriver('keithley/source-meter');
  const options = driver.options.parse({ ...bench.options, ...tap.address });
  const device = driver.open('smu', options, { clock, baseDir: '.' });
  cleanups.push(() => device.close());
  return { ...bench, device, tap, address };
}

const at = (device: Device, name: string): number => device.channels.findIndex(one => one.name === name);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    error => String(error.code),
  );
async function until(isSo: () => boolean | Promise<boolean>, within_s = 8): Promise<void> {
  const end_s = clock.now_s() + within_s;
  while (!(await isSo())) {
    if (clock.now_s() > end_s) throw new Error(`not within ${within_s} s`);
    await clock.sleep(0.02);
  }
}
async function output(device: Device): Promise<number> {
  const { values, quality } = await device.read();
  const place = at(device, 'output_on');
  return isUsable(values[place], quality[place]) ? values[place] : Number.NaN;
}

describe.each(MODELS)('%s', model => {
  it('another one of its kind stands there when the cable is back: it is asked who it is, and nothing else', async () => {
    const { device, tap } = await tapped(model);
    await device.connect();
    await driveAt(device, 0.5);
    const other = await sourceMeterBench({ model, wire: wireOf(model), serial: '99' });
    cleanups.push(() => other.end());
    other.instrument.source.switchOutput(true);
    // A serial line does not tell that it was cut: it falls silent.
    tap.meddle = () => {};
    await until(async () => {
      await device.read();
      return device.state === 'lost';
    });
    tap.meddle = undefined;
    await tap.turnTo(addressOf(other));
    await until(() => other.instrument.heard.includes('*IDN?'));
    await clock.sleep(0.5);
    const frame = await device.read();
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.reason).toMatch(/expected the serial number 04415460/);
    expect(await codeOf(device.write('outputSet_on', 1))).toBe('closed');
    expect((await device.safe()).failed.map(({ key }) => key)).toEqual(['outputSet_on']);
    expect(other.instrument.heard.filter(line => !line.includes('?'))).toEqual([]);
    expect(other.instrument.source.isOn).toBe(true);
  });

  it('switched off and on: its output is shown off, nothing is set until it is set up and proved again', async () => {
    const { device, instrument } = await tapped(model);
    await device.connect();
    await driveAt(device, 0.5);
    expect(await output(device)).toBe(1);
    instrument.powerCycle();
    // Whoever asks for the output before it has been seen gets no yes.
    expect(await codeOf(device.write('currentSet_A', 0.6))).toBe('readback');
    expect(await codeOf(device.write('outputSet_on', 1))).toBe('refused');
    expect(instrument.source.isOn).toBe(false);
    await until(async () => (await output(device)) === 0);
    expect(instrument.source.off).toEqual({ VOLT: 'HIMP', CURR: 'HIMP' });
    expect(await codeOf(device.write('outputSet_on', 1))).toBe('refused');
    await driveAt(device, 0.5);
    expect(await output(device)).toBe(1);
    expect((await device.safe()).failed).toEqual([]);
    expect(instrument.source.isOn).toBe(false);
  });

  it('cut when a set point leaves: it is told as set only where it is, and what is shown afterwards is true', async () => {
    const { device, instrument, tap, address } = await tapped(model);
    await device.connect();
    await driveAt(device, 0.5);
    tap.meddle = () => {};
    const set = codeOf(device.write('currentSet_A', -0.5));
    await clock.sleep(0.1);
    await tap.turnTo(address);
    tap.meddle = undefined;
    // A serial line only loses the answer: it is asked again.
    expect(await set).toBe(model === '2400' ? 'done' : 'closed');
    if (model === '2400') expect(instrument.source.of.VOLT).toMatchObject({ level: 2.5, limit: 0.5 });
    await until(async () => (await output(device)) === 1);
    const frame = await device.read();
    const current = at(device, 'current_A');
    expect(frame.values[current]).toBeCloseTo(instrument.source.read().current_A, 2);
    expect((await device.safe()).failed).toEqual([]);
    expect(instrument.source.isOn).toBe(false);
  });

  it('switched off and on between two polls, with its output off: it is never on as it is not meant', async () => {
    const { device, instrument } = await tapped(model);
    await device.connect();
    await driveAt(device, 0.5);
    await device.write('outputSet_on', 0);
    instrument.powerCycle();
    let wasOn = false;
    const { switchOutput } = instrument.source;
    instrument.source.switchOutput = isOn => {
      wasOn ||= isOn;
      switchOutput.call(instrument.source, isOn);
    };
    expect(await codeOf(device.write('outputSet_on', 1))).not.toBe('done');
    expect(wasOn).toBe(false);
  });

  it('turned at its panel: readings stay true, its set point is not told as held', async () => {
    const { device, instrument } = await tapped(model);
    await device.connect();
    await driveAt(device, 0.5);
    expect(await device.readBack?.('currentSet_A')).toBeCloseTo(0.5, 3);
    instrument.source.setLimit('VOLT', 0.2);
    const frame = await device.read();
    expect(frame.quality[at(device, 'current_A')]).toBe(QUALITY.good);
    expect(frame.values[at(device, 'current_A')]).toBeCloseTo(0.2, 2);
    expect(await device.readBack?.('currentSet_A')).toBeNaN();
    instrument.source.switchOutput(false);
    expect(await output(device)).toBe(0);
    expect(await device.readBack?.('outputSet_on')).toBe(0);
  });
});
