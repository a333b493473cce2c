import { expect, it } from 'vitest';
import { type DriverTable, defineDriver } from '../../../drivers/define/driver.ts';
import { defineEmulator, Memory } from '../../../sim/emulators/define.ts';
import { sweepDeclared } from '../../support/declared-driver.ts';

const basis = 'default';
const table: DriverTable = {
  id: 'acme/heater',
  device: 'ACME heaters',
  manual: 'ACME heaters, register list of 2024',
  triedOn: 'emulator only',
  unit: 3,
  reply_ms: 100,
  identify: { table: 'holding', address: 0, expect: [0xac3e], basis },
  about: { model: { what: 'number of its model', read: { table: 'holding', address: 1 }, basis } },
  channels: [
    {
      name: 'plate_degC',
      table: 'input',
      address: 10,
      type: 'int16',
      raw: [0, 10],
      range: [-20, 300],
      accuracy: { reading_pct: 0, abs: 1, basis },
    },
    {
      name: 'state_count',
      table: 'input',
      address: 20,
      words: { 0: 'off', 1: 'heating' },
      range: [0, 1],
      accuracy: { reading_pct: 0, abs: 0, basis },
    },
  ],
  settables: [
    { name: 'plateSet_degC', address: 30, type: 'int16', raw: [0, 10], range: [0, 250], safe: 0, basis },
  ],
  onLoss: 'hold',
};
const heater = defineDriver(table);

const emulator = defineEmulator({
  sample: { unit: 3, about: { model: 40 } },
  registers({ sense, drive }) {
    let set = 0;
    const memory = new Memory()
      .word('holding', 0, () => 0xac3e)
      .word('holding', 1, () => 40)
      .word('input', 10, () => Math.round(10 * sense('plate_degC', 21.5)))
      .word('input', 20, () => (set > 0 ? 1 : 0))
      .word(
        'holding',
        30,
        () => set,
        value => {
          set = value;
          drive('plateSet_degC', value / 10);
          return undefined;
        },
      );
    return { memory };
  },
});

sweepDeclared(heater, emulator, { about: { model: 41 } });

it('is described by its own id, with the words of its states', () => {
  const { driver, channels } = heater.describe({ host: 'x', port: 502, about: { model: 40 } }, '.');
  expect(driver).toBe('acme/heater');
  expect(channels[1].words).toEqual({ 0: 'off', 1: 'heating' });
});

it('says what is wrong with its table, and with the options of a bench file', () => {
  expect(() => defineDriver({ ...table, channels: [] })).toThrow(/acme\/heater: channels: .*at least 1/);
  expect(heater.options.safeParse({ host: 'x', about: { model: 1 }, map: 'my.yaml' }).success).toBe(false);
  expect(heater.endpoint(heater.options.parse({ host: 'x', about: { model: 1 } }))).toBe('tcp://x:502');
});
