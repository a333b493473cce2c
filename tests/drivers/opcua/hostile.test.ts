import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { freshness } from '../../../drivers/opcua/freshness.ts';
import { opcuaLink } from '../../../drivers/transport/opcua/link.ts';
import { openTap, type Tap } from '../wires/tap.ts';
import { deviceOf, fileOf, serverOf } from './typed-plc.ts';

/** Servers that are not what they seem: after each disturbance no value is good that is not, and the safe state is proved. */

const clock = realClock();
/** What a PLC holds; `wrote`: each value that it was sent. */
const plant = () => ({ pressure: 12.5, valve: 1, heater: 40, wrote: [] as number[] });
type Plant = ReturnType<typeof plant>;
const [ours, strangers] = [plant(), plant()];
let status = 'Good';
let stamp_ms: number | undefined;
/** What becomes of a write that is answered Good: `taken`, or nothing. */
let isTaken = true;
let ourServer: Awaited<ReturnType<typeof serverOf>>;
let stranger: typeof ourServer;
let tap: Tap;
let device: Device | undefined;

const nodesOf = (plant: Plant) => [
  {
    node: 's=pressure',
    type: 'Double' as const,
    read: () => plant.pressure,
    status: () => status,
    sourceTime_ms: () => stamp_ms ?? Date.now(),
  },
  ...(['valve', 'heater'] as const).map(node => ({
    node: `s=${node}`,
    type: 'Double' as const,
    read: () => plant[node],
    write(value: number) {
      plant.wrote.push(value);
      if (isTaken) plant[node] = value;
      return true;
    },
  })),
];

const startOurs = (port?: number) =>
  serverOf(nodesOf(ours), { applicationUri: 'urn:line-3:plc-1', ...(port === undefined ? {} : { port }) });

beforeAll(async () => {
  ourServer = await startOurs();
  stranger = await serverOf(nodesOf(strangers), { applicationUri: 'urn:line-4:plc-1' });
}, 60_000);
afterEach(async () => {
  await device?.close();
  await tap?.end();
  Object.assign(ours, plant());
  Object.assign(strangers, plant());
  status = 'Good';
  stamp_ms = undefined;
  isTaken = true;
});
afterAll(async () => {
  await ourServer?.end();
  await stranger?.end();
});

const endpointOf = (port: number) => ({ endpoint: `opc.tcp://127.0.0.1:${port}` });

async function connected(more: object = {}, head = 'onLoss: hold'): Promise<Device> {
  tap = await openTap(endpointOf(ourServer.port));
  const port = Number(new URL(String(tap.address['endpoint'])).port);
  const file = fileOf({
    head,
    channels: [
      'name: pressure_barg, node: "s=pressure", range: [0, 40]',
      'name: valve_pct, node: "s=valve", range: [0, 100]',
      'name: heater_pct, node: "s=heater", range: [0, 100]',
    ],
    settables: [
      'name: valveSet_pct, node: "s=valve", range: [0, 100], tolerance: 0',
      'name: heaterSet_pct, node: "s=heater", range: [0, 100], tolerance: 0',
    ],
    safe: '[{ set: valveSet_pct, to: 0 }, { set: heaterSet_pct, to: 0 }]',
  });
  device = deviceOf(port, file, more);
  await device.connect();
  return device;
}

/** One reading, as `12.5 good` or `bad`, and the reason of the frame. */
async function shown(on: Device): Promise<{ value: number; quality: number; reason: string }> {
  const { values, quality, reason = '' } = await on.read();
  return { value: values[0], quality: quality[0], reason };
}

