import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  brooksCodec,
  decodeBrooks,
  encodeBrooks,
  packedTag,
  TO_ALL,
} from '../../../drivers/brooks/frames.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type BrooksController, brooksLine } from '../../../sim/device/brooks/controllers.ts';
import { type ByteInstrument, byteInstrument } from '../../../sim/device/byte-instrument.ts';
import { handRig } from '../../sim/device/hand-rig.ts';

const clock = realClock();
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const ADDRESS = hex('8a64123456');

/** Frames as PyExpLabSys packs them (its `pack` and `crc`), with five characters of preamble. */
const WORKED = {
  find: [
    'ffffffffff8280000000000b06cb0e70cb0c314c',
    'ffffffffff868a641234560b0e0000fe0a64050506010000123456fa',
  ],
  flow: ['ffffffffff828a6412345601001d', 'ffffffffff868a641234560107000011401fd70a8d'],
  set: ['ffffffffff828a64123456ec05fa402000006f', 'ffffffffff868a64123456ec0c00003941c80000114020000039'],
} as const;

type Told = { -readonly [K in keyof BrooksController]: BrooksController[K] };
function controller(own: Partial<Told> = {}): Told {
  let kept = 2.5;
  return {
    tag: '20902001',
    id: [0x12, 0x34, 0x56],
    unit: 17,
    reference: 0,
    state: { temperature_K: 273.15, pressure_Pa: 101325 },
    fullScale: 10,
    gas: 'H2',
    valveOverride: 0,
    status: () => 0,
    flow: () => 2.4975,
    setpoint: () => kept,
    set(value) {
      kept = value;
    },
    ...own,
  };
}

describe('a frame', () => {
  it('goes out as the worked ones', () => {
    const encode = (command: number, address: Uint8Array, data?: Uint8Array): string =>
      Buffer.from(encodeBrooks({ address, command, ...(data === undefined ? {} : { data }) })).toString(
        'hex',
      );
    expect(encode(11, TO_ALL, packedTag('20902001'))).toBe(WORKED.find[0]);
    expect(encode(1, ADDRESS)).toBe(WORKED.flow[0]);
    expect(encode(236, ADDRESS, hex('fa40200000'))).toBe(WORKED.set[0]);
    expect(() => packedTag('2090200')).toThrow(/8 capital letters/);
    expect(() => packedTag('lowercas')).toThrow(/8 capital letters/);
  });

  it('comes in as the worked ones; the emulator answers with them', () => {
    const line = brooksLine([controller()]);
    for (const [question, answer] of Object.values(WORKED)) {
      expect(Buffer.from(line.take(hex(question).subarray(5)).reply ?? []).toString('hex')).toBe(answer);
      const noise = brooksCodec.noiseIn?.(hex(answer)) ?? 0;
      expect(noise).toBe(5);
      expect(decodeBrooks(hex(answer).subarray(noise))).toMatchObject({ start: 0x86, status: 0 });
    }
    expect(line.take(hex(WORKED.flow[0].replace(/1d$/, '1e')).subarray(5)).reply).toBeUndefined();
  });

  it('with one bit changed is refused', () => {
    const right = hex(WORKED.set[1]).subarray(5);
    fc.assert(
      fc.property(fc.nat(8 * right.length - 1), at => {
        const bytes = Buffer.from(right);
        bytes[at >> 3] ^= 1 << (at & 7);
        expect(() => decodeBrooks(bytes)).toThrow();
      }),
      { numRuns: 40 },
    );
  });
});

let instrument: ByteInstrument | undefined;
let device: Device | undefined;
afterEach(async () => {
  await device?.close();
  await instrument?.end();
});

async function open(shown: Partial<Told> = {}, own: object = {}): Promise<{ dut: Device; one: Told }> {
  const one = controller(shown);
  const line = brooksLine([one, controller({ tag: 'OTHERTAG', id: [9, 9, 9], flow: () => 77 })]);
  instrument = byteInstrument({ rig: handRig({}, []), clock }, line, {});
  await instrument.start();
  const driver = findDriver('brooks/s-protocol');
  const options = driver.options.parse({
    host: '127.0.0.1',
    port: instrument.port,
    instruments: [
      {
        name: 'h2Flow_NL_per_min',
        setName: 'h2FlowSet_NL_per_min',
        tag: '20902001',
        capacity: 10,
        fluid: 'H2',
        ...own,
      },
    ],
  });
  device = driver.open('gas', options, { clock, baseDir: '.' });
  return { dut: device, one };
}

