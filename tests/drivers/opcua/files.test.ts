import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { opcuaPlc } from '../../../drivers/opcua/plc.ts';
import { FOLDER, nodesWith, plc } from './plc-on-a-cable.ts';

describe('refused at connect', () => {
  test.each([
    ['namespace', 'urn:cellbench:bench-plc', 'urn:somebody:else', /no namespace urn:somebody:else/],
    ['channel', '"Bench"."roomH2"', '"Bench"."roomX"', /no node s="Bench"\."roomX" for roomH2_vol_pct/],
    ['settable', '"Bench"."waterPumpSet"', '"Bench"."pumpSet"', /pumpSet.*BadNodeIdUnknown/],
  ])('a %s that the server does not have', async (_name, from, to, message) => {
    const { device } = await plc({ driverNodes: nodesWith(from, to) });
    const refused = device.connect();
    await expect(refused).rejects.toMatchObject({ code: 'identity' });
    await expect(refused).rejects.toThrow(message);
    expect(device.state).toBe('closed');
  });

  test('nobody there', async () => {
    const { device, wire } = await plc();
    await wire.down();
    await expect(device.connect()).rejects.toMatchObject({ code: 'closed' });
    expect(device.state).toBe('closed');
  });
});

describe('files and options', () => {
  test.each([
    ['a missing unit', 'h2InO2_vol_pct', 'h2InO2', 5, /ends in its unit/],
    ['an unknown key', 'range: [0, 1000],', 'range: [0, 1000], scale: 2,', 9, /scale/],
    ['text for a number', '[0, 1000]', '[0, many]', 9, /number/],
    ['a safe line for nothing', 'set: anodeVentValveSet_on', 'set: anodeVentSet_on', 33, /none/],
    [
      'a safe value out of range',
      'set: h2OutletValveSet_on, to: 0',
      'set: h2OutletValveSet_on, to: 3',
      35,
      /0 \.\. 1/,
    ],
    ['a name twice', 'o2InH2_vol_pct', 'h2InO2_vol_pct', 6, /twice/],
    ['a node with a fixed namespace', `'s="Bench"."roomH2"'`, 'ns=3;s=x', 7, /without namespace/],
    ['broken YAML', 'settables:', 'settables: [', 21, /opens here and is not closed/],
  ])('%s is refused with file and line', (_name, from, to, line, message) => {
    const path = nodesWith(from, to);
    const describePlc = () =>
      opcuaPlc.describe(
        opcuaPlc.options.parse({ endpoint: 'opc.tcp://127.0.0.1:4840', nodes: path }),
        FOLDER,
      );
    expect(describePlc).toThrow(expect.objectContaining({ code: 'config', where: `${path}:${line}` }));
    expect(describePlc).toThrow(message);
  });

  test.each(['http://plc:4840', 'opc.tcp://plc', '192.168.0.30:4840'])('endpoint %s is refused', endpoint => {
    expect(opcuaPlc.options.safeParse({ endpoint, nodes: 'plc-nodes.yaml' }).success).toBe(false);
  });

  test('a heartbeat may be a single bit', async () => {
    const { device, set } = await plc({
      driverNodes: nodesWith(`'s="Bench"."heartbeat"'`, `'s="Bench"."waterPumpSet"'`),
    });
    await device.connect();
    const bits: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      expect((await device.read()).reason).toBeUndefined();
      bits.push(set.get('water.pumpSet_on'));
    }
    expect(bits).toEqual([1, 0, 1, 0]);
  });

  test('the OPC UA library is loaded in a thread of its own, never in the one that samples and trips', async () => {
    const at = (path: string) => JSON.stringify(join(import.meta.dirname, '../../../drivers', path));
    const script = `
      const loaded = () => Object.keys(process.getBuiltinModule('module')._cache).filter(p => p.includes('node-opcua')).length;
      await import(${at('opcua/plc.ts')});
      const atImport = loaded();
      await (await import(${at('transport/opcua/link.ts')})).prepareOpcua();
      console.log(atImport, loaded());
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(stdout).toBe('0 0\n');
    expect(stderr).toBe('');
  });
});
