import { execFile, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { alicat } from '../../../sim/device/modbus/alicat.ts';
import { eurotherm, watlow } from '../../../sim/device/modbus/controllers.ts';
import { beckhoff } from '../../../sim/device/modbus/couplers.ts';
import { enapter } from '../../../sim/device/modbus/enapter.ts';
import {
  type Ground,
  type ModbusInstrument,
  modbusInstrument,
} from '../../../sim/device/modbus/instrument.ts';
import { labjackT7 } from '../../../sim/device/modbus/labjack.ts';

/** The emulators of instruments that speak Modbus, asked by a client that is not ours. */

const felt: Readonly<Record<string, number>> = {
  flow: 10,
  pressure: 14.7,
  temperature: 24.2,
  ain2: 1.825,
  dio: 8,
  ai1: -5,
  temperature0: 99.5,
};
const ground: Ground = { clock: realClock(), sense: name => felt[name] ?? Number.NaN, drive: () => {} };
let line: ModbusInstrument | undefined;
afterEach(() => line?.end());

const python = '/usr/bin/python3';
/** Debian's pymodbus asks for the serial libraries even where only TCP is used. */
const HEAD = `
import importlib.util, json, struct, sys, types
for name in ('serial', 'serial_asyncio'):
  if importlib.util.find_spec(name) is None:
    sys.modules[name] = types.SimpleNamespace(create_serial_connection=None, connection_made=None)
from pymodbus.client import ModbusTcpClient
`;
const hasPymodbus = spawnSync(python, ['-c', HEAD]).status === 0;
describe.skipIf(!hasPymodbus)('against pymodbus (skipped where it is not installed)', () => {
  it('reads and writes what the papers say', async () => {
    line = modbusInstrument(alicat(ground, { gas: 6, fullScale: 20 }), ground, {
      unit: 1,
      others: new Map([
        [2, labjackT7(ground, { serial: 470012345 })],
        [3, eurotherm(ground, { decimals: 1, ident: 0x2461, sensorMax: 600 })],
        [4, watlow(ground, { zones: 1 })],
        [5, beckhoff(ground, { ai: 2, ao: 1, di: 4, do: 2, isEk: true })],
        [6, enapter(ground, { productCode: 0x2101, isEl21: true })],
      ]),
    });
    await line.start();
    const script = `${HEAD}
c = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1])); assert c.connect()
f = lambda r: round(struct.unpack('>f', struct.pack('>HH', *r))[0], 3)
w = lambda x: list(struct.unpack('>HH', struct.pack('>f', x)))
h = lambda a, n, u: c.read_holding_registers(a, n, slave=u)
i = lambda a, n, u: c.read_input_registers(a, n, slave=u)
out = {
  'alicat flow, gas': [f(i(1208, 2, 1).registers), i(1199, 1, 1).registers[0]],
  'alicat set': [c.write_registers(1009, w(2.5), slave=1).isError(), f(h(1009, 2, 1).registers)],
  'alicat too much': c.write_registers(1009, w(30.0), slave=1).exception_code,
  't7 test, product, serial, ain2': [h(55100, 2, 2).registers, f(h(60000, 2, 2).registers), h(60028, 2, 2).registers, f(i(4, 2, 2).registers)],
  't7 open input': f(i(0, 2, 2).registers),
  't7 dac': [c.write_registers(1000, w(3.25), slave=2).isError(), f(h(1000, 2, 2).registers)],
  'eurotherm pv, float, undefined': [h(1, 1, 3).registers[0], f(h(0x8002, 2, 3).registers), h(7, 1, 3).exception_code],
  'watlow, low word first': f(h(360, 2, 4).registers[::-1]),
  'beckhoff image, ai1': [h(0x1010, 4, 5).registers, i(1, 1, 5).registers[0]],
  'beckhoff coil': [c.write_coil(1, True, slave=5).isError(), c.read_coils(0, 2, slave=5).bits[:2]],
  'enapter identity, locked heartbeat': [i(0, 2, 6).registers, c.write_registers(4600, [0, 5], slave=6).exception_code],
}
c.close(); print(json.dumps(out))`;
    const { port } = line;
    // In the background: this process is the server.
    const said = await new Promise<string>((resolve, reject) =>
      execFile(python, ['-c', script, String(port)], (error, out) => (error ? reject(error) : resolve(out))),
    );
    expect(JSON.parse(said)).toEqual({
      'alicat flow, gas': [10, 6],
      'alicat set': [false, 2.5],
      'alicat too much': 3,
      't7 test, product, serial, ain2': [[0x0011, 0x2233], 7, [7171, 53689], 1.825],
      't7 open input': -9999,
      't7 dac': [false, 3.25],
      'eurotherm pv, float, undefined': [242, 24.2, 2],
      'watlow, low word first': 99.5,
      'beckhoff image, ai1': [[16, 32, 2, 4], 65531],
      'beckhoff coil': [false, [false, true]],
      'enapter identity, locked heartbeat': [[17740, 12849], 4],
    });
  });
});