describe('a controller', () => {
  it('shows its flow, takes a set point with read-back, and nothing beyond its range', async () => {
    const { dut, one } = await open();
    await dut.connect();
    const frame = await dut.read();
    expect(frame.values[0]).toBeCloseTo(2.4975, 6);
    expect([...frame.quality]).toEqual([0]);
    for (const value of [0, 10, 3.3]) {
      await dut.write('h2FlowSet_NL_per_min', value);
      expect(one.setpoint()).toBeCloseTo(value, 6);
    }
    for (const value of [Number.NaN, Infinity, -0.01, 10.01])
      await expect(dut.write('h2FlowSet_NL_per_min', value)).rejects.toMatchObject({ code: 'range' });
    one.set = () => {};
    await expect(dut.write('h2FlowSet_NL_per_min', 5)).rejects.toMatchObject({ code: 'readback' });
    expect((await dut.safe()).failed.map(f => f.key)).toEqual(['h2FlowSet_NL_per_min']);
  });

  it('what it says of itself counts: out of range, malfunction, another unit', async () => {
    const { dut, one } = await open();
    await dut.connect();
    one.status = () => 0x01;
    expect([...(await dut.read()).quality]).toEqual([QUALITY.uncertain]);
    one.status = () => 0x80;
    expect(await dut.read()).toMatchObject({ reason: 'h2Flow_NL_per_min: it reports a malfunction' });
    one.status = () => 0;
    one.unit = 171;
    const frame = await dut.read();
    expect([...frame.quality]).toEqual([QUALITY.bad]);
    expect(frame.reason).toBe('h2Flow_NL_per_min: its unit has been changed (to 171)');
  });

  const at20 = { temperature_K: 293.15, pressure_Pa: 101325 };
  const reference = { temperature_degC: 20, pressure_mbar: 1013.25 };
  it.each<[string, Partial<Told>, object, number | RegExp]>([
    ['in ml/min', { unit: 171, fullScale: 10_000, flow: () => 5000 }, {}, 5],
    [
      'at 20 degC as the bench says',
      { reference: 1, state: at20, fullScale: 10 * (293.15 / 273.15), flow: () => 5 },
      { reference },
      5 * (273.15 / 293.15),
    ],
    [
      'at 20 degC as calibrated',
      { reference: 2, state: at20, fullScale: 10 * (293.15 / 273.15), flow: () => 5 },
      { reference },
      5 * (273.15 / 293.15),
    ],
    ['that does not know its range', { isOld: true }, {}, 2.4975],
    ['at 20 degC, unknown to the bench', { reference: 1, state: at20 }, {}, /refers its litres to 20 degC/],
    ['at 0 degC, where the bench says 20', {}, { reference }, /refers its litres to 0 degC/],
    ['of another range', { fullScale: 20 }, {}, /has a range of 20.0000 NL\/min, expected 10/],
    ['in kg/h', { unit: 75 }, {}, /unit 75, which is no volume/],
    ['for another gas', { gas: 'N2' }, {}, /set to the fluid "N2", expected "H2"/],
    ['whose reference it does not tell', { reference: 7 }, {}, /does not say to which state/],
  ])('%s', async (_, shown, own, outcome) => {
    const { dut } = await open(shown, own);
    if (outcome instanceof RegExp) {
      await expect(dut.connect()).rejects.toThrow(outcome);
      await expect(dut.connect()).rejects.toMatchObject({ code: 'identity' });
      return;
    }
    await dut.connect();
    expect((await dut.read()).values[0]).toBeCloseTo(outcome, 5);
  });

  it('whose valve is overridden does not follow a set point: a person must act', async () => {
    const { dut } = await open({ valveOverride: 1 });
    await expect(dut.connect()).rejects.toMatchObject({ code: 'local' });
  });

  it('a tag that nobody has is no instrument', async () => {
    const { dut } = await open({}, { tag: 'NOBODYIS' });
    await expect(dut.connect()).rejects.toMatchObject({ code: 'timeout' });
  });
});
