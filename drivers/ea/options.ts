import { z } from 'zod';
import type { ChannelSpec, DeviceDescription, SettableSpec } from '../contract/device.ts';
import { ACTUAL_MAX, SET_MAX, STEPS } from './registers.ts';
import { SERIES, SERIES_IDS } from './series.ts';

const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const bound = z.number().refine(v => Number.isFinite(v) && v >= 0, 'expected a number >= 0');
const portNumber = z.number().int().min(1).max(65535);

export const eaOptions = z
  .strictObject({
    host: z.string().min(1).meta({ description: 'address of the supply' }),
    port: portNumber.default(5025).meta({ description: 'its port for SCPI and frames of Modbus RTU' }),
    modbusTcpPort: portNumber.optional().meta({
      description:
        'port of Modbus TCP (502): only with the plug-in module IF-AB-MBUS; registers are then asked there',
    }),
    series: z
      .enum(SERIES_IDS)
      .default('psb-10000')
      .meta({ description: 'series; refused at connect if it is another' }),
    model: z.string().min(1).optional().meta({
      description: 'device type as it says itself, e.g. "PSB 10080-1000"; refused if it is another',
    }),
    serial: z.string().min(1).optional().meta({ description: 'serial number; refused if it is another' }),
    voltageNominal_V: rating.meta({
      description: 'rating of the type plate: values on the wire are parts of it',
    }),
    currentNominal_A: rating.meta({ description: 'rating of the type plate' }),
    powerNominal_W: rating.meta({ description: 'rating of the type plate' }),
    sink: z
      .strictObject({
        currentMax_A: bound.meta({ description: 'most current into the supply, as a magnitude' }),
        powerMax_W: bound.meta({ description: 'most power into the supply, as a magnitude' }),
      })
      .optional()
      .meta({
        description:
          'it may take power back (psb, psbe), so much at the most; without it its sink limits are set to 0 at connect',
      }),
  })
  .refine(o => o.sink === undefined || SERIES[o.series].flow === 'both', {
    error: 'expected no sink: this series flows one way',
    path: ['sink'],
  })
  .refine(o => !(o.sink && o.sink.currentMax_A > SET_MAX * o.currentNominal_A), {
    error: 'expected at most 102 % of currentNominal_A',
    path: ['sink', 'currentMax_A'],
  })
  .refine(o => !(o.sink && o.sink.powerMax_W > SET_MAX * o.powerNominal_W), {
    error: 'expected at most 102 % of powerNominal_W',
    path: ['sink', 'powerMax_W'],
  });
/** Options of the bench file's device entry. */
export type EaOptions = z.output<typeof eaOptions>;

/** For messages. */
export const whereOf = ({ host, port, modbusTcpPort }: EaOptions): string =>
  `ea/psb-10000 at ${host}:${modbusTcpPort ?? port}`;

/** Channels, settables and safe state, by series and ratings. */
export function describe(options: EaOptions): DeviceDescription {
  const { voltageNominal_V: u, currentNominal_A: i, powerNominal_W: p, sink } = options;
  const { flow } = SERIES[options.series];
  const measured = (name: ChannelSpec['name'], low: number, nominal: number): ChannelSpec => ({
    name,
    range: [low * nominal, ACTUAL_MAX * nominal],
    accuracy: { reading_pct: 0.1, abs: 0.001 * nominal, basis: 'recalled' },
  });
  const flag = (name: ChannelSpec['name']): ChannelSpec => ({
    name,
    range: [0, 1],
    accuracy: { reading_pct: 0, abs: 0, basis: 'sourced' },
  });
  const set = (name: SettableSpec['name'], nominal: number, most = SET_MAX * nominal): SettableSpec => ({
    name,
    range: [0, most],
    tolerance: nominal / STEPS,
  });
  const settables: SettableSpec[] =
    flow === 'sink'
      ? [set('sinkCurrentSet_A', i), set('voltageSet_V', u), set('sinkPowerSet_W', p)]
      : [set('currentSet_A', i), set('voltageSet_V', u), set('powerSet_W', p)];
  if (sink !== undefined) {
    settables.push(set('sinkCurrentSet_A', i, sink.currentMax_A), set('sinkPowerSet_W', p, sink.powerMax_W));
  }
  const currents = settables.map(s => s.name).filter(name => name.endsWith('urrentSet_A'));
  return {
    driver: 'ea/psb-10000',
    channels: [
      measured('voltage_V', 0, u),
      // What flows into the supply reads negative.
      measured('current_A', -ACTUAL_MAX, i),
      measured('power_W', -ACTUAL_MAX, p),
      flag('output_on'),
      flag('remote_on'),
      flag('alarm_on'),
    ],
    settables: [...settables, { name: 'outputSet_on', range: [0, 1], tolerance: 0 }],
    // Silence closes an idle socket at most; the DC output stays as it is unless monitoring is armed.
    onLoss: 'hold',
    watchdog: true,
    // Output first: with the output open the set values can no longer reach the stack.
    safeList: [['outputSet_on', 0], ...currents.map(name => [name, 0] as const)],
  };
}
