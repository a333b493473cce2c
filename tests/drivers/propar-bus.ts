import { rmSync } from 'node:fs';
import { afterEach } from 'vitest';
import { bronkhorstPropar } from '../../drivers/bronkhorst/propar.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { bronkhorstPropar as emulator, type ProparInstrument } from '../../sim/device/bronkhorst-propar.ts';
import type { Rig } from '../../sim/plant/parts/rig.ts';
import { ptyPair } from './pty-pair.ts';

/** A gas bus for tests of its driver: emulated instruments on a serial line, and the driver at the other end. */

/** What is undone after each test, the last first. */
export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A serial line; `cut` pulls it out, `mend` brings back the same paths. */
export async function serialLine() {
  let pair = await ptyPair();
  const { a: host, b: instrument, dir } = pair;
  cleanups.push(async () => {
    await pair.unplug();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    host,
    instrument,
    cut: () => pair.unplug(),
    async mend() {
      pair = await ptyPair(dir);
    },
  };
}

/** A plant of two signals and one actuator, set by hand. */
function handRig() {
  const values = { 'cathode.pressure_barg': 12.5, 'h2.flow_NL_per_min': 400 };
  const settings = { 'cathode.pressureSet_barg': 1 };
  const [sensors, actuators] = [Object.keys(values), Object.keys(settings)];
  const rig: Rig = {
    sensors,
    actuators,
    sensorIndex: name => sensors.indexOf(name),
    sensorRange: () => ({ first: 0, count: 0 }),
    sensor: i => Object.values(values)[i],
    actuatorIndex: name => actuators.indexOf(name),
    set(_i, value) {
      settings['cathode.pressureSet_barg'] = value;
    },
    setting: i => Object.values(settings)[i],
    advanceTo() {},
    time_s: 0,
  };
  return { rig, values, settings };
}

/** The bench file's side of it. */
export const GAS = {
  instruments: [
    { name: 'cathodePressure_barg', node: 3, setName: 'cathodePressureSet_barg', capacity: 40 },
    { name: 'h2Flow_NL_per_min', node: 4, capacity: 2500 },
  ],
} as const;
/** A pressure controller and a flow meter as they come out of their boxes. */
export const PRESSURE = {
  unit: 'bar(g)',
  type: 'EL-PRESS',
  node: 3,
  signal: 'cathode.pressure_barg',
  set: { signal: 'cathode.pressureSet_barg' },
  capacity: 40,
  serial: 'P1',
};
/** See `PRESSURE`. */
export const FLOW = {
  unit: 'ln/min',
  type: 'EL-FLOW',
  fluid: 'H2',
  node: 4,
  signal: 'h2.flow_NL_per_min',
  capacity: 2500,
  serial: 'F1',
};

/** The bus with these instruments, and a driver with these entries of the bench file; not connected yet. */
export async function bench(
  instruments: readonly ProparInstrument[] = [PRESSURE, FLOW],
  own: readonly object[] = GAS.instruments,
) {
  const clock = realClock();
  const pty = await serialLine();
  const hand = handRig();
  let requests = 0;
  const env = { rig: hand.rig, clock, beforeReply: () => void requests++ };
  const bus = emulator(env, { path: pty.instrument, instruments });
  await bus.start();
  cleanups.push(() => bus.stop());
  const options = bronkhorstPropar.options.parse({ path: pty.host, baud: 38400, instruments: own });
  const device = bronkhorstPropar.open('gas', options, { clock, baseDir: '.' });
  cleanups.push(() => device.close());
  return { clock, pty, bus, device, ...hand, requests: () => requests };
}

/** As `bench`, connected. */
export async function connected(instruments = [PRESSURE, FLOW]) {
  const all = await bench(instruments);
  await all.device.connect();
  return all;
}
