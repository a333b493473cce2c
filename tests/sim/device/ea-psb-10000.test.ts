import { execFile, spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type EaPsb10000, eaPsb10000 } from '../../../sim/device/ea-psb-10000.ts';
import { noFaults } from '../../../sim/device/faults.ts';
import { handRig } from './hand-rig.ts';

/** Checked with the client of modbus-serial and, where it is installed, pymodbus: neither is ours. */

const clock = realClock();
const rig = handRig({ 'stack.voltage_V': 240, 'stack.current_A': 1200, 'stack.power_W': 288_000 }, [
  'stack.voltageSet_V',
  'stack.currentSet_A',
  'stack.powerSet_W',
  'stack.outputSet_on',
]);
const ratings = {
  voltageNominal_V: 360,
  currentNominal_A: 2400,
  powerNominal_W: 600_000,
  type: 'PSB 10360-2400',
  serial: '1234567890',
};
let supply: EaPsb10000;
let offWrites = 0;
let client: modbusSerial.default;

beforeAll(async () => {
  supply = eaPsb10000({ rig, clock }, { ratings, onOutputOff: () => offWrites++ });
  await supply.start();
});
afterAll(() => supply.end());
beforeEach(async () => {
  client = new modbusSerial.default();
  // Line errors also reject the request; without a listener they would end the process.
  client.on('error', () => {});
  client.setTimeout(300);
  client.setID(0);
  await client.connectTCP('127.0.0.1', { port: supply.port });
});
afterEach(async () => {
  Object.assign(supply.faults, noFaults());
  supply.state.setLocal(false);
  supply.state.setMonitoring({ active: false });
  supply.state.setCause('OT', false);
  supply.state.acknowledge();
  supply.state.takeRemote(false);
  supply.state.switchOutput(false);
  await new Promise<void>(resolve => client.close(() => resolve()));
});

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (error: { modbusCode?: number; name?: string }) => error.modbusCode ?? error.name,
  );
const status = async (): Promise<number> =>
  (await client.readHoldingRegisters(505, 2)).buffer.readUInt32BE(0);
const text = (buffer: Buffer): string => buffer.toString('latin1').replaceAll('\0', '');

describe('reading', () => {
  it('shows its type plate', async () => {
    expect(text((await client.readHoldingRegisters(1, 20)).buffer)).toBe('PSB 10360-2400');
    expect(text((await client.readHoldingRegisters(151, 20)).buffer)).toBe('1234567890');
    const { buffer } = await client.readHoldingRegisters(121, 6);
    expect([0, 4, 8].map(at => buffer.readFloatBE(at))).toEqual([360, 2400, 600_000]);
  });

  it('gives actual values in percent of nominal, in even steps', async () => {
    const raw = (await client.readHoldingRegisters(507, 3)).data;
    expect(raw).toEqual([(240 / 360) * 52428, (1200 / 2400) * 52428, 25166]);
    expect(Math.abs((raw[2] / 52428) * 600_000 - 288_000)).toBeLessThanOrEqual(600_000 / 26214 / 2);
  });

  it.each([
    ['input registers', () => client.readInputRegisters(507, 3), 1],
    ['discrete inputs', () => client.readDiscreteInputs(402, 1), 1],
    ['a hole', () => client.readHoldingRegisters(300, 1), 2],
    ['across a hole', () => client.readHoldingRegisters(405, 3), 2],
  ])('refuses %s', async (_, read, code) => expect(await codeOf(read())).toBe(code));

  it('knows device address 0 only (Limited)', async () => {
    client.setID(1);
    expect(await codeOf(client.readHoldingRegisters(507, 3))).toBe(2);
  });
});

