import { DataType, OPCUAClient } from 'node-opcua';
import { describe, expect, test, vi } from 'vitest';
import { plc, reading } from './plc-on-a-cable.ts';
import { deviceOf, fileOf, serverOf } from './typed-plc.ts';

/** What a PLC says before a start: that nobody has beaten, and what may be written. */

/** A PLC that has tripped on the silence after a run before. */
async function trippedBefore(trippedClears: 'by timeout' | 'by heartbeat' | 'by a person') {
  const all = await plc({ trippedClears });
  const before = OPCUAClient.create({ endpointMustExist: false });
  await before.connect(all.wire.endpoint);
  const session = await before.createSession();
  const index = (await session.readNamespaceArray()).indexOf('urn:cellbench:bench-plc');
  const nodeId = `ns=${index};s="Bench"."heartbeatTimeout_s"`;
  await session.write({
    nodeId,
    attributeId: 13,
    value: { value: { dataType: DataType.Double, value: 0.2 } },
  });
  await session.close();
  await before.disconnect();
  await vi.waitUntil(() => all.server.heartbeat.tripped, { timeout: 20_000, interval: 5 });
  return all;
}

describe('a heartbeat that nobody has sent since the last run', () => {
  test.each(['by timeout', 'by heartbeat'] as const)(
    'is no trip of the start where the bit clears %s',
    async how => {
      const { device, clock } = await trippedBefore(how);
      await device.connect();
      expect(await device.armWatchdog(0.6)).toBe(0.6);
      for (let poll = 0; poll < 5; poll++) {
        expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ value: 0, quality: 0 });
        await clock.sleep(0.1);
      }
    },
  );

  test('is told where the bit waits for a person', async () => {
    const { device } = await trippedBefore('by a person');
    await device.connect();
    await expect(device.armWatchdog(5)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        /the PLC says that a heartbeat was missed \(s="Bench"\."heartbeatTripped" reads 1\).*: reset it there/,
      ),
    });
  });
});

test('one that is missed in a run is seen, though the next heartbeat clears it', async () => {
  const { device, wire, server } = await plc({ trippedClears: 'by heartbeat' });
  await device.connect();
  await device.armWatchdog(0.3);
  await wire.down();
  await vi.waitUntil(() => server.heartbeat.tripped, { timeout: 20_000, interval: 5 });
  await wire.up();
  const seen: number[] = [];
  await vi.waitUntil(
    async () => {
      const { value, quality } = await reading(device, 'heartbeatTripped_on');
      if (quality === 0) seen.push(value);
      return seen.length > 0;
    },
    { timeout: 20_000, interval: 5 },
  );
  expect(seen).toEqual([1]);
});

describe('a set point that cannot be written', () => {
  test.each([
    ['for all', 'is read only (AccessLevel), expected to be written'],
    ['for this user', 'is read only for this user (UserAccessLevel), expected to be written'],
  ] as const)('is refused at connect where its node says so %s', async (whom, text) => {
    const { device } = await plc({ readOnly: { n2PressureSet_barg: whom } });
    await expect(device.connect()).rejects.toMatchObject({
      code: 'identity',
      message: expect.stringContaining(`node s="Bench"."n2PressureSet": ${text}`),
    });
  });

  test('is never set where it says nothing, though it happens to read the value', async () => {
    const server = await serverOf([{ node: 's=shut', type: 'Double', read: () => 0, write: () => false }]);
    const device = deviceOf(
      server.port,
      fileOf({
        channels: ['name: shut_barg, node: "s=shut", range: [-1, 9]'],
        settables: ['name: shutSet_barg, node: "s=shut", range: [0, 9], tolerance: 0'],
        safe: '[{ set: shutSet_barg, to: 0 }]',
      }),
    );
    try {
      await device.connect();
      const refused = { code: 'refused', message: expect.stringContaining('BadOutOfRange') };
      await expect(device.write('shutSet_barg', 0)).rejects.toMatchObject(refused);
      await expect(device.write('shutSet_barg', 0, { urgent: true })).rejects.toMatchObject(refused);
      const { done, failed } = await device.safe();
      expect(done).toEqual([]);
      expect(failed).toEqual([{ key: 'shutSet_barg', reason: expect.stringContaining('BadOutOfRange') }]);
    } finally {
      await device.close();
      await server.end();
    }
  });
});
