import { z } from 'zod';
import { timeNameOf } from '../contract/units.ts';
import { accessSlip, securityOption, userOption } from './plc-access.ts';
import { finite, quantity, range } from './plc-nodes.ts';
import { readOption, subscriptionOption, subscriptionSlip } from './subscribe.ts';

/** Of an entry of the bench file: which laboratory device it is, and which of its functions the bench uses. */

const functionPath = z
  .string()
  .regex(/^[^/]+(\/[^/]+)+$/, {
    error: 'expected functional unit and function as they are browsed: Unit/Function',
  })
  .meta({ description: 'functional unit and function, as `probe` lists them: Unit/Function' });
const reading = z.strictObject({
  name: quantity.meta({ description: 'name of the channel, with its unit' }),
  range: range.meta({ description: 'readings outside are bad' }),
  accuracy: z
    .strictObject({
      reading_pct: finite.min(0).meta({ description: 'in per cent of the reading' }),
      abs: finite.min(0).meta({ description: 'and so much, in the unit of the name (k = 2)' }),
      basis: z.enum(['sourced', 'recalled', 'default']).meta({ description: 'where it is from' }),
    })
    .meta({ description: 'what the sensor is accurate to' }),
  staleAfter_s: finite
    .min(0)
    .default(0)
    .meta({ description: 'its source time may stand still so long, s; 0: as long as it likes' }),
  sourceTime: z
    .boolean()
    .default(false)
    .meta({ description: 'its source time stamp is a channel of its own beside it, and recorded' }),
});
const onOff = quantity.refine(name => name.endsWith('_on'), 'expected a name that ends in _on');

const controller = z
  .strictObject({
    function: functionPath,
    /** CurrentValue. */
    reads: reading.optional().meta({ description: 'its CurrentValue as a channel' }),
    /** TargetValue; `safe`: what the safe state sets it to. */
    sets: z
      .strictObject({
        name: quantity.meta({ description: 'name of the set point, with its unit' }),
        range: range.meta({ description: 'what may be set' }),
        tolerance: finite.min(0).meta({ description: 'difference that the read-back may have' }),
        safe: finite.optional().meta({ description: 'what the safe state sets; absent: it stays as it is' }),
      })
      .refine(({ range: [low, high], safe = low }) => safe >= low && safe <= high, {
        path: ['safe'],
        error: 'expected a value in its range',
      })
      .optional()
      .meta({ description: 'its TargetValue as a set point' }),
    /** Start and Stop of its state machine; `stops`: whether the safe state stops it. */
    runs: z
      .strictObject({
        name: onOff.meta({ description: 'name of the switch, ends in _on' }),
        stops: z.boolean().default(true).meta({ description: 'the safe state stops it' }),
      })
      .optional()
      .meta({ description: 'Start and Stop of its state machine as a switch' }),
  })
  .refine(({ reads, sets, runs }) => reads !== undefined || sets !== undefined || runs !== undefined, {
    error: 'expected one of reads, sets, runs at least',
  });

export const ladsOptions = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^opc\.tcp:\/\/[^\s:/]+:\d+(\/\S*)?$/, {
        error: 'expected an endpoint like opc.tcp://192.168.0.40:4840',
      })
      .meta({ description: 'endpoint of the server' }),
    device: z
      .strictObject({
        name: z.string().min(1).meta({ description: 'its name in DeviceSet' }),
        manufacturer: z.string().min(1).optional().meta({ description: 'as it says' }),
        model: z.string().min(1).meta({ description: 'as it says' }),
        serialNumber: z.string().min(1).meta({ description: 'as it says' }),
        softwareRevision: z.string().min(1).optional().meta({ description: 'as it says' }),
      })
      .meta({
        description: 'which device of the server: its name in DeviceSet, and what it must say of itself',
      }),
    sensors: z
      .array(reading.extend({ function: functionPath }))
      .default([])
      .meta({ description: 'sensor functions that are read: SensorValue with its unit' }),
    controllers: z.array(controller).default([]).meta({
      description: 'control functions: CurrentValue (reads), TargetValue (sets), Start and Stop (runs)',
    }),
    onLoss: z.enum(['off', 'hold', 'unknown']).default('unknown').meta({
      description: 'what the device does by itself when we fall silent; OPC 30500-1 has no watchdog',
    }),
    security: securityOption,
    user: userOption,
    read: readOption,
    subscription: subscriptionOption,
  })
  .superRefine((options, context) => {
    const slips = [
      ['user', accessSlip(options)],
      ['subscription', subscriptionSlip(options)],
      ['sensors', twice(options)],
    ] as const;
    for (const [key, message] of slips)
      if (message !== '') context.addIssue({ code: 'custom', path: [key], message });
  });
export type LadsOptions = z.output<typeof ladsOptions>;

const namesOf = ({ name, sourceTime }: Pick<z.output<typeof reading>, 'name' | 'sourceTime'>): string[] =>
  sourceTime ? [name, timeNameOf(name)] : [name];

type Named = Pick<LadsOptions, 'sensors' | 'controllers'>;

function twice({ sensors, controllers }: Named): string {
  const names = [
    'deviceState_count',
    ...sensors.flatMap(namesOf),
    ...controllers.flatMap(({ reads, sets, runs }) =>
      [
        ...(reads === undefined ? [] : namesOf(reads)),
        sets?.name,
        runs?.name,
        runs && stateOf(runs.name),
      ].filter(name => name !== undefined),
    ),
  ];
  if (names.length === 1) return 'expected one function at least, in sensors or controllers';
  const second = names.find((name, i) => names.indexOf(name) !== i);
  return second === undefined ? '' : `expected each name once, "${second}" is there twice`;
}

/** The channel that shows the state of a function which is started and stopped as `heaterRun_on`. */
export const stateOf = (runs: string): `${string}_count` => `${runs.replace(/_on$/, '')}State_count`;