describe('writing', () => {
  it('needs remote: exception 7, and 0x17 while a person holds it', async () => {
    expect(await codeOf(client.writeRegister(501, 100))).toBe(7);
    expect(await codeOf(client.writeCoil(405, true))).toBe(7);
    expect(await codeOf(client.writeCoil(411, true))).toBe(7);
    supply.state.setLocal(true);
    expect(await codeOf(client.writeCoil(402, true))).toBe(0x17);
    expect(await codeOf(client.writeRegister(501, 100))).toBe(0x17);
  });

  it('sets and switches the rig, keeps what was written, quantises what comes out', async () => {
    await client.writeCoil(402, true);
    await client.writeRegister(500, 0xcccc);
    await client.writeRegister(501, 0x6667);
    await client.writeRegisters(502, [0xd0e5]);
    await client.writeCoil(405, true);
    expect((await client.readHoldingRegisters(500, 3)).data).toEqual([0xcccc, 0x6667, 0xd0e5]);
    expect(rig.settingOf('stack.voltageSet_V')).toBe(360);
    expect(rig.settingOf('stack.currentSet_A') * (26214 / 2400)).toBeCloseTo(13108, 9);
    expect(rig.settingOf('stack.powerSet_W')).toBeCloseTo((53478 / 52428) * 600_000, -2);
    expect(rig.settingOf('stack.outputSet_on')).toBe(1);
    expect(await status()).toBe(6 | (1 << 7) | (2 << 9) | (1 << 11));
    await client.writeCoil(405, false);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
    expect(offWrites).toBe(1);
  });

  it.each([
    ['over 102 %', () => client.writeRegister(501, 0xd0e6), 3],
    ['U and I in one request', () => client.writeRegisters(500, [1, 1]), 2],
    ['an actual value', () => client.writeRegister(507, 1), 2],
    ['an unknown coil', () => client.writeCoil(406, true), 2],
    ['several coils', () => client.writeCoils(402, [true, true]), 1],
  ])('refuses %s', async (_, write, code) => {
    await client.writeCoil(402, true);
    expect(await codeOf(write())).toBe(code);
  });
});

describe('alarms', () => {
  it('trips on over-voltage, latches, and comes back only by acknowledge and a new command', async () => {
    await client.writeCoil(402, true);
    await client.writeCoil(405, true);
    await client.writeRegister(550, Math.round((300 / 360) * 52428));
    rig.show('stack.voltage_V', 301);
    expect((await status()) & 0x8080).toBe(0x8000);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
    await client.writeCoil(411, true);
    expect((await status()) & 0x8000).toBe(0x8000);
    rig.show('stack.voltage_V', 240);
    expect((await status()) & 0x8000).toBe(0x8000);
    expect(await codeOf(client.writeCoil(405, true))).toBe(4);
    await client.writeCoil(411, true);
    expect((await status()) & 0x8080).toBe(0);
    await client.writeCoil(405, true);
    expect((await status()) & 0x8080).toBe(0x80);
    expect((await client.readHoldingRegisters(520, 5)).data).toEqual([1, 0, 0, 0, 0]);
  });
});

describe('SCPI and interface monitoring', () => {
  let socket: Socket;
  beforeEach(async () => {
    socket = connect(supply.scpiPort, '127.0.0.1');
    await new Promise<void>(resolve => socket.once('connect', () => resolve()));
  });
  afterEach(() => void socket.destroy());
  const ask = (line: string): Promise<string> =>
    new Promise(resolve => {
      socket.once('data', data => resolve(data.toString().trimEnd()));
      socket.write(`${line}\n`);
    });

  it('answers with units and owner', async () => {
    expect(await ask('*IDN?')).toContain('PSB 10360-2400, 1234567890');
    expect(await ask('MEAS:ARR?')).toBe('240.00V, 1200.00A, 288000.00W');
    expect(await ask('SYST:LOCK:OWN?')).toBe('NONE');
    expect(await ask('SYST:LOCK ON;SYST:LOCK:OWN?')).toBe('REMOTE');
    expect(await ask('NONSENSE;SYST:ERR?')).toBe('-100,"Command error"');
    expect(await ask('SYST:LOCK OFF;OUTP ON;SYST:ERR?;SYST:ERR?')).toBe(
      '-221,"Settings conflict";0,"No error"',
    );
    expect(await ask('*IDN?;*IDN?;*IDN?;*IDN?;*IDN?;*IDN?\nSYST:ERR?')).toBe('-225,"Out of memory"');
  });

  it('switches the output off when armed and nobody speaks on either port, and not before', async () => {
    expect(await ask('SYST:COMM:MON:ACT?')).toBe('OFF');
    await client.writeCoil(402, true);
    await client.writeCoil(405, true);
    expect(await ask('SYST:COMM:MON:TIM 1;SYST:COMM:MON:ACT ON;SYST:COMM:MON:TIM?;SYST:COMM:MON:ACT?')).toBe(
      '1;ON',
    );
    for (let i = 0; i < 15; i++) {
      await clock.sleep(0.1);
      await client.readHoldingRegisters(507, 3);
    }
    expect(rig.settingOf('stack.outputSet_on')).toBe(1);
    const silent_s = clock.now_s();
    while (rig.settingOf('stack.outputSet_on') === 1) await clock.sleep(0.005);
    const after_s = clock.now_s() - silent_s;
    expect(after_s).toBeGreaterThan(0.97);
    expect(after_s).toBeLessThan(1.6);
    expect(Number(await ask('STAT:OPER?')) & 0x80).toBe(0x80);
    expect((await status()) & 0x8080).toBe(0);
    // It watches on: a second silence is noticed too.
    await client.writeCoil(405, true);
    await clock.sleep(1.5);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
  });

  it('closes an idle socket after 5 s', async () => {
    const start_s = clock.now_s();
    await ask('*IDN?');
    socket.resume();
    await new Promise<void>(resolve => socket.once('close', () => resolve()));
    expect(clock.now_s() - start_s).toBeGreaterThan(4.9);
    expect(clock.now_s() - start_s).toBeLessThan(6.5);
  });
});