describe('a status of the value', () => {
  it.each([
    ['GoodLocalOverride', QUALITY.good, 12.5],
    ['GoodClamped', QUALITY.good, 12.5],
    ['GoodSubNormal', QUALITY.good, 12.5],
    ['UncertainSensorNotAccurate', QUALITY.uncertain, 12.5],
    ['UncertainEngineeringUnitsExceeded', QUALITY.uncertain, 12.5],
    ['UncertainSubNormal', QUALITY.uncertain, 12.5],
    // Nothing of these has been measured now.
    ['UncertainNoCommunicationLastUsableValue', QUALITY.bad, Number.NaN],
    ['UncertainLastUsableValue', QUALITY.bad, Number.NaN],
    ['UncertainSubstituteValue', QUALITY.bad, Number.NaN],
    ['UncertainInitialValue', QUALITY.bad, Number.NaN],
    ['BadNoCommunication', QUALITY.bad, Number.NaN],
  ])('%s, and it is told', async (name, quality, value) => {
    const on = await connected();
    expect(await shown(on)).toEqual({ value: 12.5, quality: QUALITY.good, reason: '' });
    status = name;
    expect(await shown(on)).toEqual({ value, quality, reason: `pressure_barg: ${name}` });
  });
});

describe('a source time stamp', () => {
  const at = (freshly: ReturnType<typeof freshness>, source_s: number): boolean =>
    freshly.look({
      status: 'Good',
      severity: 'good',
      value: 1,
      sourceTime_ms: 1000 * source_s,
      serverTime_ms: 1000 * source_s,
    }) === '';

  it('of two stale copies in turn is as old as the newer one', () => {
    let now_s = 0;
    const freshly = freshness(2, () => now_s);
    const alive: boolean[] = [];
    for (; now_s < 6; now_s++) alive.push(at(freshly, now_s % 2 === 0 ? 100 : 103));
    expect(alive).toEqual([true, true, true, true, false, false]);
  });

  it('whose clock was set back lives on', () => {
    let now_s = 0;
    const freshly = freshness(2, () => now_s);
    const alive: boolean[] = [];
    for (; now_s < 12; now_s++) alive.push(at(freshly, now_s < 4 ? 5000 + now_s : 1000 + now_s));
    expect(alive.lastIndexOf(false)).toBeLessThan(8);
    expect(alive.slice(8)).toEqual([true, true, true, true]);
  });

  it('that stands still makes the value bad, and good again when it goes on', async () => {
    stamp_ms = Date.now();
    const on = await connected({}, 'onLoss: hold\nstaleAfter_s: 0.3');
    const seen: number[] = [];
    for (const end_s = clock.now_s() + 1; clock.now_s() < end_s; await clock.sleep(0.02))
      seen.push((await shown(on)).quality);
    expect(seen.at(-1)).toBe(QUALITY.bad);
    expect(seen.filter(quality => quality === QUALITY.good).length).toBeLessThan(25);
    stamp_ms = undefined;
    expect(await shown(on)).toMatchObject({ value: 12.5, quality: QUALITY.good });
  });
});

describe('another server at the address', () => {
  it('is not taken for the one that was lost: nothing of it is read or written', async () => {
    const on = await connected();
    strangers.pressure = 33;
    await tap.turnTo(endpointOf(stranger.port));
    await vi.waitUntil(() => on.state === 'lost', { timeout: 20_000 });
    const seen: number[] = [];
    const reasons = new Set<string>();
    on.onState((_, reason) => reasons.add(reason));
    for (const end_s = clock.now_s() + 1.5; clock.now_s() < end_s; await clock.sleep(0.02)) {
      const { value, quality } = await shown(on);
      if (quality <= QUALITY.uncertain) seen.push(value);
    }
    expect(seen).toEqual([]);
    await expect(on.write('heaterSet_pct', 20)).rejects.toMatchObject({ code: 'closed' });
    expect((await on.safe()).failed.length).toBe(2);
    expect(strangers.wrote).toEqual([]);
    expect([...reasons].join()).toMatch(
      /another server answers here: "urn:line-4:plc-1", expected "urn:line-3:plc-1"/,
    );
    await tap.turnTo(endpointOf(ourServer.port));
    await vi.waitUntil(() => on.state === 'ready', { timeout: 20_000 });
    expect(await shown(on)).toMatchObject({ value: 12.5, quality: QUALITY.good });
    expect((await on.safe()).failed).toEqual([]);
    expect([ours.valve, ours.heater]).toEqual([0, 0]);
  });

  it('than the bench file names is refused at connect', async () => {
    await expect(connected({ applicationUri: 'urn:line-4:plc-1' })).rejects.toMatchObject({
      code: 'identity',
      message: expect.stringMatching(/"urn:line-3:plc-1", expected "urn:line-4:plc-1"/),
    });
    expect(ours.wrote).toEqual([]);
  });
});

