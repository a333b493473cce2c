import { z } from 'zod';
import { type ChannelSpec, type DeviceDescription, timeChannel } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { textOptions } from '../transport/text/way.ts';
import { MODEL_IDS, MODELS, type Model, OVER_RANGE } from './models.ts';
import type { Bounds, SetPoints } from './set-points.ts';

export const ID = 'keithley/source-meter';

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const finite = z.number().refine(Number.isFinite, 'expected a finite number');

/** What every instrument needs, however it is wired. */
const unit = {
  model: z.enum(MODEL_IDS).meta({ description: 'model, as its identity says it' }),
  serial: z.string().min(1).meta({ description: 'serial number, as its identity says it' }),
  drive: z.enum(['voltage', 'current']).meta({
    description:
      'voltage: for cells, charged and discharged, kept between two voltages by the instrument itself; current: for what only takes a current',
  }),
  terminals: z
    .enum(['front', 'rear'])
    .meta({ description: 'where the leads are; must be switched on there' }),
  wires: z
    .union([z.literal(2), z.literal(4)])
    .meta({ description: '4: the voltage is sensed at the cell by leads of its own; 2: at the terminals' }),
  currentRange_A: positive.meta({
    description:
      'the one range of current, A, of those of the model; 2450, 2460: a limit is at least 10.6 % of it',
  }),
  voltageRange_V: positive.meta({ description: 'the one range of voltage, V, of those of the model' }),
  currentMax_A: positive
    .optional()
    .meta({ description: 'largest current of this bench, both signs; else that of the range' }),
  voltageMin_V: finite
    .default(0)
    .meta({ description: 'lowest voltage that is set, V; a cell is never discharged below' }),
  voltageMax_V: finite
    .optional()
    .meta({ description: 'highest voltage that is set, V; else that of the range' }),
  voltageRead: z.boolean().default(true).meta({
    description:
      'its own reading of the voltage is a channel, bad while the output is off; off: the bench has it from a voltmeter',
  }),
  timeRead: z.boolean().default(false).meta({
    description:
      'when it took each reading, by its own clock, is a channel (instrumentTime_s), bad while the output is off',
  }),
  nplc: z
    .number()
    .min(0.01)
    .max(10)
    .default(1)
    .meta({ description: 'integration time in power-line cycles' }),
};

export const options = textOptions(unit, 'model, serial', {
  port: 5025,
  portText: '5025 (recalled)',
  baud: 9600,
  serial: {
    terminator: z
      .enum(['lf', 'cr', 'crlf'])
      .default('cr')
      .meta({ description: 'end of a line, as it is set at its panel' }),
  },
});
export type SourceMeterOptions = z.infer<typeof options>;

/** What this bench may set. @throws DeviceError `config` where the instrument cannot */
export function limitsOf(asked: SourceMeterOptions): Bounds & {
  readonly model: Model;
  readonly voltageMin_V: number;
  readonly voltageMax_V: number;
} {
  const model: Model = MODELS[asked.model];
  const { drive, currentRange_A, voltageRange_V, voltageMin_V } = asked;
  const refuse = (text: string): never => {
    throw new DeviceError('config', ID, text);
  };
  const oneOf = (option: string, value: number, known: readonly number[]): void => {
    if (!known.includes(value)) refuse(`${option}: ${value}, expected one of ${known.join(', ')}`);
  };
  oneOf('currentRange_A', currentRange_A, model.currents_A);
  oneOf('voltageRange_V', voltageRange_V, model.voltages_V);
  const { currentMax_A = currentRange_A, voltageMax_V = voltageRange_V } = asked;
  if (currentMax_A > OVER_RANGE * currentRange_A)
    refuse(`currentMax_A: ${currentMax_A}, expected at most ${OVER_RANGE * currentRange_A} of its range`);
  if (voltageMax_V > OVER_RANGE * voltageRange_V)
    refuse(`voltageMax_V: ${voltageMax_V}, expected at most ${OVER_RANGE * voltageRange_V} of its range`);
  const corner = [...model.corners].reverse().find(([current_A]) => currentMax_A <= current_A);
  if (corner === undefined || voltageMax_V > corner[1])
    refuse(`${currentMax_A} A at ${voltageMax_V} V is beyond what a ${model.name} can`);
  if (!(voltageMin_V < voltageMax_V))
    refuse(`voltageMin_V: ${voltageMin_V}, expected less than voltageMax_V`);
  if (drive === 'current' && voltageMin_V !== 0)
    refuse('voltageMin_V: a current source has one limit of voltage for both signs, expected none');
  const leastLimit = model.leastLimit * (drive === 'voltage' ? currentRange_A : voltageRange_V);
  return { model, drive, currentMax_A, voltageMin_V, voltageMax_V, leastLimit };
}

