import modbusSerial from 'modbus-serial';
import { describe, expect, it } from 'vitest';
import { clock, codeOf, psbOnALine } from './ea-psb-on-a-line.ts';

/** Checked with the client of modbus-serial, which is not ours. */

const psb = psbOnALine();
const { rig, supply } = psb;
const text = (buffer: Buffer): string => buffer.toString('latin1').replaceAll('\0', '');

describe('reading', () => {
  it('shows its type plate', async () => {
    expect(text((await psb.client.readHoldingRegisters(1, 20)).buffer)).toBe('PSB 10360-2400');
    expect(text((await psb.client.readHoldingRegisters(151, 20)).buffer)).toBe('1234567890');
    const { buffer } = await psb.client.readHoldingRegisters(121, 6);
    expect([0, 4, 8].map(at => buffer.readFloatBE(at))).toEqual([360, 2400, 600_000]);
  });

  it('gives actual values in percent of nominal, in even steps', async () => {
    const raw = (await psb.client.readHoldingRegisters(507, 3)).data;
    expect(raw).toEqual([(240 / 360) * 52428, (1200 / 2400) * 52428, 25166]);
    expect(Math.abs((raw[2] / 52428) * 600_000 - 288_000)).toBeLessThanOrEqual(600_000 / 26214 / 2);
  });

  it.each([
    ['input registers', () => psb.client.readInputRegisters(507, 3), 1],
    ['discrete inputs', () => psb.client.readDiscreteInputs(402, 1), 1],
    ['a coil as a register', () => psb.client.readHoldingRegisters(405, 1), 1],
    ['a register as a coil', () => psb.client.readCoils(501, 1), 1],
    ['two coils', () => psb.client.readCoils(402, 2), 3],
    ['a hole', () => psb.client.readHoldingRegisters(300, 1), 2],
    ['across a hole', () => psb.client.readHoldingRegisters(550, 2), 2],
    ['over groups of two data types', () => psb.client.readHoldingRegisters(505, 5), 2],
  ])('refuses %s', async (_, read, code) => expect(await codeOf(read())).toBe(code));

  it.each([
    [21, 20],
    [121, 6],
    [191, 20],
    [498, 7],
    [505, 2],
    [507, 3],
    [511, 2],
    [520, 8],
    [9000, 10],
  ])('gives %i x %i, a group of the list', async (address, count) => {
    expect((await psb.client.readHoldingRegisters(address, count)).data).toHaveLength(count);
  });

  it('shows what flows into it by bit 12, the values without a sign; SCPI shows the sign', async () => {
    rig.show('stack.current_A', -30);
    expect((await psb.client.readHoldingRegisters(508, 1)).data).toEqual([656]);
    expect(((await psb.status()) >>> 12) & 1).toBe(1);
    expect(supply.state.actual('current')).toBe(-30);
  });
});

describe('writing', () => {
  it('needs remote: exception 7, and 0x17 while a person holds it', async () => {
    expect(await codeOf(psb.client.writeRegister(501, 100))).toBe(7);
    expect(await codeOf(psb.client.writeCoil(405, true))).toBe(7);
    expect(await codeOf(psb.client.writeCoil(411, true))).toBe(7);
    supply.state.setLocal(true);
    expect(await codeOf(psb.client.writeCoil(402, true))).toBe(0x17);
    expect(await codeOf(psb.client.writeRegister(501, 100))).toBe(0x17);
  });

  it('sets and switches the rig, keeps what was written, quantises what comes out', async () => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeRegister(500, 0xcccc);
    await psb.client.writeRegister(501, 0x6667);
    await psb.client.writeRegisters(502, [0xd0e5]);
    await psb.client.writeCoil(405, true);
    expect((await psb.client.readHoldingRegisters(500, 3)).data).toEqual([0xcccc, 0x6667, 0xd0e5]);
    expect(rig.settingOf('stack.voltageSet_V')).toBe(360);
    expect(rig.settingOf('stack.currentSet_A') * (26214 / 2400)).toBeCloseTo(13108, 9);
    expect(rig.settingOf('stack.powerSet_W')).toBeCloseTo((53478 / 52428) * 600_000, -2);
    expect(rig.settingOf('stack.outputSet_on')).toBe(1);
    expect(await psb.status()).toBe(6 | (1 << 7) | (2 << 9) | (1 << 11));
    // No rig has anything to set for the other side: its limits are kept.
    await psb.client.writeRegister(498, 0xcccc);
    await psb.client.writeRegister(499, 0);
    expect((await psb.client.readHoldingRegisters(498, 2)).data).toEqual([0xcccc, 0]);
    await psb.client.writeCoil(405, false);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
    expect(psb.offWrites).toBe(1);
  });

  it.each([
    ['over 102 %', () => psb.client.writeRegister(501, 0xd0e6), 3],
    ['U and I in one request', () => psb.client.writeRegisters(500, [1, 1]), 2],
    ['an actual value', () => psb.client.writeRegister(507, 1), 2],
    ['an unknown coil', () => psb.client.writeCoil(406, true), 2],
    ['several coils', () => psb.client.writeCoils(402, [true, true]), 1],
  ])('refuses %s', async (_, write, code) => {
    await psb.client.writeCoil(402, true);
    expect(await codeOf(write())).toBe(code);
  });
});

