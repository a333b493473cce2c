import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { isUsable } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { crc16 } from '../../../drivers/transport/modbus-crc.ts';
import {
  type Ground,
  type Make,
  type ModbusInstrument,
  modbusInstrument,
} from '../../../sim/device/modbus/instrument.ts';
import { keller } from '../../../sim/device/modbus/transmitters.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { type Meddle, openTap, type Tap } from '../wires/tap.ts';

/**
 * Two Keller transmitters on one line that show something else at every poll, and what may happen to the line: a usable value is
 * the newest one of its own transmitter, and both come back.
 */

const clock = realClock();
const random = seededRandom(11);
const below = (n: number): number => Math.floor(random.uniform() * n);
const SERIALS = [702413, 702414] as const;
const exact = { reading_pct: 0, abs: 0.1, basis: 'default' } as const;
const POLLED_s = 0.5;
const BACK_s = 15;

/** What the two show: bar, degC. */
const shown = [
  [0, 0],
  [0, 0],
];
const groundOf = (n: number): Ground => ({
  clock,
  sense: name => shown[n][name === 'pressure' ? 0 : 1],
  drive: () => {},
});
const transmitter = (n: number, serial: number = SERIALS[n]): Make => keller(groundOf(n), { serial });

let pty: PtyPair;
let tap: Tap;
let line: ModbusInstrument;
let devices: Device[];
const units = new Map<number, Make>([[2, transmitter(1)]]);

beforeAll(async () => {
  pty = await openPtyPair(mkdtempSync(join(tmpdir(), 'keller-')), 'line');
  line = modbusInstrument(transmitter(0), groundOf(0), {
    unit: 1,
    others: units,
    path: pty.instrument,
    baud: 115200,
  });
  await line.start();
  tap = await openTap({ path: pty.bench });
  const driver = findDriver('generic/modbus-map');
  devices = (['cathode', 'anode'] as const).map((side, n) => {
    const options = {
      family: 'keller',
      path: tap.address['path'],
      baud: 115200,
      unit: n + 1,
      about: { serial: SERIALS[n], classGroup: 1300 },
      points: [
        { name: `${side}Pressure_barg`, at: 'p[0]', range: [-1, 60], accuracy: exact },
        { name: `${side}Temperature_degC`, at: 't[0]', range: [-10, 120], accuracy: exact },
      ],
    };
    return driver.open(side, driver.options.parse(options), { clock, baseDir: '.' });
  });
  await Promise.all(devices.map(device => device.connect()));
});
afterAll(async () => {
  await Promise.all(devices.map(device => device.close()));
  await tap.end();
  await line.end();
  await pty.unplug();
});

/** Shows something new on both, then polls both at once. Whether all is usable; what is usable and not true throws. */
async function polled(): Promise<readonly boolean[]> {
  for (const [n, values] of shown.entries()) {
    values[0] = 20 - 15 * n + 10 * random.uniform();
    values[1] = 50 - 40 * n + 20 * random.uniform();
  }
  const frames = await Promise.all(devices.map(device => device.read()));
  return frames.map(({ values, quality }, n) =>
    shown[n].every((value, i) => {
      const isGood = isUsable(values[i], quality[i]);
      if (isGood) expect(values[i]).toBeCloseTo(value, 3);
      return isGood;
    }),
  );
}

const changed =
  (change: (bytes: Buffer) => void, fixesSum = false) =>
  (): Meddle =>
  (bytes, pass) => {
    const own = Buffer.from(bytes);
    change(own);
    if (fixesSum) own.writeUInt16LE(crc16(own.subarray(0, -2)), own.length - 2);
    pass(own);
  };
const swapped = (): Meddle => {
  let kept: Buffer | undefined;
  return (bytes, pass) => {
    if (kept !== undefined) pass(kept);
    kept = bytes;
  };
};

const LINE: Readonly<Record<string, () => Meddle>> = {
  'a bit is turned over': changed(bytes => {
    bytes[below(bytes.length)] ^= 1 << below(8);
  }),
  'the checksum is wrong': changed(bytes => {
    bytes[bytes.length - 1] ^= 0x55;
  }),
  'answers come as those of the other unit': changed(bytes => {
    bytes[0] = 3 - bytes[0];
  }, true),
  'answers come as those of a unit that is not there': changed(bytes => {
    bytes[0] = 7;
  }, true),
  'answers come as those of another function': changed(bytes => {
    bytes[1] = 4;
  }, true),
  'bytes before each answer': () => (bytes, pass) => pass(Buffer.concat([Buffer.from([0x55, 0]), bytes])),
  'bytes behind each answer': () => (bytes, pass) => pass(Buffer.concat([bytes, Buffer.from([0x55, 0])])),
  'answers end early': () => (bytes, pass) => pass(bytes.subarray(0, below(bytes.length))),
  'byte by byte': () => (bytes, pass) => {
    for (const byte of bytes) pass(Buffer.from([byte]));
  },
  'half of them get lost': () => (bytes, pass) => {
    if (random.uniform() < 0.5) pass(bytes);
  },
  'each answer twice': () => (bytes, pass) => {
    pass(bytes);
    pass(bytes);
  },
  'up to 0.5 s late': () => (bytes, pass) => {
    setTimeout(() => pass(bytes), 500 * random.uniform());
  },
  'each in place of the next': swapped,
};
/** What happens to the transmitters; in the end it is put right. */
const OWN: Readonly<Record<string, readonly [begin: () => unknown, end: () => unknown]>> = {
  'one is off': [() => units.delete(2), () => units.set(2, transmitter(1))],
  'both are off for a moment': [() => line.stop(), () => line.start()],
  'both are silent': [
    () => Object.assign(line.faults, { silence: true }),
    () => Object.assign(line.faults, { silence: false }),
  ],
};

async function upset(begin: () => unknown, end: () => unknown): Promise<void> {
  await begin();
  const until_s = clock.now_s() + POLLED_s;
  while (clock.now_s() < until_s) {
    await polled();
    await clock.sleep(0.005);
  }
  await end();
  const back_s = clock.now_s() + BACK_s;
  while (!(await polled()).every(Boolean)) {
    expect(clock.now_s(), 'not back').toBeLessThan(back_s);
    await clock.sleep(0.02);
  }
}

describe('two pressure transmitters on one line', () => {
  it.each(Object.keys(LINE))('%s', what =>
    upset(
      () => {
        tap.meddle = LINE[what]();
      },
      () => {
        tap.meddle = undefined;
      },
    ),
  );

  it.each(Object.keys(OWN))('%s', what => upset(...OWN[what]));

  it('another one of the same address after it was off: it is not taken for ours, the other one is read on', async () => {
    units.delete(2);
    const lost_s = clock.now_s() + BACK_s;
    while (devices[1].state === 'ready' && clock.now_s() < lost_s) await polled();
    units.set(2, transmitter(1, 999));
    const until_s = clock.now_s() + 3;
    let first = 0;
    while (clock.now_s() < until_s) {
      const [own, other] = await polled();
      expect(other).toBe(false);
      if (own) first++;
      await clock.sleep(0.02);
    }
    expect(first).toBeGreaterThan(5);
    expect((await devices[1].read()).reason).toMatch(/serial number|999/);
    units.set(2, transmitter(1));
    const back_s = clock.now_s() + BACK_s;
    while (!(await polled()).every(Boolean)) {
      expect(clock.now_s(), 'not back').toBeLessThan(back_s);
      await clock.sleep(0.02);
    }
  });
});
