import { describe, expect, test, vi } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { connected, nodesWith, plc, ROLES, reading } from './plc-on-a-cable.ts';

describe('on a PLC with the nodes of the example', () => {
  test('a frame carries every channel, and what the plant does is in the next one', async () => {
    const { device, shown } = await connected();
    const frame = await device.read();
    expect(frame.reason).toBeUndefined();
    expect(frame.values).toHaveLength(18);
    expect([...frame.quality]).toEqual(new Array(18).fill(QUALITY.good));
    // The watch over the heartbeat is the PLC's own: it reports that one itself, whatever the plant shows.
    const expected = device.channels.map(({ name }) =>
      name === 'heartbeatTripped_on' ? 0 : name === 'owned_on' ? 1 : shown.get(ROLES[name]),
    );
    expect([...frame.values]).toEqual(expected);
    shown.set('o2.h2_vol_pct', 1.75);
    expect(await reading(device, 'h2InO2_vol_pct')).toMatchObject({ value: 1.75, quality: QUALITY.good });
  });

  test('booleans and numbers are written and read back', async () => {
    const { device, set } = await connected();
    await device.write('n2AnodeValveSet_on', 1);
    await device.write('n2PressureSet_barg', 7.125);
    await device.write('n2AnodeValveSet_on', 0);
    expect(set.get('n2.anodeValveSet_on')).toBe(0);
    expect(set.get('n2.pressureSet_barg')).toBe(7.125);
  });

  test.each([
    ['n2PressureSet_barg', 40.5],
    ['n2PressureSet_barg', Number.NaN],
    ['n2AnodeValveSet_on', 0.5],
  ] as const)('%s = %f is refused and nothing arrives', async (name, value) => {
    const { device, set } = await connected();
    await expect(device.write(name, value)).rejects.toMatchObject({ code: 'range' });
    expect(new Set(set.values())).toEqual(new Set([0]));
  });

  test('its own safe list is driven in order and proved', async () => {
    const { device, set } = await connected();
    set.set('h2.outletValveSet_on', 1);
    const report = await device.safe();
    expect(report.failed).toEqual([]);
    expect(report.done).toEqual([
      'anodeVentValveSet_on = 1',
      'n2AnodeValveSet_on = 1',
      'h2OutletValveSet_on = 0',
      'ventilationSet_on = 1',
    ]);
    expect(set.get('anode.ventValveSet_on')).toBe(1);
    expect(set.get('h2.outletValveSet_on')).toBe(0);
  });

  test('a failed sensor turns its own channel bad, with the status of the server', async () => {
    const { device, shown } = await connected();
    shown.set('water.flow_L_per_min', Number.NaN);
    const frame = await device.read();
    expect(frame.quality.filter(q => q === QUALITY.bad)).toHaveLength(1);
    expect(frame.reason).toBe('waterFlow_L_per_min: BadSensorFailure');
    shown.set('water.flow_L_per_min', 300);
    expect(await reading(device, 'waterFlow_L_per_min')).toMatchObject({ value: 300, quality: QUALITY.good });
  });

  test('a value outside its range is bad', async () => {
    const { device, shown } = await connected();
    shown.set('room.h2_vol_pct', 130);
    expect(await reading(device, 'roomH2_vol_pct')).toEqual({
      value: Number.NaN,
      quality: QUALITY.bad,
      reason: 'roomH2_vol_pct: 130 is outside 0..100',
    });
  });
});

