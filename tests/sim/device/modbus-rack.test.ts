import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbusSerial from 'modbus-serial';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Emulator, noFaults } from '../../../sim/device/faults.ts';
import { modbusRack } from '../../../sim/device/modbus-rack.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { handRig } from './hand-rig.ts';

const MAP = 'examples/pem-500kw/cell-rack.yaml';
const ROLES = {
  outletTemperature_degC: 'stack.temperature_degC',
  inletTemperature_degC: 'stack.inletTemperature_degC',
  roomTemperature_degC: 'room.temperature_degC',
  anodePressure_barg: 'anode.pressure_barg',
  'cell[].voltage_V': 'cell.voltage_V[]',
};
const cells = Object.fromEntries(
  Array.from({ length: 135 }, (_, i) => [`cell.voltage_V[${i + 1}]`, 1.8 + i / 1000]),
);
const rig = handRig(
  {
    'stack.temperature_degC': 60.12,
    'stack.inletTemperature_degC': -5,
    'room.temperature_degC': Number.NaN,
    'anode.pressure_barg': 1000,
    ...cells,
  },
  [],
);
const clock = realClock();
const folder = mkdtempSync(join(tmpdir(), 'cellbench-rack-'));
let pty: PtyPair;
let rack: Emulator;
let client: modbusSerial.default;

const connect = async (): Promise<void> => {
  client = new modbusSerial.default();
  // Line errors also reject the request; without a listener they would end the process.
  client.on('error', () => {});
  client.setTimeout(200);
  client.setID(1);
  await client.connectRTUBuffered(pty.bench, { baudRate: 115200 });
};
const disconnect = (): Promise<void> => new Promise(resolve => client.close(() => resolve()));

beforeAll(async () => {
  pty = await openPtyPair(folder, 'rack');
  rack = modbusRack({ rig, clock }, { units: [{ mapFile: MAP, roles: ROLES }], path: pty.instrument });
  await rack.start();
  await connect();
});
afterEach(async () => {
  const wasFaulty = rack.faults.silence || rack.faults.corrupt;
  Object.assign(rack.faults, noFaults());
  if (!wasFaulty) return;
  // What still comes of a damaged reply must not be taken for the next one's.
  await disconnect();
  await connect();
});
afterAll(async () => {
  await disconnect();
  await rack.end();
  await pty.unplug();
  rmSync(folder, { recursive: true });
});

const failure = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: { message?: string }) => String(error.message),
  );

describe('register image', () => {
  it('identifies itself', async () =>
    expect((await client.readInputRegisters(0, 2)).data).toEqual([52241, 135]));

  it('scales, keeps signs, marks a missing sensor, and does not mistake over-range for one', async () => {
    expect((await client.readInputRegisters(10, 4)).data).toEqual([6012, 65536 - 500, 32767, 32766]);
  });

  it('has all cells in order', async () => {
    const { data: first } = await client.readInputRegisters(100, 125);
    const { data: rest } = await client.readInputRegisters(225, 10);
    expect([...first, ...rest].map(raw => raw / 10000)).toEqual(
      Array.from({ length: 135 }, (_, i) => Math.round((1.8 + i / 1000) * 10000) / 10000),
    );
  });

  it.each([
    ['a register outside the map', () => client.readInputRegisters(14, 1), /exception 2/],
    ['the other table', () => client.readHoldingRegisters(10, 1), /exception 2/],
    ['writes', () => client.writeRegister(10, 1), /exception 1/],
  ])('refuses %s', async (_, ask, reason) => expect(await failure(ask())).toMatch(reason));

  it('leaves other units to answer for themselves', async () => {
    client.setID(2);
    expect(await failure(client.readInputRegisters(10, 1))).toBe('Timed out');
    client.setID(1);
  });
});

describe('faults on the line', () => {
  it('silent', async () => {
    rack.faults.silence = true;
    expect(await failure(client.readInputRegisters(10, 1))).toBe('Timed out');
  });

  it('wrong CRC', async () => {
    rack.faults.corrupt = true;
    expect(await failure(client.readInputRegisters(10, 1))).toMatch(/CRC|Timed out/);
  });

  it('frozen', async () => {
    await client.readInputRegisters(10, 1);
    rack.faults.freeze = true;
    rig.show('stack.temperature_degC', 70);
    expect((await client.readInputRegisters(10, 1)).data).toEqual([6012]);
    rack.faults.freeze = false;
    expect((await client.readInputRegisters(10, 1)).data).toEqual([7000]);
  });

  it('unplugged: the path vanishes, and works again under the same name', async () => {
    const path = pty.bench;
    await rack.stop();
    await pty.unplug();
    expect(await failure(client.readInputRegisters(10, 1))).not.toBe('no failure');
    await disconnect();
    expect(await failure(connect())).toMatch(/No such file|ENOENT/);
    await pty.plug();
    await rack.start();
    expect(pty.bench).toBe(path);
    await connect();
    expect((await client.readInputRegisters(0, 1)).data).toEqual([52241]);
  });
});

describe('configuration', () => {
  const make = (mapFile: string, roles: Record<string, string>): (() => Emulator) => {
    return () => modbusRack({ rig, clock }, { units: [{ mapFile, roles }], path: '/nowhere' });
  };
  it.each([
    ['a missing file', make('nowhere.yaml', ROLES), /nowhere\.yaml: cannot be opened/],
    [
      'a signal that the rig has not',
      make(MAP, { ...ROLES, outletTemperature_degC: 'x.y_V' }),
      /no sensor "x.y_V"/,
    ],
    ['a file of another kind', make('examples/pem-500kw/bench.yaml', ROLES), /bench\.yaml/],
    [
      'two units of one number on a line',
      () =>
        modbusRack(
          { rig, clock },
          {
            units: [
              { mapFile: MAP, roles: ROLES },
              { mapFile: MAP, roles: {} },
            ],
          },
        ),
      /unit 1 is on this line already/,
    ],
  ])('refuses %s', (_, open, reason) => expect(open).toThrow(reason));

  it('on TCP as on a line; an input that nothing is connected to is a missing sensor', async () => {
    const { outletTemperature_degC: _, ...roles } = ROLES;
    const onTcp = modbusRack({ rig, clock }, { units: [{ mapFile: MAP, roles }] });
    await onTcp.start();
    const tcp = new modbusSerial.default();
    await tcp.connectTCP('127.0.0.1', { port: onTcp.port });
    tcp.setID(1);
    expect((await tcp.readInputRegisters(10, 2)).data).toEqual([32767, 65036]);
    await new Promise<void>(resolve => tcp.close(() => resolve()));
    await onTcp.end();
  });
});

const python = '/usr/bin/python3';
const hasPymodbus = spawnSync(python, ['-c', 'import pymodbus.client, serial']).status === 0;
describe.skipIf(!hasPymodbus)('against pymodbus (skipped where it is not installed)', () => {
  it('reads temperatures and cells', async () => {
    await disconnect();
    const script = `
import json, sys
from pymodbus.client import ModbusSerialClient
c = ModbusSerialClient(port=sys.argv[1], baudrate=115200, timeout=1); assert c.connect()
out = [c.read_input_registers(0, 2, slave=1).registers, c.read_input_registers(100, 3, slave=1).registers,
  c.read_input_registers(14, 1, slave=1).exception_code]
c.close(); print(json.dumps(out))`;
    const said = await new Promise<string>((resolve, reject) =>
      execFile(python, ['-c', script, pty.bench], (error, out) => (error ? reject(error) : resolve(out))),
    );
    expect(JSON.parse(said)).toEqual([[52241, 135], [18000, 18010, 18020], 2]);
    await connect();
  });
});
