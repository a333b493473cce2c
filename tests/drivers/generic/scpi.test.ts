import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { scpiFamilies } from '../../../drivers/generic/scpi-file.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { FAMILIES, ownFamily, PLATE, type ScpiBench, scpiBench } from './scpi-bench.ts';

const clock = realClock();
let bench: ScpiBench;
afterEach(() => bench?.end());

async function connected(family: string, more?: Parameters<typeof scpiBench>[1]): Promise<ScpiBench> {
  bench = await scpiBench(family, more);
  await bench.device.connect();
  return bench;
}

async function until(what: () => boolean, limit_s: number): Promise<void> {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.005);
  expect(what()).toBe(true);
}

/** Settables that are not in the safe list, and why that is safe. */
const NOT_SAFE: Readonly<Record<string, string>> = {
  voltageSet_V: 'no effect with the output off; kept for the restart',
  powerSet_W: 'no effect with the output off; kept for the restart',
};
/** They draw: their current is negative. */
const LOADS: readonly string[] = ['bk-8600'];
/** Lines that change something: no question, and not the call of an address. */
const commands = (heard: readonly string[]): string[] =>
  heard.filter(line => !line.includes('?') && !line.startsWith('ADR'));

it('every family of the program is tried here', () => {
  expect(Object.keys(FAMILIES).sort()).toEqual(scpiFamilies());
});

describe.each(scpiFamilies())('%s', family => {
  it.each(['tcp', 'pty'] as const)(
    'over %s: watchdog, set values and output read back, readings good',
    async wire => {
      const { device, supply } = await connected(family, { wire });
      if (device.watchdog) {
        expect(await device.readWatchdog?.()).toBeUndefined();
        expect(await device.armWatchdog(5.0004)).toBe(5);
        expect(await device.readWatchdog?.()).toMatchObject({ isArmed: true });
        // Stopped at its panel, then on again with another time.
        supply.state.watchdog.armed = false;
        expect(await device.readWatchdog?.()).toMatchObject({ isArmed: false });
        Object.assign(supply.state.watchdog, { armed: true, timeout_s: 9 });
        expect(await device.readWatchdog?.()).toMatchObject({ isArmed: false });
        await device.armWatchdog(5);
      }
      for (const { name, range } of device.settables) for (const end of range) await device.write(name, end);
      const sign = LOADS.includes(family) ? -1 : 1;
      await device.write('currentSet_A', sign * 12.34);
      expect(supply.state.set('current')).toBeCloseTo(12.34, 2);
      expect(supply.state.output).toBe(true);
      const frame = await device.read();
      expect(frame.reason).toBeUndefined();
      expect(Math.max(...frame.quality)).toBe(QUALITY.good);
      const value = (name: string): number => frame.values[device.channels.findIndex(c => c.name === name)];
      expect(value('voltage_V')).toBeCloseTo(250, 2);
      expect(value('current_A')).toBeCloseTo(sign * 12.34, 2);
      expect(value('output_on')).toBe(1);
      expect((await device.safe()).failed).toEqual([]);
      expect(supply.state.output).toBe(false);
      expect(supply.state.set('current')).toBe(0);
    },
  );

  it('describes itself without a wire as it does open; every settable is safe or says why not', async () => {
    const { device, options } = await connected(family);
    const driver = findDriver('generic/scpi');
    const described = driver.describe(driver.options.parse(options), '.');
    expect(device).toMatchObject(described);
    for (const { name, range } of [...described.channels, ...described.settables]) {
      expect(unitOf(name), name).toBeDefined();
      expect(range[0], name).toBeLessThan(range[1]);
    }
    const safe = new Set(described.safeList.map(([key]) => key));
    for (const { name } of described.settables) expect(safe.has(name) || name in NOT_SAFE, name).toBe(true);
  });

  it('refuses another model, writes nothing to it, leaves nothing open', async () => {
    bench = await scpiBench(family, { more: { model: 'MODEL-400-61' } });
    await expect(bench.device.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(commands(bench.supply.heard)).toEqual([]);
    expect(bench.device.state).toBe('closed');
    expect(Math.min(...(await bench.device.read()).quality)).toBe(QUALITY.bad);
  });

  it('NaN, out of range and unknown keys never reach the wire', async () => {
    const { device, supply } = await connected(family);
    const before = supply.heard.length;
    for (const { name, range } of device.settables) {
      const span = range[1] - range[0];
      for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 1e-3 * span, range[1] + 1e-3 * span]) {
        await expect(device.write(name, value), `${name} = ${value}`).rejects.toMatchObject({
          code: 'range',
        });
      }
    }
    await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    expect(supply.heard.length).toBe(before);
  });

  it('damaged answers and a broken sensor are never a value', async () => {
    const { device, supply, rig } = await connected(family);
    Object.assign(rig, { sensor: () => Number.NaN });
    const broken = await device.read();
    const at = device.channels.findIndex(c => c.name === 'voltage_V');
    expect(broken.quality[at]).toBe(QUALITY.bad);
    expect(broken.values[at]).toBeNaN();
    // The same line machinery for all: two that differ are enough.
    if (!['ea-10000', 'delta-sm15k'].includes(family)) return;
    supply.faults.corrupt = true;
    const damaged = await device.read();
    expect(damaged.values.every(Number.isNaN)).toBe(true);
    expect(damaged.reason).toBeTruthy();
  });

  it('a trip of its own is not cleared: the output stays off, and the write says so', async () => {
    const { device, supply } = await connected(family);
    await device.write('outputSet_on', 1);
    supply.state.setHot(true);
    await device.read();
    supply.state.setHot(false);
    await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({
      code: expect.stringMatching(/refused|readback/),
    });
    await device.read();
    expect(supply.state.trips.has('overtemperature')).toBe(true);
    expect(supply.state.output).toBe(false);
  });
});

