import { afterEach, expect, it } from 'vitest';
import { onAWire, type OnAWire } from './wires/on-a-wire.ts';

/** Whatever a bench file may say of a Bronkhorst bus, its emulator shows: else the bench could not be tried on wires. */

let on: OnAWire | undefined;
afterEach(() => on?.end());

it.each([
  [{ name: 'cathodePressure_bara', setName: 'cathodePressureSet_bara', node: 3, capacity: 40 }],
  [{ name: 'cathodePressure_barg', node: 1, capacity: 40 }],
  [{ name: 'pressureDifference_bar', node: 121, capacity: 4 }],
  [{ name: 'waterFlow_L_per_min', node: 5, capacity: 10 }],
  [{ name: 'valve_pct', node: 6, capacity: 100 }],
  [{ name: 'h2Flow_NL_per_min', node: 128, capacity: 100 }],
])('%j', async instrument => {
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
