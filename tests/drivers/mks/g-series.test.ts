import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { decodeMks, encodeMks } from '../../../drivers/mks/messages.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type ByteInstrument, byteInstrument } from '../../../sim/device/byte-instrument.ts';
import { type MksController, mksLine } from '../../../sim/device/mks/g-series.ts';
import { handRig } from '../../sim/device/hand-rig.ts';

const clock = realClock();
let kept = 0;
const controller = (own: Partial<MksController> = {}): MksController => ({
  ...{ address: 1, serial: '013456G20', unit: 'SCCM', fullScale: 5000, gas: 'N2' },
  ...{ flow: () => 1234.5, setpoint: () => kept },
  set(value) {
    kept = value;
  },
  ...own,
});

describe('a message', () => {
  it('goes out as the worked ones, and nothing goes out that is none', () => {
    expect(encodeMks({ address: 1, command: 'FX?' })).toBe('@@@001FX?;E9');
    expect(encodeMks({ address: 1, command: 'SX!25.0' })).toBe('@@@001SX!25.0;9D');
    for (const command of ['SX!NaN', 'SX!-1', 'SX!1e9', 'FX', '', 'FX?;'])
      expect(() => encodeMks({ address: 1, command }), command).toThrow(/no message/);
    expect(() => encodeMks({ address: 0, command: 'FX?' })).toThrow(/no message/);
  });

  it('the emulator takes the worked ones; a NAK has the checksum that units send', () => {
    const line = mksLine([controller()]);
    const answer = (text: string): string => String(line.take(Buffer.from(text)).reply ?? '');
    expect(decodeMks(answer('@@@001FX?;E9'))).toEqual({ to: '000', isTaken: true, value: '1234.5000' });
    expect(decodeMks(answer('@@@001SX!25.0;9D'))).toMatchObject({ isTaken: true, value: '25.0' });
    expect(decodeMks(answer('@@@001FX?;E8'))).toEqual({ to: '000', isTaken: false, value: '01' });
    expect(answer('@@@002FX?;EA')).toBe('');
  });

  it('with one character changed is refused', () => {
    const right = String(mksLine([controller()]).take(Buffer.from('@@@001FX?;E9')).reply);
    for (let at = 2; at < right.length; at++) {
      const wrong = right.slice(0, at) + (right[at] === '7' ? '8' : '7') + right.slice(at + 1);
      expect(() => decodeMks(wrong), wrong).toThrow();
    }
  });
});

let instrument: ByteInstrument | undefined;
let device: Device | undefined;
afterEach(async () => {
  await device?.close();
  await instrument?.end();
});

async function open(shown: Partial<MksController> = {}, own: object = {}) {
  kept = 0;
  const one = controller(shown);
  instrument = byteInstrument({ rig: handRig({}, []), clock }, mksLine([one]), {});
  await instrument.start();
  const driver = findDriver('mks/g-series');
  const options = driver.options.parse({
    ...{ host: '127.0.0.1', port: instrument.port, address: 1, serial: '013456G20' },
    ...{ setName: 'flowSet_NL_per_min', capacity: 5, fluid: 'N2' },
    ...own,
  });
  device = driver.open('gas', options, { clock, baseDir: '.' });
  return { dut: device, one };
}

describe('a controller', () => {
  it('flow in normal litres, set point with read-back, nothing beyond its range', async () => {
    const { dut, one } = await open();
    await dut.connect();
    const frame = await dut.read();
    expect(frame.values[0]).toBeCloseTo(1.2345, 6);
    expect([...frame.quality]).toEqual([0]);
    for (const value of [0, 5, 1.25]) {
      await dut.write('flowSet_NL_per_min', value);
      expect(kept).toBeCloseTo(1000 * value, 3);
    }
    for (const value of [Number.NaN, -0.01, 5.01])
      await expect(dut.write('flowSet_NL_per_min', value)).rejects.toMatchObject({ code: 'range' });
    one.set = () => {};
    await expect(dut.write('flowSet_NL_per_min', 3)).rejects.toMatchObject({ code: 'readback' });
    // In another unit nothing is a flow any more, whatever the number.
    await dut.close();
    await dut.connect();
    one.unit = 'SLM';
    const changed = await dut.read();
    expect([...changed.quality]).toEqual([QUALITY.bad]);
    expect(changed.reason).toBe('its unit has been changed to SLM, it was SCCM: connect it afresh');
    if (instrument !== undefined) instrument.faults.corrupt = true;
    expect([...(await dut.read()).quality]).toEqual([QUALITY.bad]);
  });

  const reference = { temperature_degC: 20, pressure_mbar: 1013.25 };
  it.each<[string, Partial<MksController>, object, number | RegExp]>([
    ['in SLM', { unit: 'SLM', fullScale: 5, flow: () => 2 }, {}, 2],
    [
      'at 20 degC as the bench says',
      { unit: 'SLM', fullScale: 5 * (293.15 / 273.15), flow: () => 2 },
      { reference },
      2 * (273.15 / 293.15),
    ],
    ['of another serial number', { serial: 'X1' }, {}, /serial number is X1, expected 013456G20/],
    ['in percent', { unit: '%' }, {}, /shows its flow in "%", expected SCCM or SLM/],
    ['of another range', { fullScale: 1000 }, {}, /range of 1.00000 NL\/min \(1000 SCCM\), expected 5/],
    ['for another gas', { gas: 'H2' }, {}, /set to the fluid "H2", expected "N2"/],
  ])('%s', async (_, shown, own, outcome) => {
    const { dut } = await open(shown, own);
    if (typeof outcome === 'number') {
      await dut.connect();
      expect((await dut.read()).values[0]).toBeCloseTo(outcome, 3);
      return;
    }
    await expect(dut.connect()).rejects.toThrow(outcome);
    await expect(dut.connect()).rejects.toMatchObject({ code: 'identity' });
  });
});