describe.each(
  scpiFamilies().filter(
    f => ![...LOADS, 'bk-9110', 'kikusui-pwr-01', 'rigol-dp800', 'tdk-genesys'].includes(f),
  ),
)('watchdog of %s', family => {
  it('switches the output off when we fall silent, and is armed again before the output after a reconnect', async () => {
    const { device, supply } = await connected(family);
    await expect(device.armWatchdog(100_000)).rejects.toMatchObject({ code: 'range' });
    await device.armWatchdog(1.2);
    await device.write('outputSet_on', 1);
    await clock.sleep(1.4);
    expect(supply.state.output).toBe(false);
    expect(supply.state.watchdog.acted).toBe(true);
    await supply.stop();
    await until(() => device.state === 'lost', 1);
    supply.state.clearTrips();
    await supply.start();
    await until(() => device.state === 'ready', 3);
    await expect(device.write('outputSet_on', 1)).rejects.toThrow('not armed yet');
    expect(supply.state.output).toBe(false);
    await device.read();
    expect(supply.state.watchdog.armed).toBe(true);
    await device.write('outputSet_on', 1);
    expect(supply.state.output).toBe(true);
  });
});

it('what the instrument puts into its error queue is told with the write that caused it', async () => {
  const { device, supply } = await connected('keysight-n5700', { more: { voltageNominal_V: 500 } });
  supply.state.pushError(-224);
  await bench.device.close();
  await device.connect();
  await expect(device.write('voltageSet_V', 450)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('VOLT 450.000: error -222, Data out of range'),
  });
  expect(supply.state.set('voltage')).toBe(0);
});

it('ratings that the instrument reports must be those of the bench file', async () => {
  bench = await scpiBench('delta-sm15k', { more: { currentNominal_A: 61 } });
  await expect(bench.device.connect()).rejects.toMatchObject({
    code: 'identity',
    message: expect.stringContaining('currentNominal_A: the instrument reports 60, the bench file says 61'),
  });
});

it('given back at the end with the output off; left as it is with the output on', async () => {
  const { device, supply } = await connected('ea-10000');
  await device.armWatchdog(5);
  await device.write('outputSet_on', 1);
  await device.close();
  expect(supply.state).toMatchObject({ remote: true, output: true, watchdog: { armed: true } });
  await device.connect();
  await device.armWatchdog(5);
  await device.write('outputSet_on', 0);
  await device.close();
  expect(supply.state).toMatchObject({ remote: false, output: false, watchdog: { armed: false } });
});

it('EA: no question of this driver acknowledges an alarm', async () => {
  const { device, supply } = await connected('ea-10000');
  await device.write('currentSet_A', 1);
  await device.read();
  expect(supply.heard.filter(line => /ERR|\*RST|\*CLS/i.test(line))).toEqual([]);
});

it('a fifth of the answers 50..500 ms late: no usable value is ever wrong', async () => {
  const baseDir = ownFamily(text => text.replace('reply_ms: 500', 'reply_ms: 100'));
  const random = seededRandom(1);
  let late = 0;
  let isUnderWay = false;
  const { device } = await connected('own.yaml', {
    baseDir,
    beforeReply({ faults }) {
      const isLate = isUnderWay && random.uniform() < 0.2;
      late += isLate ? 1 : 0;
      faults.delay_ms = isLate ? 50 + 450 * random.uniform() : 0;
    },
  });
  isUnderWay = true;
  const end_s = clock.now_s() + 4;
  let usable = 0;
  const wrong: string[] = [];
  while (clock.now_s() < end_s) {
    const frame = await device.read();
    for (const [i, truth] of [250, 0, 0, 0].entries()) {
      if (frame.quality[i] > QUALITY.uncertain) continue;
      usable++;
      if (frame.values[i] !== truth) wrong.push(`${device.channels[i].name} ${frame.values[i]}`);
    }
    await clock.sleep(0.02);
  }
  expect(wrong).toEqual([]);
  expect(late).toBeGreaterThan(3);
  expect(usable).toBeGreaterThan(10);
});

it.each(['tcp', 'pty'] as const)(
  'cut and restored 8 times over %s: reads again, nothing leaks',
  async wire => {
    const { device, supply, pty } = await connected('kikusui-pwr-01', { wire });
    const handles = (): number => process.getActiveResourcesInfo().length;
    let before = 0;
    for (let n = 0; n < 8; n++) {
      await supply.stop();
      await pty?.unplug();
      // A port that vanishes is not always reported: polls find it silent.
      while (device.state === 'ready') await device.read();
      await pty?.plug();
      await supply.start();
      await until(() => device.state === 'ready', 4);
      const frame = await device.read();
      expect(frame.values[1]).toBeCloseTo(250, 2);
      if (n === 2) before = handles();
    }
    expect(handles()).toBeLessThanOrEqual(before + 2);
  },
  60_000,
);

it('a serial number of the bench file must be that of the instrument', async () => {
  bench = await scpiBench('keysight-n5700', { more: { serial: '0043' } });
  await expect(bench.device.connect()).rejects.toThrow('expected the serial number 0043');
  expect(PLATE.serial).not.toBe('0043');
});
