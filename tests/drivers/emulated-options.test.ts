import { afterEach, expect, it } from 'vitest';
import { type OnAWire, onAWire } from './wires/on-a-wire.ts';

/** Whatever a bench file may say of an instrument, its emulator shows: else the bench could not be tried on wires. */

let on: OnAWire | undefined;
afterEach(() => on?.end());

it.each([
  [{ name: 'cathodePressure_bara', setName: 'cathodePressureSet_bara', node: 3, capacity: 40 }],
  [{ name: 'cathodePressure_barg', node: 1, capacity: 40 }],
  [{ name: 'pressureDifference_bar', node: 121, capacity: 4 }],
  [{ name: 'waterFlow_L_per_min', node: 5, capacity: 10 }],
  [{ name: 'valve_pct', node: 6, capacity: 100 }],
  [{ name: 'h2Flow_NL_per_min', node: 128, capacity: 100 }],
])('a Bronkhorst bus with %j', async instrument => {
  const subject = {
    name: 'propar',
    driver: 'bronkhorst/propar',
    line: 'pty',
    plant: 'stack',
    options: { instruments: [instrument] },
    baseDir: '.',
  } as const;
  on = await onAWire(subject);
  await on.device.connect();
  expect(on.device.state).toBe('ready');
});

it.each(['huber', 'julabo', 'lauda', 'simserv'])('a bath of %s from -80 to 250 degC', async family => {
  const temperatures = { temperatureMin_degC: -80, temperatureMax_degC: 250, temperatureSafe_degC: 25 };
  const plate = family === 'huber' ? { model: 'PETITE', serial: '00FF' } : { model: 'JULABO CF99' };
  const options = { family, ...plate, ...temperatures };
  on = await onAWire({
    name: family,
    driver: 'generic/thermal',
    line: 'tcp',
    plant: 'stack',
    options,
    baseDir: '.',
  });
  await on.device.connect();
  for (const value of [-80, 250]) await on.device.write('temperatureSet_degC', value);
  expect(on.device.state).toBe('ready');
});
