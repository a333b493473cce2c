import { type ClientSession, DataType, OPCUAClient, StatusCodes } from 'node-opcua';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { noFaults } from '../../../sim/device/faults.ts';
import { type OpcuaPlc, opcuaPlc } from '../../../sim/device/opcua/plc.ts';
import { PLC_CHANNELS, PLC_SETTABLES } from '../../support/plc-roles.ts';
import { handRig } from './hand-rig.ts';

const clock = realClock();
const rig = handRig(
  Object.fromEntries(Object.values(PLC_CHANNELS).map((name, i) => [name, i])),
  Object.values(PLC_SETTABLES),
);
let plc: OpcuaPlc;
let client: OPCUAClient;
let session: ClientSession;
let prefix = '';

beforeAll(async () => {
  plc = opcuaPlc(
    { rig, clock },
    { nodesFile: 'examples/pem-500kw/plc-nodes.yaml', roles: { ...PLC_CHANNELS, ...PLC_SETTABLES } },
  );
  await plc.start();
});
afterAll(() => plc.end());
beforeEach(async () => {
  client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    defaultTransactionTimeout: 1000,
    transportTimeout: 1000,
  });
  await client.connect(plc.endpoint);
  session = await client.createSession();
  const index = (await session.readNamespaceArray()).indexOf('urn:cellbench:bench-plc');
  prefix = `ns=${index};s="Bench".`;
});
afterEach(async () => {
  Object.assign(plc.faults, noFaults());
  await client.disconnect();
});

const read = async (tag: string): Promise<unknown> =>
  (await session.read({ nodeId: `${prefix}"${tag}"` })).value.value;
const write = (tag: string, dataType: DataType, value: unknown): Promise<{ name: string }> =>
  session.write({
    nodeId: `${prefix}"${tag}"`,
    attributeId: 13,
    value: { value: { dataType, value } },
  });

describe('nodes', () => {
  it('carry every channel of the file', async () => {
    expect(await read('waterFlow')).toBe(4);
    expect(await read('ventilation')).toBe(true);
    expect(await read('h2InO2')).toBe(0);
  });

  it('answer a broken sensor with a bad status, never with a number', async () => {
    rig.show('water.flow_L_per_min', Number.NaN);
    const { statusCode } = await session.read({ nodeId: `${prefix}"waterFlow"` });
    expect(statusCode).toEqual(StatusCodes.BadSensorFailure);
    rig.show('water.flow_L_per_min', 4);
  });

  it('drive the rig, within their range, and read back', async () => {
    expect((await write('temperatureSet', DataType.Double, 60)).name).toBe('Good');
    expect(rig.settingOf('stack.temperatureSet_degC')).toBe(60);
    expect(await read('temperatureSet')).toBe(60);
    expect((await write('waterPumpSet', DataType.Boolean, true)).name).toBe('Good');
    expect(rig.settingOf('water.pumpSet_on')).toBe(1);
    expect((await write('temperatureSet', DataType.Double, 91)).name).toBe('BadOutOfRange');
    expect((await write('temperatureSet', DataType.Double, Number.NaN)).name).toBe('BadOutOfRange');
    expect((await write('temperatureSet', DataType.Boolean, true)).name).toBe('BadTypeMismatch');
    expect((await write('waterFlow', DataType.Double, 1)).name).toBe('BadNotWritable');
    expect(rig.settingOf('stack.temperatureSet_degC')).toBe(60);
  });
});

describe('heartbeat', () => {
  it('trips to the safe action when the counter stands still, and keeps the trip in mind', async () => {
    rig.set(rig.actuatorIndex('h2.outletValveSet_on'), 1);
    await write('heartbeat', DataType.UInt32, 1);
    await write('heartbeatTimeout_s', DataType.Double, 0.6);
    for (let beat = 2; beat < 10; beat++) {
      await clock.sleep(0.1);
      await write('heartbeat', DataType.UInt32, beat);
    }
    expect(await read('heartbeatTripped')).toBe(false);
    expect(rig.settingOf('h2.outletValveSet_on')).toBe(1);
    // The same number again is no beat.
    await clock.sleep(0.4);
    await write('heartbeat', DataType.UInt32, 9);
    await clock.sleep(0.4);
    expect(await read('heartbeatTripped')).toBe(true);
    expect(
      ['anode.ventValveSet_on', 'n2.anodeValveSet_on', 'h2.outletValveSet_on', 'room.ventilationSet_on'].map(
        name => rig.settingOf(name),
      ),
    ).toEqual([1, 1, 0, 1]);
    await write('heartbeat', DataType.UInt32, 10);
    expect(await read('heartbeatTripped')).toBe(true);
    await write('heartbeatTimeout_s', DataType.Double, 0);
    expect(await read('heartbeatTripped')).toBe(false);
  });
});

describe('faults', () => {
  it.each(['silence', 'corrupt'] as const)('%s: no answer comes through', async fault => {
    plc.faults[fault] = true;
    await expect(read('waterFlow')).rejects.toThrow();
  });

  it('late', async () => {
    plc.faults.delay_ms = 100;
    const start_s = clock.now_s();
    expect(await read('waterFlow')).toBe(4);
    expect(clock.now_s() - start_s).toBeGreaterThan(0.098);
    plc.faults.delay_ms = 0;
  });

  it('cut off, and back at the same endpoint in no time', async () => {
    const { endpoint } = plc;
    await plc.stop();
    await expect(read('waterFlow')).rejects.toThrow();
    await plc.start();
    expect(plc.endpoint).toBe(endpoint);
    const again = OPCUAClient.create({ endpointMustExist: false });
    await again.connect(endpoint);
    const fresh = await again.createSession();
    expect((await fresh.read({ nodeId: `${prefix}"waterFlow"` })).value.value).toBe(4);
    await fresh.close();
    await again.disconnect();
  });
});
