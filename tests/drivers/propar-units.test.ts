import { expect, test, vi } from 'vitest';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { bronkhorstPropar as emulator, type ProparInstrument } from '../../sim/device/bronkhorst-propar.ts';
import { bench, cleanups, connected, FLOW, GAS, PRESSURE } from './propar-bus.ts';

/** An instrument that is set to another unit or fluid than the bench file takes it for: found before anything is driven. */

const meter = { name: 'h2Flow_NL_per_min', node: 4, capacity: 2500 } as const;
const gauge = GAS.instruments[0];
test.each<[what: string, shown: Partial<ProparInstrument>, own: object, message: RegExp | undefined]>([
  ['ln/min for normal litres', {}, meter, undefined],
  ['in capitals, filled with blanks', { unit: 'Ln/min ' }, meter, undefined],
  ['ls/min: 20 degC', { unit: 'ls/min' }, meter, /"ls\/min" \(.*20 degC.*\), expected "ln\/min" for h2Flow/],
  ['mln/min', { unit: 'mln/min' }, meter, /"mln\/min" \(a thousandth.*expected "ln\/min"/],
  ['mls/min', { unit: 'mls/min' }, meter, /"mls\/min".*expected "ln\/min"/],
  ['l/min, as the line has it', { unit: 'l/min' }, meter, /"l\/min".*expected "ln\/min"/],
  ['kg/h', { unit: 'kg/h' }, meter, /"kg\/h", expected "ln\/min"/],
  ['a unit of pressure', { unit: 'bar(g)' }, meter, /"bar\(g\)".*expected "ln\/min"/],
  ['what the lab says that it shows', { unit: 'cust' }, { ...meter, unit: 'cust' }, undefined],
  ['another than the lab says', { unit: 'ln/min' }, { ...meter, unit: 'cust' }, /"ln\/min", expected "cust"/],
  ['the fluid of the bench', { fluid: 'H2' }, { ...meter, fluid: 'H2' }, undefined],
  ['another fluid', { fluid: 'N2' }, { ...meter, fluid: 'H2' }, /fluid "N2", expected "H2" for h2Flow/],
  ['air', { fluid: 'AIR' }, { ...meter, fluid: 'H2' }, /fluid "AIR", expected "H2"/],
  ['a fluid that the bench does not name', { fluid: 'N2' }, meter, undefined],
])('a flow meter that shows %s', async (_what, shown, own, message) => {
  const { device, requests } = await bench([PRESSURE, { ...FLOW, ...shown }], [gauge, own]);
  if (message === undefined) return void (await device.connect());
  await expect(device.connect()).rejects.toThrow(message);
  await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
  expect(device.state).toBe('closed');
  expect(requests()).toBeGreaterThan(0);
});

test('a flow meter that has no parameter for its fluid, while the bench names one', async () => {
  const { fluid: _, ...silent } = FLOW;
  const { device } = await bench([PRESSURE, silent], [gauge, { ...meter, fluid: 'H2' }]);
  const message = /does not say to which fluid.*expected "H2" for h2Flow/;
  await expect(device.connect()).rejects.toThrow(message);
  await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
});

test.each<[what: string, unit: string, own: object, message: RegExp | undefined]>([
  ['bar(g) for gauge', 'bar(g)', gauge, undefined],
  [
    'bar(a) for gauge',
    'bar(a)',
    gauge,
    /"bar\(a\)" \(absolute.*expected "bar\(g\)" for cathodePressure_barg/,
  ],
  ['bar, which says neither', 'bar', gauge, /"bar" \(which does not tell.*expected "bar\(g\)"/],
  ['bar, which the lab knows for gauge', 'bar', { ...gauge, unit: 'bar' }, undefined],
  ['mbar(g)', 'mbar(g)', gauge, /"mbar\(g\)", expected "bar\(g\)"/],
  [
    'bar(g) for absolute',
    'bar(g)',
    { name: 'cathodePressure_bara', node: 3, capacity: 40 },
    /"bar\(g\)" \(gauge.*expected "bar\(a\)"/,
  ],
])('a pressure controller that shows %s', async (_what, unit, own, message) => {
  const { device, settings } = await bench([{ ...PRESSURE, unit }, FLOW], [own, meter]);
  if (message === undefined) return void (await device.connect());
  await expect(device.connect()).rejects.toThrow(message);
  expect(device.state).toBe('closed');
  // Nothing has been driven.
  expect(settings['cathode.pressureSet_barg']).toBe(1);
});

test('an instrument that has been set otherwise while the line was lost is not taken back', async () => {
  const { device, bus, pty, rig, clock } = await connected();
  await bus.stop();
  await pty.cut();
  await vi.waitUntil(
    async () => {
      await device.read();
      return device.state === 'lost';
    },
    { timeout: 20_000, interval: 10 },
  );
  await pty.mend();
  const other = emulator(
    { rig, clock },
    { path: pty.instrument, instruments: [PRESSURE, { ...FLOW, unit: 'ls/min' }] },
  );
  await other.start();
  cleanups.push(() => other.stop());
  for (let i = 0; i < 20; i++) {
    const frame = await device.read();
    expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.bad]);
    await clock.sleep(0.1);
  }
  expect(device.state).toBe('lost');
});

const REF_20 = { temperature_degC: 20, pressure_mbar: 1013.25 };
test.each<[what: string, shown: Partial<ProparInstrument>, own: object, message: RegExp | undefined]>([
  [
    '0 degC and 1013.25 mbar',
    { reference: { temperature_degC: 0, pressure_mbar: 1013.25 } },
    meter,
    undefined,
  ],
  [
    '20 degC',
    { reference: REF_20 },
    meter,
    /refers its litres to 20 degC and 1013.25 mbar; h2Flow_NL_per_min means litres at 0 degC and 1013.25 mbar: set .* maker's program, or put `reference:`/,
  ],
  [
    'another pressure',
    { reference: { temperature_degC: 0, pressure_mbar: 1000 } },
    meter,
    /0 degC and 1000 mbar;/,
  ],
  ['no number', { reference: { temperature_degC: Number.NaN, pressure_mbar: 1013.25 } }, meter, /NaN/],
  [
    'nothing, where the bench declares one',
    {},
    { ...meter, capacity: (2500 * 273.15) / 293.15, reference: REF_20 },
    /does not say to which state/,
  ],
  [
    '0 degC, where the bench declares 20',
    { reference: { temperature_degC: 0, pressure_mbar: 1013.25 } },
    { ...meter, capacity: (2500 * 273.15) / 293.15, reference: REF_20 },
    /0 degC and 1013.25 mbar; the bench file means litres at 20 degC/,
  ],
])('a flow meter that refers its litres to %s', async (_what, shown, own, message) => {
  const { device } = await bench([PRESSURE, { ...FLOW, ...shown }], [gauge, own]);
  if (message === undefined) return void (await device.connect());
  await expect(device.connect()).rejects.toThrow(message);
  await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
});

test('litres at 20 degC are shown as normal litres where the bench declares them', async () => {
  const own = { ...meter, capacity: (2500 * 273.15) / 293.15, reference: REF_20 };
  const { device } = await bench([PRESSURE, { ...FLOW, reference: REF_20 }], [gauge, own]);
  await device.connect();
  const frame = await device.read();
  const at = device.channels.findIndex(c => c.name === meter.name);
  // The plant feeds 400 NL/min; the instrument itself shows 429.3.
  expect(frame.values[at]).toBeCloseTo(400, 3);
  expect(frame.quality[at]).toBe(QUALITY.good);
});
