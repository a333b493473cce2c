import { execFile, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { alicat } from '../../../sim/device/modbus/alicat.ts';
import { beckhoff } from '../../../sim/device/modbus/beckhoff.ts';
import { eurotherm, watlow } from '../../../sim/device/modbus/controllers.ts';
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
import importlib.util, json, struct, sys, time, types
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
        [7, beckhoff(ground, { ai: 2, ao: 1, di: 4, do: 2, isEk: false })],
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
  'ek9000 watchdog': [h(0x1020, 3, 5).registers[1:], 0 < h(0x1020, 1, 5).registers[0] <= 1000, h(0x1040, 1, 5).registers, h(0x1120, 1, 5).registers, h(0x1122, 3, 5).registers, h(0x1140, 1, 5).registers[0] > 0],
  'ek9000 has no status of a BK9000, no reaction 3': [h(0x100b, 1, 5).exception_code, c.write_register(0x1123, 3, slave=5).exception_code],
  'ek9000 acts': [c.write_registers(0x0800, [30000], slave=5).isError(), c.write_register(0x1120, 50, slave=5).isError(), time.sleep(0.2), h(0x1020, 2, 5).registers, h(0x0800, 1, 5).registers, c.write_registers(0x0800, [1], slave=5).exception_code],
  'ek9000 reset': [c.write_register(0x1121, 0xBECF, slave=5).isError(), c.write_register(0x1121, 0xAFFE, slave=5).isError(), c.write_registers(0x0800, [1], slave=5).isError()],
  'ek9000 E-bus stopped': [c.write_register(0x1140, 0, slave=5).isError(), h(0x1040, 1, 5).registers, c.write_register(0x1140, 1, slave=5).isError(), h(0x1040, 1, 5).registers],
  'bk9000 diagnosis, watchdog': [h(0x100b, 2, 7).registers, h(0x1020, 1, 7).registers, c.write_coil(0, True, slave=7).isError(), 0 < h(0x1020, 1, 7).registers[0] <= 1000, h(0x1021, 1, 7).exception_code, h(0x1123, 1, 7).exception_code],
  't7 lines: state, driven, seen, read as an input': [h(2500, 1, 2).registers, c.write_register(2001, 1, slave=2).isError(), h(2500, 1, 2).registers, h(2800, 2, 2).registers, h(2850, 2, 2).registers, h(2001, 1, 2).registers, h(2850, 2, 2).registers],
  't7 device K, float test': [f(h(60052, 2, 2).registers), f(h(55124, 2, 2).registers)],
  'eurotherm set points': [c.write_register(24, 655, slave=3).isError(), h(2, 1, 3).registers, c.write_register(25, 700, slave=3).isError(), h(24, 2, 3).registers, h(5, 1, 3).registers],
  'alicat gains': [h(1119, 6, 1).registers, c.write_registers(1121, [0, 25], slave=1).isError(), h(1121, 2, 1).registers],
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
      'ek9000 watchdog': [[0, 1], true, [1], [1000], [1, 0, 1], true],
      'ek9000 has no status of a BK9000, no reaction 3': [2, 3],
      'ek9000 acts': [false, false, null, [0, 1], [0], 4],
      'ek9000 reset': [false, false, false],
      'ek9000 E-bus stopped': [false, [0], false, [1]],
      'bk9000 diagnosis, watchdog': [[0, 0], [0], false, true, 2, 2],
      't7 lines: state, driven, seen, read as an input': [[8], false, [10], [0, 10], [0, 2], [0], [0, 0]],
      't7 device K, float test': [298.15, -9999],
      'eurotherm set points': [false, [655], false, [655, 700], [655]],
      'alicat gains': [[0, 100, 0, 0, 0, 5000], false, [0, 25]],
      'enapter identity, locked heartbeat': [[17740, 12849], 4],
    });
  });
});