describe('a write', () => {
  it('that is answered Good and does nothing is told, and the safe state is not said to be there', async () => {
    const on = await connected();
    isTaken = false;
    await expect(on.write('heaterSet_pct', 20)).rejects.toMatchObject({ code: 'readback' });
    const { done, failed } = await on.safe();
    expect(done).toEqual([]);
    expect(failed.map(({ key }) => key).sort()).toEqual(['heaterSet_pct', 'valveSet_pct']);
    expect(ours.heater).toBe(40);
    isTaken = true;
    expect((await on.safe()).failed).toEqual([]);
    expect([ours.valve, ours.heater]).toEqual([0, 0]);
  });

  it('whose answer is cut off fails, is not sent again by itself, and the safe state is proved after it', async () => {
    const on = await connected();
    await shown(on);
    tap.meddle = () => {};
    const written = on.write('heaterSet_pct', 20).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    await vi.waitUntil(() => ours.wrote.length > 0, { timeout: 20_000 });
    await tap.turnTo(endpointOf(ourServer.port));
    tap.meddle = undefined;
    expect(['closed', 'timeout', 'cancelled']).toContain(await written);
    await vi.waitUntil(() => on.state === 'ready', { timeout: 20_000 });
    await shown(on);
    expect(ours.wrote).toEqual([20]);
    expect((await on.safe()).failed).toEqual([]);
    expect([ours.valve, ours.heater]).toEqual([0, 0]);
  });

  it('while the server goes away and comes back: the same, on the new one', { timeout: 30_000 }, async () => {
    const on = await connected();
    const { port } = ourServer;
    await ourServer.end();
    const results = await Promise.allSettled([on.write('heaterSet_pct', 20), on.safe()]);
    expect(results[0].status).toBe('rejected');
    Object.assign(ours, plant());
    ourServer = await startOurs(port);
    await vi.waitUntil(() => on.state === 'ready', { timeout: 30_000 });
    expect(await shown(on)).toMatchObject({ value: 12.5, quality: QUALITY.good });
    expect(ours.wrote).toEqual([]);
    expect((await on.safe()).failed).toEqual([]);
    expect([ours.valve, ours.heater]).toEqual([0, 0]);
  });
});

describe('an answer that lost bytes and was made whole with others', () => {
  // From the first byte behind the header of the answer to its last.
  it.each([30, 44, 60, 62, 64, 66, 70, 74])(
    'at byte %i: no value of it is good, and it is soon good again',
    async at => {
      const on = await connected();
      let isTorn = false;
      tap.meddle = (bytes, pass) => {
        if (isTorn) return pass(bytes);
        isTorn = true;
        pass(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 2), Buffer.from('MS')]));
      };
      const begin_s = clock.now_s();
      const wrong: number[] = [];
      for (let isGood = false; !isGood; await clock.sleep(0.01)) {
        const { value, quality } = await shown(on);
        isGood = quality === QUALITY.good && isTorn;
        if (quality <= QUALITY.uncertain && value !== 12.5) wrong.push(value);
        expect(clock.now_s() - begin_s).toBeLessThan(10);
      }
      expect(wrong).toEqual([]);
      expect((await on.safe()).failed).toEqual([]);
    },
  );

  it('one that cannot be read at all is not waited for any more when its link is closed', async () => {
    tap = await openTap(endpointOf(ourServer.port));
    const link = opcuaLink({
      endpoint: String(tap.address['endpoint']),
      namespaceUri: 'urn:cellbench:typed',
      writable: [],
      nextHeartbeat: () => 0,
    });
    await link.open();
    // No type of answer that there is: the library drops it.
    tap.meddle = (bytes, pass) => {
      bytes[26] ^= 0x55;
      pass(bytes);
    };
    const sent = link.send({ kind: 'read', nodes: ['s=pressure'] }).then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    await clock.sleep(0.1);
    await link.close();
    expect(await Promise.race([sent, clock.sleep(0.1).then(() => 'still waiting')])).toBe('closed');
  });
});
