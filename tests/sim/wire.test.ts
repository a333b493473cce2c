import { existsSync, readFileSync } from 'node:fs';
import modbusSerial from 'modbus-serial';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice, wireConfig } from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { type Emulators, startEmulators, type WireConfig } from '../../sim/wire-client.ts';
import { addressOf } from '../support/wire-address.ts';

const config = await wireConfig(loadBench('examples/pem-500kw/bench.yaml', describeDevice), 1, 50);
const rackAt = (emulators: Emulators): string => addressOf(emulators, 'rack').path;

const clock = realClock();
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function openSupply(emulators: Emulators): Promise<modbusSerial.default> {
  const client = new modbusSerial.default();
  // Line errors also reject the request; without a listener they would end the process.
  client.on('error', () => {});
  client.setTimeout(500);
  client.setID(0);
  await client.connectTelnet('127.0.0.1', { port: addressOf(emulators, 'supply').port });
  return client;
}

describe('the emulator process', () => {
  let emulators: Emulators;
  let supply: modbusSerial.default;
  beforeAll(async () => {
    emulators = await startEmulators(config);
    supply = await openSupply(emulators);
  });
  afterAll(async () => {
    await new Promise<void>(done => supply.close(() => done()));
    await emulators.stop();
    expect(existsSync(rackAt(emulators))).toBe(false);
  });

  it('runs the stack when the supply is switched on: current flows, cells follow', async () => {
    await supply.writeCoil(402, true);
    await supply.writeRegister(500, Math.round((310 / 360) * 52428));
    await supply.writeRegister(502, 52428);
    await supply.writeRegister(501, Math.round((1000 / 2400) * 52428));
    await supply.writeCoil(405, true);
    await clock.sleep(0.5);
    const [voltage, current] = (await supply.readHoldingRegisters(507, 2)).data;
    expect((current / 52428) * 2400).toBeGreaterThan(990);
    expect((current / 52428) * 2400).toBeLessThan(1010);
    const rack = new modbusSerial.default();
    rack.setTimeout(500);
    rack.setID(1);
    await rack.connectRTUBuffered(rackAt(emulators), { baudRate: 115200 });
    const first = (await rack.readInputRegisters(100, 125)).data;
    const rest = (await rack.readInputRegisters(225, 10)).data;
    await new Promise<void>(done => rack.close(() => done()));
    const sum_V = [...first, ...rest].reduce((sum, raw) => sum + raw / 10000, 0);
    expect(Math.abs(sum_V - (voltage / 52428) * 360)).toBeLessThan(1);
    expect(sum_V).toBeGreaterThan(135 * 1.4);
  });

  it('stands in a process group of its own: Ctrl-C in the terminal is for the controller', () => {
    const groupOf = (pid: number): string =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[2];
    expect(groupOf(emulators.pid)).toBe(String(emulators.pid));
    expect(groupOf(emulators.pid)).not.toBe(groupOf(process.pid));
  });

  it('times trips inside itself', async () => {
    const reactions: number[] = [];
    let on = true;
    const polling = (async () => {
      while (on) {
        const raw = (await supply.readHoldingRegisters(507, 3)).data[0];
        if ((raw / 52428) * 360 > 305) {
          await supply.writeCoil(405, false);
          await clock.sleep(0.02);
          await supply.writeCoil(405, true);
        }
        await clock.sleep(0.01);
      }
    })();
    const totals: number[] = [];
    try {
      for (let i = 0; i < 20; i++) {
        const times = await emulators.tripWatch({ signal: 'stack.voltage_V', value: 308, within_s: 0.05 });
        expect(times.total_ms).toBeGreaterThanOrEqual(times.reaction_ms);
        reactions.push(times.reaction_ms);
        totals.push(times.total_ms);
        await clock.sleep(0.05);
      }
    } finally {
      on = false;
      await polling;
    }
    // At 10 ms polling the crossing waits for the next poll: half a period in the median. Machines under load are slower.
    expect(totals.sort((x, y) => x - y)[10]).toBeLessThan(40);
    const median = reactions.sort((a, b) => a - b)[10];
    console.log(
      `reaction of a bare modbus-serial loop: median ${median.toFixed(3)} ms, worst ${reactions[19].toFixed(3)} ms`,
    );
    expect(median).toBeGreaterThan(0);
    expect(median).toBeLessThan(10);
  });

  it('says so when nobody switches off', async () => {
    await expect(
      emulators.tripWatch({ signal: 'stack.voltage_V', value: 308, within_s: 0.01, deadline_s: 0.1 }),
    ).rejects.toThrow('no output-off within 0.1 s');
    expect(await emulators.look('stack.voltage_V')).toBeLessThan(305);
  });

  it('forces a sensor, lifts it, and refuses one that is not there', async () => {
    await emulators.force('o2.h2_vol_pct', 3);
    expect(await emulators.look('o2.h2_vol_pct')).toBe(3);
    await emulators.force('o2.h2_vol_pct', null);
    expect(await emulators.look('o2.h2_vol_pct')).toBeLessThan(3);
    await expect(emulators.force('nothing_V', 1)).rejects.toThrow('nothing_V');
  });

  it('unplugs and plugs the rack and the supply', async () => {
    await emulators.stopDevice('rack');
    expect(existsSync(rackAt(emulators))).toBe(false);
    expect(existsSync(addressOf(emulators, 'gas').path)).toBe(true);
    await emulators.startDevice('rack');
    expect(existsSync(rackAt(emulators))).toBe(true);
    const gone = new Promise<void>(done => supply.on('close', () => done()));
    await emulators.stopDevice('supply');
    await gone;
    expect(await emulators.look('stack.outputSet_on')).toBe(1);
    await emulators.startDevice('supply');
    supply = await openSupply(emulators);
    // DC is still on: bit 7 of the status.
    expect((await supply.readHoldingRegisters(505, 2)).data[1] & 0x80).toBe(0x80);
  });
});

function withCells(cells: number): WireConfig['plant'] {
  const { plant } = config;
  if ('several' in plant) throw new Error('one plant was expected');
  return { ...plant, subject: { ...plant.subject, cells } };
}

function withRackMap(map: string): typeof config {
  const { rack } = config.devices;
  return { ...config, devices: { ...config.devices, rack: { ...rack, options: { ...rack.options, map } } } };
}

describe('beginning and end', () => {
  it('is up within a few seconds', async () => {
    const start_s = clock.now_s();
    const emulators = await startEmulators(config);
    console.log(
      `emulators ready ${(clock.now_s() - start_s).toFixed(2)} s after fork, ${emulators.startup_s.toFixed(2)} s in the process`,
    );
    expect(clock.now_s() - start_s).toBeLessThan(30);
    await emulators.kill();
    expect(isAlive(emulators.pid)).toBe(false);
    expect(existsSync(rackAt(emulators))).toBe(false);
    await expect(emulators.look('stack.voltage_V')).rejects.toThrow('ended');
  });

  it.each([
    ['a wrong figure', { ...config, timeFactor: 0 }, /config\.timeFactor: expected a number > 0/],
    ['a missing data file', withRackMap('/nowhere.yaml'), /\/nowhere\.yaml: cannot be opened/],
    ['too few cells', { ...config, plant: withCells(10) }, /count 135, but the rig has 10/],
  ])('refuses %s and leaves nothing running', async (_, wrong, reason) => {
    await expect(startEmulators(wrong)).rejects.toThrow(reason);
  });
});
