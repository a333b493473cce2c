import { execFile, spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { psbOnALine } from './ea-psb-on-a-line.ts';

/** The emulated supply before pymodbus, an independent client: groups of the register list, set points, remote, 425, exceptions. */

const psb = psbOnALine();
const { rig, supply } = psb;

const HEAD = `
import importlib.util, json, struct, sys
from unittest.mock import MagicMock
for name in ('serial', 'serial_asyncio'):  # for serial lines, which nobody needs here
  if importlib.util.find_spec(name) is None: sys.modules[name] = MagicMock()
from pymodbus.client import ModbusTcpClient
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer
`;
const python = '/usr/bin/python3';
const hasPymodbus = spawnSync(python, ['-c', HEAD]).status === 0;

const FRAMES = [
  ['frames of RTU on its own port', () => supply.port, 'ModbusRtuFramer'],
  ['Modbus TCP of the module', () => supply.modbusTcpPort ?? 0, 'ModbusSocketFramer'],
] as const;

/** What the script prints: `h`, `c` read registers and a coil, `w`, `wc` write them; each gives values, or its exception. */
async function said(port: number, framer: string, script: string): Promise<unknown> {
  const whole = `${HEAD}
c_ = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]), framer=${framer}); assert c_.connect()
def told(r, of): return 'exception %d' % r.exception_code if r.isError() else of(r)
h = lambda a, n=1, u=0: told(c_.read_holding_registers(a, n, slave=u), lambda r: r.registers)
c = lambda a: told(c_.read_coils(a, 1, slave=0), lambda r: r.bits[0])
w = lambda a, x: told(c_.write_register(a, x, slave=0), lambda r: 'ok')
ws = lambda a, x: told(c_.write_registers(a, x, slave=0), lambda r: 'ok')
wc = lambda a, on: told(c_.write_coil(a, on, slave=0), lambda r: 'ok')
text = lambda a: struct.pack('>20H', *h(a, 20)).rstrip(b'\\0').decode()
floats = lambda a, n: [round(x, 3) for x in struct.unpack('>%df' % n, struct.pack('>%dH' % (2 * n), *h(a, 2 * n)))]
long = lambda a: struct.unpack('>I', struct.pack('>2H', *h(a, 2)))[0]
bits = lambda a, *at: [long(a) >> n & 1 for n in at]
${script}
c_.close(); print(json.dumps(out))`;
  // In the background: this process is the server.
  const printed = await new Promise<string>((resolve, reject) =>
    execFile(python, ['-c', whole, String(port)], (error, out) => (error ? reject(error) : resolve(out))),
  );
  return JSON.parse(printed);
}

describe.skipIf(!hasPymodbus).each(FRAMES)('%s (skipped without pymodbus)', (_, portOf, framer) => {
  const asked = (script: string): Promise<unknown> => said(portOf(), framer, script);
  // From the factory a coil comes as a whole register, which no RTU client takes for one: such ones need compliance Full.
  beforeEach(() => {
    supply.state.isFull = true;
  });

  it('groups of the register list', async () => {
    const script = `
out = {
  'class': h(0), 'type, serial': [text(1), text(151)], 'nominal V, A, W': floats(121, 3),
  'set points': len(h(498, 7)), 'status, actual values': [len(h(505, 2)), h(507, 3)],
  'alarms': [len(h(511, 2)), len(h(520, 8))], 'limits': len(h(9000, 10)),
  'of two types, a hole, too many': [h(505, 5), h(300), h(503, 126)],
}`;
    expect(await asked(script)).toEqual({
      class: [83],
      'type, serial': ['PSB 10360-2400', '1234567890'],
      'nominal V, A, W': [360, 2400, 600_000],
      'set points': 7,
      'status, actual values': [2, [34952, 26214, 25166]],
      alarms: [2, 8],
      limits: 10,
      'of two types, a hole, too many': ['exception 2', 'exception 2', 'exception 3'],
    });
  });

  it('remote first, then set points and output, each as it is read back', async () => {
    const script = `
out = {
  'not remote': [w(501, 100), wc(405, True), bits(505, 11, 7)],
  'remote': [wc(402, True), c(402), bits(505, 11, 7)],
  'set': [w(500, 26214), w(501, 13107), ws(502, [52428]), w(499, 5243), w(498, 0)],
  'held': h(498, 5),
  'on': [wc(405, True), c(405), bits(505, 11, 7)],
}`;
    expect(await asked(script)).toEqual({
      'not remote': ['exception 7', 'exception 7', [0, 0]],
      remote: ['ok', true, [1, 0]],
      set: ['ok', 'ok', 'ok', 'ok', 'ok'],
      held: [0, 5243, 26214, 13107, 52428],
      on: ['ok', true, [1, 1]],
    });
    expect(rig.settingOf('stack.voltageSet_V')).toBeCloseTo(180, 1);
    expect(rig.settingOf('stack.currentSet_A')).toBeCloseTo(600, 0);
    expect(rig.settingOf('stack.outputSet_on')).toBe(1);
  });

  it('register 425: what DC does when remote ends', async () => {
    const script = `
on = lambda: [wc(402, True), wc(405, True)]
out = { 'from the factory': [c(425), on(), wc(402, False), c(405)] }
out['stays'] = [wc(402, True), wc(425, True), c(425), on(), wc(402, False), c(405), c(402)]
out['off again'] = [wc(402, True), wc(425, False), c(425), wc(402, False), c(405)]
out['not remote'] = [wc(425, True), c(425)]`;
    const ok2 = ['ok', 'ok'];
    expect(await asked(script)).toEqual({
      'from the factory': [false, ok2, 'ok', false],
      stays: ['ok', 'ok', true, ok2, 'ok', true, false],
      'off again': ['ok', 'ok', false, 'ok', false],
      'not remote': ['exception 7', false],
    });
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
  });

  it('exceptions', async () => {
    const script = `
wc(402, True)
f4 = told(c_.read_input_registers(507, 3, slave=0), lambda r: r.registers)
f2 = told(c_.read_discrete_inputs(402, 1, slave=0), lambda r: r.bits)
f15 = told(c_.write_coils(402, [True, True], slave=0), lambda r: 'ok')
out = {
  'functions that it lacks': [f4, f2, f15],
  'a coil as a register, a register as a coil': [h(405), c(501)],
  'over 102 %': [w(501, 0xd0e6), w(500, 65535)],
  'two at once, an actual value, an unknown coil': [ws(500, [1, 1]), w(507, 1), wc(406, True)],
  'nothing of it was set': h(500, 2),
}`;
    const before = (await psb.client.readHoldingRegisters(500, 2)).data;
    expect(await asked(script)).toEqual({
      'functions that it lacks': ['exception 1', 'exception 1', 'exception 1'],
      'a coil as a register, a register as a coil': ['exception 1', 'exception 1'],
      'over 102 %': ['exception 3', 'exception 3'],
      'two at once, an actual value, an unknown coil': ['exception 2', 'exception 2', 'exception 2'],
      'nothing of it was set': before,
    });
  });

  it('a person at the panel: everything is read, nothing written', async () => {
    supply.state.setLocal(true);
    expect(
      await asked(`out = [w(501, 100), wc(402, True), wc(405, True), wc(425, True), h(507, 3)]`),
    ).toEqual([...Array(4).fill('exception 23'), [34952, 26214, 25166]]);
  });
});

describe.skipIf(!hasPymodbus)('as unit 1 (skipped without pymodbus)', () => {
  it.each(FRAMES)('%s', async (_, portOf, framer) => {
    const isRtu = framer === 'ModbusRtuFramer';
    const values = [34952, 26214, 25166];
    const asked = (): Promise<unknown> => said(portOf(), framer, 'out = h(507, 3, 1)');
    expect(await asked()).toEqual(isRtu ? 'exception 2' : values);
    supply.state.isFull = true;
    expect(await asked()).toEqual(values);
  });
});
