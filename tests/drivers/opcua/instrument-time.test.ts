import { expect, test } from 'vitest';
import { opcuaLads } from '../../../drivers/opcua/lads.ts';
import { ladsFill } from '../../../drivers/opcua/lads-fill.ts';
import { ladsOptions } from '../../../drivers/opcua/lads-options.ts';
import { deviceOf, fileOf } from './typed-plc.ts';

/** Source time stamps as channels, as a bench file asks for them; on a wire: subscribe.test.ts. */

test('names of time stamps that would be there twice are a slip', () => {
  const twice = [
    'name: a_V, node: s=a, range: [0, 100], sourceTime: true',
    'name: a_A, node: s=c, range: [0, 100], sourceTime: true',
  ];
  expect(() => deviceOf(1, fileOf({ channels: twice }))).toThrow(
    /channels: .*expected each name once, aInstrumentTime_s of a source time stamp \(sourceTime\) is there twice/,
  );
});

test('of a laboratory device come behind its states', () => {
  const reading = { range: [0, 100], accuracy: { reading_pct: 0, abs: 1, basis: 'default' } };
  const options = ladsOptions.parse({
    endpoint: 'opc.tcp://127.0.0.1:1',
    device: { name: 'Stand', model: 'S', serialNumber: '1' },
    security: 'none',
    sensors: [
      { function: 'Loop/Level', name: 'level_pct', ...reading },
      { function: 'Loop/Inlet', name: 'inlet_degC', sourceTime: true, ...reading },
    ],
  });
  const { channels } = opcuaLads.describe(options, '.');
  expect(channels.map(({ name }) => name)).toEqual([
    'level_pct',
    'inlet_degC',
    'deviceState_count',
    'inletInstrumentTime_s',
  ]);
  expect(channels[3].instrumentTime).toEqual({ clock: 'utc', of: [1] });
  const fill = ladsFill(options.sensors, ['deviceState_count'], () => 0);
  const good = { status: 'Good', severity: 'good' } as const;
  const values = new Float64Array(4);
  const say = (value: number, sourceTime_ms: number) => ({ ...good, value, sourceTime_ms });
  fill.values(
    { readings: [say(50, 1000), say(1, 2000), say(21, 3500), say(1, 4000)] },
    values,
    new Uint8Array(4),
    () => {},
  );
  expect([...values]).toEqual([50, 21, 0, 3.5]);
});
