import { describe, expect, test } from 'vitest';
import { opcuaLink, prepareOpcua } from '../../../drivers/transport/opcua/link.ts';
import { nodesWith, plc, reading } from './plc-on-a-cable.ts';

/** A second controller on the same PLC, from whatever machine. */

const OWNER = 's="Bench"."owner"';
const HEARTBEAT = 's="Bench"."heartbeat"';

/** Somebody else's client, with a word of its own. */
async function other(endpoint: string) {
  await prepareOpcua();
  let count = 0;
  const link = opcuaLink({
    endpoint,
    namespaceUri: 'urn:cellbench:bench-plc',
    writable: [OWNER, HEARTBEAT],
    nextHeartbeat: () => count,
  });
  await link.open();
  return {
    claim: () => link.send({ kind: 'write', node: OWNER, value: 99 }),
    beat: () => link.send({ kind: 'write', node: HEARTBEAT, value: ++count % 100 }),
    word: async () => (await link.send({ kind: 'read', nodes: [OWNER] })).readings[0].value,
    close: () => link.close(),
  };
}

describe("the owner's word", () => {
  test('is taken at connect, shown with each poll, given up at close', async () => {
    const { device, wire } = await plc();
    await device.connect();
    const somebody = await other(wire.endpoint);
    try {
      expect(await reading(device, 'owned_on')).toMatchObject({ value: 1, quality: 0, reason: undefined });
      expect(await somebody.word()).toBeGreaterThan(0);
      await somebody.claim();
      expect(await reading(device, 'owned_on')).toMatchObject({ value: 0, quality: 0 });
      // Not ours any more: it stays as it is.
      await device.close();
      expect(await somebody.word()).toBe(99);
    } finally {
      await somebody.close();
    }
  });

  test('ours is taken out at close', async () => {
    const { device, wire } = await plc();
    await device.connect();
    await device.close();
    const somebody = await other(wire.endpoint);
    expect(await somebody.word()).toBe(0);
    await somebody.close();
  });

  test("refuses us while another one's stands and its heartbeat goes on", async () => {
    const { device, wire, clock, server } = await plc();
    const somebody = await other(wire.endpoint);
    await somebody.claim();
    const stop = clock.every(0.2, () => void somebody.beat().catch(() => {}));
    try {
      await expect(device.connect()).rejects.toMatchObject({ code: 'local' });
      expect(device.state).toBe('closed');
      expect(await somebody.word()).toBe(99);
      expect(server.connections).toBe(1);
    } finally {
      stop();
      await somebody.close();
    }
  });

  test('one that was left behind is replaced', { timeout: 20_000 }, async () => {
    const { device, wire } = await plc();
    const somebody = await other(wire.endpoint);
    await somebody.claim();
    await somebody.beat();
    await somebody.close();
    await device.connect();
    expect(await reading(device, 'owned_on')).toMatchObject({ value: 1, quality: 0 });
  });

  test('a PLC without one has no such channel', async () => {
    const { device } = await plc({ nodesFile: nodesWith(`owner: { node: '${OWNER}' }`, '') });
    await device.connect();
    expect(device.channels.map(c => c.name)).not.toContain('owned_on');
    expect((await device.read()).reason).toBeUndefined();
  });
});