/** Set points at the start: nothing that could be driven. */
export function firstPoints({ voltageMin_V, voltageMax_V }: ReturnType<typeof limitsOf>): SetPoints {
  return {
    modeSet_count: 1,
    currentSet_A: 0,
    voltageSet_V: voltageMax_V,
    voltageMaxSet_V: voltageMax_V,
    voltageMinSet_V: voltageMin_V,
  };
}

/** Places of what a reading gives: current, power, whether it is limited. */
const READ = [0, 1, 3];

/** Channels and settables, by what drives and what the bench allows. @throws DeviceError `config` */
export function describe(asked: SourceMeterOptions): DeviceDescription {
  const { drive, currentMax_A, voltageMin_V, voltageMax_V } = limitsOf(asked);
  const { currentRange_A, voltageRange_V } = asked;
  const none = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  const voltages = { range: [voltageMin_V, voltageMax_V], tolerance: 1e-4 * voltageRange_V } as const;
  const currents = (low_A: number) =>
    ({ name: 'currentSet_A', range: [low_A, currentMax_A], tolerance: 1e-4 * currentRange_A }) as const;
  const voltage: ChannelSpec = {
    name: 'voltage_V',
    range: [-OVER_RANGE * voltageRange_V, OVER_RANGE * voltageRange_V],
    accuracy: { reading_pct: 0.02, abs: 1e-4 * voltageRange_V, basis: 'recalled' },
  };
  return {
    driver: ID,
    channels: [
      {
        name: 'current_A',
        range: [-OVER_RANGE * currentRange_A, OVER_RANGE * currentRange_A],
        accuracy: { reading_pct: 0.06, abs: 6e-4 * currentRange_A, basis: 'recalled' },
      },
      // Their product, of one reading.
      {
        name: 'power_W',
        range: [
          -voltageRange_V * currentRange_A * OVER_RANGE ** 2,
          voltageRange_V * currentRange_A * OVER_RANGE ** 2,
        ],
        accuracy: { reading_pct: 0.08, abs: 6e-4 * voltageRange_V * currentRange_A, basis: 'recalled' },
      },
      { name: 'output_on', range: [0, 1], accuracy: none },
      // The source is held by its limit: of a voltage source the constant current, of a current source the constant voltage.
      { name: 'limited_on', range: [0, 1], accuracy: none },
      ...(asked.voltageRead ? [voltage] : []),
      ...(asked.timeRead
        ? [timeChannel('instrumentTime_s', { clock: 'own', of: asked.voltageRead ? [...READ, 4] : READ })]
        : []),
    ],
    settables:
      drive === 'current'
        ? [
            currents(0),
            { name: 'voltageSet_V', ...voltages },
            { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
          ]
        : [
            { name: 'modeSet_count', range: [1, 2], tolerance: 0 },
            currents(-currentMax_A),
            { name: 'voltageSet_V', ...voltages },
            { name: 'voltageMaxSet_V', ...voltages },
            { name: 'voltageMinSet_V', ...voltages },
            { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
          ],
    // It has no watchdog: it goes on within its limits.
    onLoss: 'hold',
    safeList: [['outputSet_on', 0]],
  };
}
