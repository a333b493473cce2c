import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import { createPemRig, type PemRig } from '../../sim/plant/pem/rig.ts';
import { openTwin } from '../../sim/twin.ts';

const accuracy = { reading_pct: 0, abs: 0.1, basis: 'default' } as const;
const channel = (name: Quantity, low: number, high: number) =>
  ({ name, range: [low, high], accuracy }) as const;

const supply: DeviceDescription = {
  driver: 'ea/psb-10000',
  channels: [
    channel('voltage_V', 0, 360),
    channel('current_A', 0, 2400),
    channel('humidity_pct', 0, 100),
    channel('output_on', 0, 1),
  ],
  settables: [
    { name: 'currentSet_A', range: [0, 2400], tolerance: 0.1 },
    { name: 'voltageSet_V', range: [0, 360], tolerance: 0.1 },
    { name: 'powerSet_W', range: [0, 600_000], tolerance: 1 },
    { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
    { name: 'fanSet_pct', range: [0, 100], tolerance: 1 },
  ],
  onLoss: 'hold',
  safeList: [
    ['currentSet_A', 0],
    ['fanSet_pct', 100],
    ['outputSet_on', 0],
  ],
};
const supplyRoles = new Map<string, string>([
  ['voltage_V', 'stack.voltage_V'],
  ['current_A', 'stack.current_A'],
  ['output_on', 'stack.output_on'],
  ['currentSet_A', 'stack.currentSet_A'],
  ['voltageSet_V', 'stack.voltageSet_V'],
  ['powerSet_W', 'stack.powerSet_W'],
  ['outputSet_on', 'stack.outputSet_on'],
]);

let clock: VirtualClock;
let rig: PemRig;
beforeEach(() => {
  clock = new VirtualClock({ utcStart_ms: 0 });
  rig = createPemRig({ random: seededRandom(1), startTemperature_degC: 60 });
});

/** Lets seconds of virtual time pass. */
const pass = (seconds: number): Promise<void> => clock.runUntil(clock.sleep(seconds));

describe('twin', () => {
  it('reads the rig at the time of the clock; a channel without a role is NaN and bad, and says so', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    await twin.write('voltageSet_V', 310);
    await twin.write('powerSet_W', 600_000);
    await twin.write('currentSet_A', 1000);
    await twin.write('outputSet_on', 1);
    await pass(60);
    const frame = await twin.read();
    expect(frame.device).toBe('supply');
    expect(frame.t_s).toBe(60);
    expect(rig.time_s).toBe(60);
    expect(frame.values[1]).toBeCloseTo(1000, -1);
    expect(frame.values[0]).toBe(rig.sensor(rig.sensorIndex('stack.voltage_V')));
    expect(frame.values[3]).toBe(1);
    expect([...frame.quality]).toEqual([
      QUALITY.simulated,
      QUALITY.simulated,
      QUALITY.bad,
      QUALITY.simulated,
    ]);
    expect(frame.values[2]).toBeNaN();
    expect(frame.reason).toBe('no simulated signal for humidity_pct');
  });

  it('hands out a fresh frame each time', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    const first = await twin.read();
    const kept = [...first.values];
    await twin.write('voltageSet_V', 310);
    await pass(5);
    const second = await twin.read();
    expect(second.values).not.toBe(first.values);
    expect([...first.values]).toEqual(kept);
  });

  it('answers at once what it answers later', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    expect(twin.readNow?.()).toEqual(await twin.read());
  });

  it('what was read at once stands over the next reading, what was read with a promise for good', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    await twin.write('voltageSet_V', 300);
    await twin.write('powerSet_W', 600_000);
    await twin.write('currentSet_A', 500);
    await twin.write('outputSet_on', 1);
    await pass(2);
    const asked = await twin.read();
    const first = twin.readNow?.();
    const kept = structuredClone({ asked, first });
    expect(first?.values[1]).toBeGreaterThan(0);
    await twin.write('currentSet_A', 50);
    await pass(5);
    const second = twin.readNow?.();
    expect(second?.values[1]).not.toBe(kept.first?.values[1]);
    expect({ asked, first }).toEqual(kept);
    await pass(1);
    twin.readNow?.();
    expect(asked).toEqual(kept.asked);
  });

  it('maps cell[i] to the i-th entry of the array role; beyond the stack is bad', async () => {
    const rack: DeviceDescription = {
      driver: 'generic/modbus-map',
      channels: [
        channel('cell[1].voltage_V', -0.5, 3.2),
        channel('cell[135].voltage_V', -0.5, 3.2),
        channel('cell[136].voltage_V', -0.5, 3.2),
      ],
      settables: [],
      onLoss: 'unknown',
      safeList: [],
    };
    const roles = new Map(rack.channels.map(c => [c.name as string, 'cell.voltage_V[]']));
    const twin = openTwin('rack', rack, roles, rig, clock);
    await twin.connect();
    await pass(1);
    const frame = await twin.read();
    const { first, count } = rig.sensorRange('cell.voltage_V[]');
    expect(count).toBe(135);
    expect(frame.values[0]).toBe(rig.sensor(first));
    expect(frame.values[1]).toBe(rig.sensor(first + 134));
    expect([...frame.quality]).toEqual([QUALITY.simulated, QUALITY.simulated, QUALITY.bad]);
  });

  it('reports a value outside the range of the channel as bad, with the figure in the reason only', async () => {
    const narrow: DeviceDescription = { ...supply, channels: [channel('temperature_degC', 0, 50)] };
    const twin = openTwin('t', narrow, new Map([['temperature_degC', 'stack.temperature_degC']]), rig, clock);
    await twin.connect();
    const frame = await twin.read();
    expect(frame.values[0]).toBeNaN();
    expect(frame.quality[0]).toBe(QUALITY.bad);
    expect(frame.reason).toMatch(/^temperature_degC (59|60)\.\d+, expected 0\.\.50$/);
  });

  it.each([
    ['currentSet_A', 2401, 'range', 'supply: currentSet_A 2401, expected 0..2400'],
    ['currentSet_A', Number.NaN, 'range', 'supply: currentSet_A NaN, expected 0..2400'],
    ['voltage_V', 1, 'range', /voltage_V cannot be set/],
    ['fanSet_pct', 50, 'config', /fanSet_pct: the simulated rig has no role for it/],
  ] as const)('refuses %s = %d with code %s', async (key, value, code, message) => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    const before = Array.from(rig.actuators, (_, i) => rig.setting(i));
    await expect(twin.write(key, value)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(Array.from(rig.actuators, (_, i) => rig.setting(i))).toEqual(before);
  });

  it('safe() goes on past a failing line and reports it', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    await twin.connect();
    await twin.write('outputSet_on', 1);
    const report = await twin.safe();
    expect(report.done).toEqual(['currentSet_A = 0', 'outputSet_on = 0']);
    expect(report.failed.map(f => f.key)).toEqual(['fanSet_pct']);
    expect(rig.setting(rig.actuatorIndex('stack.outputSet_on'))).toBe(0);
  });

  it('closed: reads bad, refuses writes, tells its listeners', async () => {
    const twin = openTwin('supply', supply, supplyRoles, rig, clock);
    const states: string[] = [];
    twin.onState(state => states.push(state));
    const frame = await twin.read();
    expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.bad, QUALITY.bad, QUALITY.bad]);
    await expect(twin.write('currentSet_A', 1)).rejects.toMatchObject({ code: 'closed' });
    await twin.connect();
    expect(await twin.armWatchdog(5)).toBe(5);
    await twin.close();
    expect(states).toEqual(['connecting', 'ready', 'closed']);
    expect(twin.state).toBe('closed');
  });
});