describe('faults', () => {
  it('hangs: nothing is carried out and nothing answered', async () => {
    await client.writeCoil(402, true);
    await client.writeCoil(405, true);
    supply.faults.silence = true;
    expect(await codeOf(client.writeCoil(405, false))).toBe('TransactionTimedOutError');
    expect(supply.state.output).toBe(true);
    supply.faults.silence = false;
    expect((await client.readHoldingRegisters(507, 1)).data).toEqual([34952]);
  });

  it('answers late', async () => {
    supply.faults.delay_ms = 80;
    const start_s = clock.now_s();
    await client.readHoldingRegisters(507, 1);
    expect(clock.now_s() - start_s).toBeGreaterThan(0.078);
  });

  it('answers with damaged frames', async () => {
    supply.faults.corrupt = true;
    expect(await codeOf(client.readHoldingRegisters(507, 1))).not.toBe('accepted');
  });

  it('freezes measured values but not its protections', async () => {
    await client.readHoldingRegisters(507, 3);
    supply.faults.freeze = true;
    rig.show('stack.current_A', 2000);
    expect((await client.readHoldingRegisters(508, 1)).data).toEqual([26214]);
    rig.show('stack.voltage_V', 400);
    expect((await status()) & 0x8000).toBe(0x8000);
    rig.show('stack.voltage_V', 240);
    supply.faults.freeze = false;
    expect((await client.readHoldingRegisters(508, 1)).data).toEqual([43690]);
    rig.show('stack.current_A', 1200);
  });

  it('is cut off and comes back on the same port', async () => {
    const { port } = supply;
    const gone = new Promise<void>(resolve => client.on('close', () => resolve()));
    await supply.stop();
    await gone;
    const other = new modbusSerial.default();
    expect(await codeOf(other.connectTCP('127.0.0.1', { port }))).not.toBe('accepted');
    await supply.start();
    expect(supply.port).toBe(port);
    await client.connectTCP('127.0.0.1', { port });
    expect((await client.readHoldingRegisters(0, 1)).data).toHaveLength(1);
  });
});

const python = '/usr/bin/python3';
const hasPymodbus = spawnSync(python, ['-c', 'import pymodbus.client']).status === 0;
describe.skipIf(!hasPymodbus)('against pymodbus (skipped where it is not installed)', () => {
  it('reads and writes', async () => {
    const script = `
import json, sys
from pymodbus.client import ModbusTcpClient
c = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1])); assert c.connect()
out = [c.read_holding_registers(507, 3, slave=0).registers,
  c.write_register(501, 100, slave=0).exception_code,
  c.write_coil(402, True, slave=0).isError(), c.write_register(501, 26214, slave=0).isError(),
  c.read_holding_registers(501, 1, slave=0).registers, c.read_holding_registers(507, 3, slave=1).exception_code]
c.close(); print(json.dumps(out))`;
    const { port } = supply;
    // In the background: this process is the server.
    const said = await new Promise<string>((resolve, reject) =>
      execFile(python, ['-c', script, String(port)], (error, out) => (error ? reject(error) : resolve(out))),
    );
    expect(JSON.parse(said)).toEqual([[34952, 26214, 25166], 7, false, false, [26214], 2]);
  });
});