describe('alarms', () => {
  it('trips on over-voltage, latches, and comes back only by acknowledge and a new command', async () => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    await psb.client.writeRegister(550, Math.round((300 / 360) * 52428));
    rig.show('stack.voltage_V', 301);
    expect((await psb.status()) & 0x8080).toBe(0x8000);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
    await psb.client.writeCoil(411, true);
    expect((await psb.status()) & 0x8000).toBe(0x8000);
    rig.show('stack.voltage_V', 240);
    expect((await psb.status()) & 0x8000).toBe(0x8000);
    expect(await codeOf(psb.client.writeCoil(405, true))).toBe(4);
    await psb.client.writeCoil(411, true);
    expect((await psb.status()) & 0x8080).toBe(0);
    await psb.client.writeCoil(405, true);
    expect((await psb.status()) & 0x8080).toBe(0x80);
    expect((await psb.client.readHoldingRegisters(520, 5)).data).toEqual([1, 0, 0, 0, 0]);
  });

  it.each([
    ['OT', 19],
    ['PF', 21],
  ] as const)('%s is bit %i and the bit for any alarm', async (cause, bit) => {
    supply.state.setCause(cause, true);
    expect(((await psb.status()) & ((1 << bit) | 0x8000)) >>> 0).toBe(((1 << bit) | 0x8000) >>> 0);
  });

  it('over-current of the sink side is bit 17, its cause bit 31, its counter the sixth', async () => {
    const before = [...supply.state.alarmCounts];
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    await psb.client.writeRegister(569, Math.round((20 / 2400) * 52428));
    rig.show('stack.current_A', -30);
    const bits = await psb.status();
    expect([(bits >>> 17) & 1, bits >>> 31, (bits >>> 7) & 1]).toEqual([1, 1, 0]);
    const counts = (await psb.client.readHoldingRegisters(520, 8)).data;
    expect(counts.map((count, n) => count - before[n])).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
    supply.state.writeProtection('sinkCurrent', 0xe147);
  });
});

describe('faults', () => {
  it('hangs: nothing is carried out and nothing answered', async () => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    supply.faults.silence = true;
    expect(await codeOf(psb.client.writeCoil(405, false))).toBe('TransactionTimedOutError');
    expect(supply.state.output).toBe(true);
    supply.faults.silence = false;
    expect((await psb.client.readHoldingRegisters(507, 1)).data).toEqual([34952]);
  });

  it('answers late', async () => {
    supply.faults.delay_ms = 80;
    const start_s = clock.now_s();
    await psb.client.readHoldingRegisters(507, 1);
    expect(clock.now_s() - start_s).toBeGreaterThan(0.078);
  });

  it('answers with damaged frames', async () => {
    supply.faults.corrupt = true;
    expect(await codeOf(psb.client.readHoldingRegisters(507, 1))).not.toBe('accepted');
  });

  it('freezes measured values but not its protections', async () => {
    await psb.client.readHoldingRegisters(507, 3);
    supply.faults.freeze = true;
    rig.show('stack.current_A', 2000);
    expect((await psb.client.readHoldingRegisters(508, 1)).data).toEqual([26214]);
    rig.show('stack.voltage_V', 400);
    expect((await psb.status()) & 0x8000).toBe(0x8000);
    rig.show('stack.voltage_V', 240);
    supply.faults.freeze = false;
    expect((await psb.client.readHoldingRegisters(508, 1)).data).toEqual([43690]);
    rig.show('stack.current_A', 1200);
  });

  it('is cut off and comes back on the same port', async () => {
    const { port } = supply;
    const gone = new Promise<void>(resolve => psb.client.on('close', () => resolve()));
    await supply.stop();
    await gone;
    const other = new modbusSerial.default();
    expect(await codeOf(other.connectTelnet('127.0.0.1', { port }))).not.toBe('accepted');
    await supply.start();
    expect(supply.port).toBe(port);
    await psb.client.connectTelnet('127.0.0.1', { port });
    expect((await psb.client.readHoldingRegisters(0, 1)).data).toHaveLength(1);
  });
});