describe('heartbeat', () => {
  test('silence trips the PLC, polling keeps it alive', async () => {
    const { device, server, clock, set } = await connected();
    expect(await device.armWatchdog(0.4)).toBe(0.4);
    expect(server.heartbeat.timeout_s).toBe(0.4);
    expect(await device.readWatchdog?.()).toMatchObject({ isArmed: true });
    const until_s = clock.now_s() + 1;
    while (clock.now_s() < until_s) {
      expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ value: 0, quality: QUALITY.good });
      await clock.sleep(0.1);
    }
    expect(set.get('anode.ventValveSet_on')).toBe(0);
    const silentSince_s = clock.now_s();
    await vi.waitUntil(() => server.heartbeat.tripped, { timeout: 20_000, interval: 5 });
    expect(clock.now_s() - silentSince_s).toBeGreaterThan(0.2);
    expect(set.get('anode.ventValveSet_on')).toBe(1);
    expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ value: 1, quality: QUALITY.good });
  });

  test('a heartbeat that the PLC does not take is told', async () => {
    // A node that takes numbers up to 40 only: the count is refused from 41 on.
    const { device } = await plc({
      driverNodes: nodesWith(`'s="Bench"."heartbeat"'`, `'s="Bench"."n2PressureSet"'`),
    });
    await device.connect();
    for (let beat = 1; beat <= 40; beat++)
      expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ quality: QUALITY.good });
    expect(await reading(device, 'heartbeatTripped_on')).toEqual({
      value: Number.NaN,
      quality: QUALITY.bad,
      reason: 'heartbeatTripped_on: heartbeat not taken, BadOutOfRange',
    });
    expect(await reading(device, 'h2InO2_vol_pct')).toMatchObject({ value: 0.25, quality: QUALITY.good });
  });
});

describe('loss and return', () => {
  test('server stopped and a new one started: lost, then ready with fresh values within 2 s', async () => {
    const { device, server, startServer, wire, clock, shown } = await connected();
    await device.armWatchdog(5);
    const states: string[] = [];
    device.onState(state => states.push(state));
    await wire.down();
    await server.end();
    await vi.waitUntil(() => device.state === 'lost', { timeout: 20_000, interval: 5 });
    const frame = await device.read();
    expect(new Set(frame.quality)).toEqual(new Set([QUALITY.bad]));
    expect(frame.reason).toMatch(/opc\.tcp/);
    await expect(device.write('n2AnodeValveSet_on', 1)).rejects.toMatchObject({ code: 'closed' });

    shown.set('o2.h2_vol_pct', 0.9);
    const next = await startServer();
    await wire.up();
    const listens_s = clock.now_s();
    const fresh = await vi.waitUntil(
      async () => {
        const seen = await reading(device, 'h2InO2_vol_pct');
        return seen.quality === QUALITY.good ? seen : undefined;
      },
      { timeout: 20_000, interval: 10 },
    );
    const return_s = clock.now_s() - listens_s;
    expect(return_s).toBeLessThan(2);
    expect(fresh.value).toBe(0.9);
    expect(states).toEqual(expect.arrayContaining(['lost', 'ready']));
    // A restarted PLC has forgotten its time-out; it is armed again before anything is written.
    expect(next.heartbeat.timeout_s).toBe(5);
  });

  test('a line that is cut again and again goes on with its session: the server has room for few', async () => {
    const { device, server, wire } = await connected();
    for (let cut = 1; cut <= 3; cut++) {
      await wire.down();
      await vi.waitUntil(() => device.state === 'lost', { timeout: 20_000, interval: 5 });
      await wire.up();
      await vi.waitUntil(() => device.state === 'ready', { timeout: 20_000, interval: 5 });
      expect(await reading(device, 'h2InO2_vol_pct')).toMatchObject({ value: 0.25, quality: QUALITY.good });
      expect(server.sessions).toBe(1);
    }
    await device.close();
    expect(server.sessions).toBe(0);
  });

  test('a server that hangs costs two deadlines per read, never more', async () => {
    const { device, server, clock } = await connected();
    server.faults.silence = true;
    const start_s = clock.now_s();
    const frame = await device.read();
    expect(clock.now_s() - start_s).toBeLessThan(1.3);
    expect(new Set(frame.quality)).toEqual(new Set([QUALITY.bad]));
    expect(frame.reason).toMatch(/no answer within 500 ms/);
    server.faults.silence = false;
    await vi.waitUntil(async () => (await reading(device, 'h2InO2_vol_pct')).quality === QUALITY.good, {
      timeout: 20_000,
      interval: 20,
    });
  });
});
