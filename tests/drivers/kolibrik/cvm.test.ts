import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { cellsIn } from '../../../drivers/kolibrik/cells.ts';
import { crcXmodem, decodeXc2, encodeXc2, XC2_TYPE, xc2Codec } from '../../../drivers/kolibrik/xc2.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type ByteInstrument, byteInstrument } from '../../../sim/device/byte-instrument.ts';
import { type CvmModule, cvmBus } from '../../../sim/device/kolibrik/cvm.ts';
import { handRig } from '../../sim/device/hand-rig.ts';

const clock = realClock();
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Frames as the maker's library packs them, their checksums by Python's `binascii.crc_hqx`. */
const WORKED = {
  echo: ['80 a1 00 01 06 01 d9 a2', 'c0 01 00 a1 07 01 02 39 94'],
  serial: ['80 a1 00 01 07 03 13 8b 54', 'c0 01 00 a1 0e 03 43 56 4d 32 34 15 84 58 8d 88'],
  floats: [
    '80 a1 00 01 06 a0 7c 69',
    'c0 01 00 a1 16 a0 00 01 e2 40 40 70 00 00 00 00 e0 3f 00 00 00 40 87 9d',
  ],
} as const;
/** A CVM32A at address 0x123 with three cells; a module that is busy. */
const INTEGERS =
  'c0 01 01 23 24 a0 42 26 00 00 40 53 33 33 42 10 66 66 40 a0 a3 d7 00 00 01 03 40 ab e7 6d ff 06 fe 06 ff 06 4d 8e';
const BUSY = 'e0 01 00 a1 07 a0 09 c8 46';

describe('a frame', () => {
  it('is packed as the maker packs it; the checksum is that of XMODEM', () => {
    expect(crcXmodem(Buffer.from('123456789'))).toBe(0x31c3);
    const asked = (command: number, ...data: number[]) =>
      Buffer.from(xc2Codec.encode({ address: 0xa1, command, data: Uint8Array.from(data) }));
    expect(asked(1)).toEqual(hex(WORKED.echo[0]));
    expect(asked(3, 0x13)).toEqual(hex(WORKED.serial[0]));
    expect(asked(0xa0)).toEqual(hex(WORKED.floats[0]));
  });

  it('with the cells of each model', () => {
    const floats = decodeXc2(hex(WORKED.floats[1]));
    expect(floats).toMatchObject({ type: XC2_TYPE.ack, source: 0xa1, destination: 1, command: 0xa0 });
    expect(cellsIn(floats.data, 'CVM64H', 2)).toEqual({
      cells_V: [1.75, 2],
      clock: 123456,
      proved: true,
      isLittle: true,
      sum_V: 3.75,
    });
    const integers = cellsIn(decodeXc2(hex(INTEGERS)).data, 'CVM32A', 3);
    expect(integers?.cells_V.map(v => Number(v.toFixed(3)))).toEqual([1.791, 1.79, 1.791]);
    expect(integers).toMatchObject({ proved: true, clock: undefined });
    expect(cellsIn(floats.data, 'CVM32A', 2), 'of another model').toBeUndefined();
    expect(cellsIn(floats.data, 'CVM64H', 3), 'of more cells').toBeUndefined();
  });

  it('the emulator answers the worked questions with the worked answers', () => {
    const one: CvmModule = {
      address: 0xa1,
      model: 'CVM24P',
      serial: '158458',
      cells: () => [1.75, 2],
      clock_ms: () => 123456,
    };
    const bus = cvmBus([one]);
    for (const [question, answer] of Object.values(WORKED)) {
      const { reply, used } = bus.take(hex(question));
      expect(used).toBe(hex(question).length);
      expect(Buffer.from(reply ?? [])).toEqual(hex(answer));
    }
    expect(bus.take(hex('80 a1 00 01 06 01 d9 a3')).reply, 'wrong checksum').toBeUndefined();
  });

  it('comes back as it went, and with one bit changed not at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xfff }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 246 }),
        fc.nat(),
        (source, command, data, at) => {
          const frame = { type: XC2_TYPE.ack, destination: 1, source, flags: 0, command, data };
          const bytes = encodeXc2(frame);
          expect(decodeXc2(bytes)).toEqual(frame);
          bytes[(at >> 3) % bytes.length] ^= 1 << (at & 7);
          expect(() => decodeXc2(bytes)).toThrow();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses an address or data that do not fit', () => {
    const frame = { type: 8, destination: 0x1000, source: 1, flags: 0, command: 1, data: new Uint8Array(0) };
    expect(() => encodeXc2(frame)).toThrow(/no frame/);
    expect(() => encodeXc2({ ...frame, destination: 1, data: new Uint8Array(247) })).toThrow(/no frame/);
  });

  it('a busy module says so; our own question on a two-wire line is nobody’s answer', () => {
    const asked = { address: 0xa1, command: 0xa0 };
    const busy = decodeXc2(hex(BUSY));
    expect(xc2Codec.fits(asked, busy)).toBe(true);
    expect(xc2Codec.refusal?.(asked, busy)).toBe('refused with code 9, busy');
    expect(xc2Codec.isAside?.(decodeXc2(hex(WORKED.floats[0])))).toBe(true);
    expect(xc2Codec.fits(asked, decodeXc2(hex(INTEGERS))), 'of another module').toBe(false);
  });
});

