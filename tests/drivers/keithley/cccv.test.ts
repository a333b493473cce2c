import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import { findPlant } from '../../../sim/plants.ts';
import { shown } from '../palmsens/bench.ts';
import { driveAt, type SourceMeterBench, sourceMeterBench } from './bench.ts';

/** A charge with constant current, then constant voltage, as the language sets a cell's channel; the whole cycle: npm run validate:wire-cycle. */

const clock = realClock();
/** So many seconds of the cell pass in one. */
const FACTOR = 600;
let bench: SourceMeterBench;
afterEach(() => bench?.end());

it('crosses over by itself at the highest voltage, and keeps it while the current falls', async () => {
  const cell = findPlant('spme').create({
    set: 'chen2020',
    parameters: { startSoc_frac: 0.75 },
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
    random: NO_CHANCE,
  });
  const rig = { ...cell, advanceTo: (t_s: number) => cell.advanceTo(FACTOR * t_s) };
  bench = await sourceMeterBench({
    model: '2460',
    rig,
    more: { currentRange_A: 4, voltageRange_V: 10, currentMax_A: 4 },
  });
  const { device, instrument } = bench;
  await device.connect();
  await driveAt(device, 2.5);
  const read: { voltage_V: number; current_A: number; isLimited: boolean; charged_Ah: number }[] = [];
  const end_s = clock.now_s() + 20;
  while (clock.now_s() < end_s && (read.at(-1)?.current_A ?? 9) > 0.8) {
    const frame = await device.read();
    expect(frame.reason).toBeUndefined();
    read.push({
      voltage_V: shown(device, frame, 'voltage_V'),
      current_A: shown(device, frame, 'current_A'),
      isLimited: shown(device, frame, 'limited_on') === 1,
      charged_Ah: cell.sensor(cell.sensorIndex('cell.charged_Ah')),
    });
    await clock.sleep(0.03);
  }
  const constant = read.filter(({ isLimited }) => isLimited);
  const tapered = read.filter(({ isLimited }) => !isLimited);
  expect(constant.length).toBeGreaterThan(5);
  expect(tapered.length).toBeGreaterThan(5);
  // First the current, then the voltage, and not back again.
  expect(read.map(({ isLimited }) => Number(isLimited)).join('')).toMatch(/^1+0+$/);
  for (const { current_A } of constant.slice(0, -1)) expect(current_A).toBeCloseTo(2.5, 2);
  for (const { voltage_V } of tapered.slice(1)) expect(Math.abs(voltage_V - 4.2)).toBeLessThan(0.002);
  expect(read.at(-1)?.current_A).toBeLessThanOrEqual(0.8);
  expect(read.at(-1)?.charged_Ah).toBeGreaterThan(0.05);
  expect((await device.safe()).failed).toEqual([]);
  expect(instrument.heard.filter(line => line.startsWith(':OUTP O'))).toEqual([':OUTP ON', ':OUTP OFF']);
});
