import { afterEach, describe, expect, it } from 'vitest';
import type { ClockNote } from '../../../drivers/contract/device.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { type DriverTable, defineDriver } from '../../../drivers/define/driver.ts';
import { defineEmulator } from '../../../sim/emulators/define.ts';
import { type DeclaredBench, declaredBench } from '../../support/declared-driver.ts';

/** A recorder that says with its values when it took them, and has a calendar clock. */
const table = {
  id: 'acme/recorder',
  device: 'ACME recorders',
  manual: 'ACME recorders, command list of 2024',
  triedOn: 'emulator only',
  line: { terminator: 'lf', reply_ms: 2000, gap_ms: 0, basis: 'default' },
  identity: { ask: '*IDN?', maker: '^ACME$', model: '^R', basis: 'default' },
  accuracy: { reading_pct: 0, rating_pct: 1, basis: 'default' },
  reads: [
    { name: 'cell_V', ask: 'DATA?', field: 0, range: [-10, 10], basis: 'default' },
    { name: 'room_degC', ask: 'TEMP?', range: [-60, 180], basis: 'default' },
    {
      name: 'takenInstrumentTime_s',
      ask: 'DATA?',
      field: 1,
      instrumentTime: { clock: 'own', of: ['cell_V'], stale_s: 0.05 },
      basis: 'default',
    },
    { name: 'instrumentTime_s', ask: 'CLOCK?', instrumentTime: { clock: 'utc' }, basis: 'default' },
  ],
  onLoss: 'hold',
} satisfies DriverTable;

const shown = { taken_s: 0, ahead_s: 0 };
const emulator = defineEmulator({
  sample: {},
  lines: ({ clock }) => ({
    answer(line) {
      if (line === '*IDN?') return 'ACME,R1,SN-7,1.2';
      if (line === 'DATA?') return `1.25,${shown.taken_s}`;
      if (line === 'TEMP?') return '23.5';
      return line === 'CLOCK?' ? String(clock.utc_ms() / 1000 + shown.ahead_s) : undefined;
    },
  }),
});

describe('a declared driver of an instrument that tells its own time', () => {
  let bench: DeclaredBench | undefined;
  afterEach(async () => {
    await bench?.end();
    bench = undefined;
  });

  it('is read beside the values, freshness by it, and a clock that is off is told', async () => {
    shown.taken_s = 5000;
    shown.ahead_s = 600;
    bench = await declaredBench(defineDriver(table), emulator);
    const { device, instrument } = bench;
    const notes: ClockNote[] = [];
    device.onClock?.(note => notes.push(note));
    expect(device.channels.map(({ instrumentTime }) => instrumentTime)).toEqual([
      undefined,
      undefined,
      { clock: 'own', of: [0], stale_s: 0.05 },
      { clock: 'utc', of: [0, 1] },
    ]);
    await device.connect();
    const first = await device.read();
    expect([...first.quality]).toEqual(new Array(4).fill(QUALITY.good));
    expect([...first.values.slice(0, 3)]).toEqual([1.25, 23.5, 0]);
    expect(Math.round(first.values[3] / 60)).toBe(10);
    // Its answers come late: what they carry was taken before.
    instrument.faults.delay_ms = 60;
    const still = await device.read();
    expect([...still.quality]).toEqual([QUALITY.stale, QUALITY.good, QUALITY.good, QUALITY.good]);
    expect(still.values[0]).toBe(1.25);
    expect(still.reason).toMatch(/^takenInstrumentTime_s: the instrument's own time has stood still/);
    shown.taken_s += 1;
    expect((await device.read()).quality[0]).toBe(QUALITY.good);
    expect(notes.map(({ what, channel }) => [what, channel])).toEqual([['offset', 'instrumentTime_s']]);
    expect(notes[0].by_s).toBeGreaterThan(590);
  });

  it.each([
    [{ name: 'clock_s' }, /reads\[3\].*expected the name instrumentTime_s, or one that .*, not "clock_s"/],
    [
      { instrumentTime: { clock: 'utc' as const, of: ['cell_A'] } },
      /reads\[3\].*expected readings under "of" \(cell_V, room_degC\), "cell_A" is none/,
    ],
    [{ instrumentTime: { clock: 'gps' } }, /reads\[3\].*clock/],
  ])('%j is a slip of the table', (slip, text) => {
    const reads = table.reads.with(3, { ...table.reads[3], ...slip } as never);
    expect(() => defineDriver({ ...table, reads })).toThrow(DeviceError);
    expect(() => defineDriver({ ...table, reads })).toThrow(text);
  });

  it('in registers, too', () => {
    const driver = defineDriver({
      id: 'acme/logger',
      manual: 'ACME loggers, register list of 2024',
      triedOn: 'emulator only',
      device: 'ACME loggers',
      unit: 1,
      reply_ms: 100,
      plausible: '*',
      channels: [
        {
          name: 'cell[].voltage_V',
          count: 2,
          table: 'input',
          address: 0,
          range: [-5, 5],
          accuracy: { reading_pct: 0, abs: 0.01, basis: 'default' },
        },
        {
          name: 'instrumentTime_s',
          table: 'input',
          address: 10,
          type: 'uint32',
          instrumentTime: { clock: 'utc', of: ['cell[].voltage_V'], stale_s: 5 },
          range: [0, 4.3e9],
          accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
        },
      ],
    });
    const { channels } = driver.describe(driver.options.parse({ host: 'localhost' }), '.');
    expect(channels[2]).toMatchObject({ range: [-1e10, 1e10], instrumentTime: { of: [0, 1], stale_s: 5 } });
  });
});