let instrument: ByteInstrument | undefined;
let device: Device | undefined;
let modules: { -readonly [K in keyof CvmModule]: CvmModule[K] }[] = [];
let cells: number[][] = [];
let now_ms = 0;

afterEach(async () => {
  await device?.close();
  await instrument?.end();
});

async function open(own: object = {}): Promise<Device> {
  cells = [
    [1.751, 1.762, 1.773],
    [1.8, 1.81],
  ];
  const clock_ms = (): number => {
    now_ms += 10;
    return now_ms;
  };
  modules = [
    { address: 0xa1, model: 'CVM64H', serial: '158458', cells: () => cells[0], clock_ms },
    { address: 0x123, model: 'CVM32A', serial: '000001', cells: () => cells[1], clock_ms },
  ];
  instrument = byteInstrument({ rig: handRig({}, []), clock }, cvmBus(modules), {});
  await instrument.start();
  const driver = findDriver('kolibrik/cvm');
  const options = driver.options.parse({
    host: '127.0.0.1',
    port: instrument.port,
    modules: modules.map(({ address, model, serial }, i) => ({
      address,
      model,
      serial,
      cells: cells[i].length,
      ...own,
    })),
  });
  device = driver.open('cvm', options, { clock, baseDir: '.' });
  return device;
}
const shown = (values: Float64Array): number[] => [...values].map(v => Number(v.toFixed(3)));

describe('a stack on two modules', () => {
  it('every cell has its voltage and a quality of its own', async () => {
    const dut = await open();
    await dut.connect();
    expect(dut.channels.map(c => c.name)).toEqual([1, 2, 3, 4, 5].map(n => `cell[${n}].voltage_V`));
    let frame = await dut.read();
    expect(shown(frame.values)).toEqual([1.751, 1.762, 1.773, 1.8, 1.81]);
    expect([...frame.quality]).toEqual([0, 0, 0, 0, 0]);
    expect(frame.reason).toBeUndefined();

    // An open wire: that cell is bad; the rest of its module is not proved by the sum any more.
    cells[0][1] = Number.NaN;
    frame = await dut.read();
    expect([...frame.quality]).toEqual([2, QUALITY.bad, 2, 0, 0]);
    expect(frame.values[1]).toBeNaN();
    expect(frame.reason).toBe('cell[2]: no voltage (open wire, over-range)');
  });

  it('the order of the bytes is proved by the sum of the monitor, before it nothing is believed', async () => {
    const dut = await open();
    modules[0].isBig = true;
    modules[1].isBig = true;
    await dut.connect();
    cells[0][0] = Number.NaN;
    let frame = await dut.read();
    expect([...frame.quality]).toEqual([4, 4, 4, 0, 0]);
    cells[0][0] = 1.751;
    frame = await dut.read();
    expect(shown(frame.values)).toEqual([1.751, 1.762, 1.773, 1.8, 1.81]);
    expect([...frame.quality]).toEqual([0, 0, 0, 0, 0]);
    cells[0][0] = Number.NaN;
    frame = await dut.read();
    expect(shown(frame.values).slice(1)).toEqual([1.762, 1.773, 1.8, 1.81]);
    expect([...frame.quality]).toEqual([4, 2, 2, 0, 0]);
  });

  it('a monitor whose own clock stands still shows stale cells', async () => {
    const dut = await open();
    await dut.connect();
    modules[0].clock_ms = () => 5;
    await dut.read();
    await clock.sleep(1.05);
    const frame = await dut.read();
    expect([...frame.quality]).toEqual([3, 3, 3, 0, 0]);
    expect(frame.reason).toBe('module 161: its own clock stands still');
  });

  it.each([
    ['serial', { serial: '00ff' }, /module 161: says "CVM64 158458", expected the serial number 00ff/],
    ['model', { model: 'CVM24P' }, /says "CVM64 158458", expected a CVM24P/],
  ])('another %s is refused', async (_, own, message) => {
    const dut = await open(own);
    await expect(dut.connect()).rejects.toMatchObject({ code: 'identity' });
    await expect(dut.connect()).rejects.toThrow(message);
  });

  it('a damaged answer, then silence: never good, and good again after it', async () => {
    const dut = await open();
    await dut.connect();
    if (instrument === undefined) throw new Error('no instrument');
    instrument.faults.corrupt = true;
    let frame = await dut.read();
    expect([...frame.quality]).toEqual([4, 4, 4, 4, 4]);
    expect(frame.reason).toMatch(/wrong checksum/);
    instrument.faults.corrupt = false;
    for (let n = 0; n < 40; n++) {
      frame = await dut.read();
      if (Math.max(...frame.quality) === 0) break;
      await clock.sleep(0.05);
    }
    expect(shown(frame.values)).toEqual([1.751, 1.762, 1.773, 1.8, 1.81]);
    expect(Math.max(...frame.quality)).toBe(0);
  });

  it('the bench file: no more cells than inputs, each address once', () => {
    const { options } = findDriver('kolibrik/cvm');
    const with_ = (...list: object[]) => options.safeParse({ path: '/dev/ttyS9', modules: list });
    const one = { address: 5, model: 'CVM24P', cells: 24 };
    expect(with_(one).success).toBe(true);
    expect(with_({ ...one, cells: 25 }).success).toBe(false);
    expect(with_(one, one).success).toBe(false);
    expect(with_({ ...one, address: 1 }).success).toBe(false);
  });
});
