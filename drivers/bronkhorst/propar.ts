import { z } from 'zod';
import type { Accuracy, DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { isQuantity, type Quantity, unitOf } from '../contract/units.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { referenceOption, TOLD_REFERENCE } from '../protocol/gas-options.ts';
import { fluidSlip, normalLitres, referenceSlip } from '../protocol/gas-state.ts';
import { PROPAR_PARAMETERS, type ProparParameter } from '../protocol/propar.ts';
import { type ProparAnswer, type ProparRequest, proparLink } from '../transport/propar-link.ts';
import { modeSlip } from './control-mode.ts';
import { unitSlip } from './own-units.ts';

const quantity = z.custom<Quantity>(name => typeof name === 'string' && isQuantity(name), {
  error: 'expected a name that ends in its unit, e.g. "cathodePressure_barg"',
});

const instrumentSchema = z.strictObject({
  name: quantity.meta({ description: 'name of the channel, with its unit' }),
  node: z
    .number()
    .int()
    .min(1, 'expected a node 1..128')
    .max(128, 'expected a node 1..128')
    .meta({ description: 'address on the bus (128 answers whatever its address, if alone on the line)' }),
  setName: quantity
    .optional()
    .meta({ description: 'name of the setpoint; absent for an instrument that only measures' }),
  capacity: z.number().positive('expected the value of 100 %, > 0').meta({
    description: 'value of 100 % in the unit of name; refused at connect if the instrument says otherwise',
  }),
  fluid: z
    .string()
    .min(1)
    .max(10, 'expected at most 10 characters')
    .optional()
    .meta({ description: 'fluid that it must be set to, e.g. H2; refused at connect if it is another' }),
  unit: z.string().min(1).max(7, 'expected at most 7 characters').optional().meta({
    description:
      'unit that it shows, where its text says less than the lab knows ("bar" of a gauge instrument); else that of name',
  }),
  reference: referenceOption(TOLD_REFERENCE),
});
type Instrument = z.infer<typeof instrumentSchema>;

const optionsSchema = z
  .strictObject({
    path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-gas-bus' }),
    baud: z.number().int().positive().meta({ description: 'bit rate of the bus' }),
    instruments: z
      .array(instrumentSchema)
      .min(1, 'expected at least one instrument')
      .meta({ description: 'instruments on this bus' }),
  })
  .superRefine(({ instruments }, context) => {
    const seen = new Set<string | number>();
    instruments.forEach((instrument, i) => {
      if (instrument.reference !== undefined && unitOf(instrument.name) !== 'NL_per_min')
        context.addIssue({
          code: 'custom',
          path: ['instruments', i, 'reference'],
          message: 'expected it only for a channel in NL_per_min',
        });
      for (const key of ['name', 'setName', 'node'] as const) {
        const value = instrument[key];
        if (value === undefined) continue;
        if (seen.has(value))
          context.addIssue({
            code: 'custom',
            path: ['instruments', i, key],
            message: `expected each ${key === 'node' ? 'node' : 'name'} once, ${value} is there twice`,
          });
        seen.add(value);
      }
    });
  });
type ProparOptions = z.infer<typeof optionsSchema>;

/**
 * Longest wait for an answer (default). The instrument itself needs some ms; a gateway between bus and instruments
 * adds some tens. Bronkhorst's own library waits 500 ms, longer than a poll may hold up the others.
 */
const REPLY_MS = 200;
/** The instrument's own resolution of 100 %: 32000 counts. A setpoint may come back one count off. */
const COUNTS = 32000;

const P = PROPAR_PARAMETERS;
const IDENTITY = [P.capacity, P.capacityUnit, P.deviceType, P.serialNumber] as const;

const REFERENCE = [P.referenceTemperature, P.referencePressure] as const;

/** Of the channel's unit in 1 of what the instrument shows. */
const normalPer = ({ reference }: Instrument): number =>
  reference === undefined ? 1 : normalLitres(reference);

function accuracyOf({ name, capacity }: Instrument): Accuracy {
  const isPressure = ['bar', 'barg', 'bara'].includes(unitOf(name) ?? '');
  return isPressure
    ? { reading_pct: 0, abs: 0.0025 * capacity, basis: 'recalled' }
    : { reading_pct: 0.5, abs: 0.001 * capacity, basis: 'recalled' };
}

function describe({ instruments }: ProparOptions): DeviceDescription {
  return {
    driver: 'bronkhorst/propar',
    channels: instruments.map(instrument => ({
      name: instrument.name,
      range: [-0.05 * instrument.capacity, 1.1 * instrument.capacity],
      accuracy: accuracyOf(instrument),
    })),
    settables: instruments.flatMap(({ setName, capacity }) =>
      setName === undefined
        ? []
        : [{ name: setName, range: [0, capacity] as const, tolerance: (1.01 * capacity) / COUNTS }],
    ),
    // No watchdog on RS-232 or RS-485: the last setpoint stays (recalled).
    onLoss: 'hold',
    // Dropping a back-pressure setpoint at once is not safe: it would vent at full speed and reverse the
    // difference over the membrane. The bench's safe state ramps it down under control instead.
    safeList: [],
  };
}

/** What the instruments of a bus are. */
interface Found {
  readonly serials: ReadonlySet<string>;
  /** Nodes of controllers that say what they follow. */
  readonly modes: ReadonlySet<number>;
}

/** What it says to these; none of it where it does not know them. */
const ifKnown =
  (exchange: Exchange<ProparRequest, ProparAnswer>) =>
  (node: number, parameters: readonly ProparParameter[]): Promise<ProparAnswer> =>
    exchange({ kind: 'read', node, parameters }).catch(error => {
      if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
      return [];
    });

/** Reads what each instrument is, in what unit of which fluid it speaks, and what it follows. */
async function identify(
  options: ProparOptions,
  exchange: Exchange<ProparRequest, ProparAnswer>,
): Promise<Found> {
  const serials = new Set<string>();
  const modes = new Set<number>();
  const ask = ifKnown(exchange);
  for (const instrument of options.instruments) {
    const { node, name, capacity, fluid, unit, reference, setName } = instrument;
    const shown100 = capacity / normalPer(instrument);
    const [found, shown, type, serial] = await exchange({ kind: 'read', node, parameters: IDENTITY });
    const refuse = (text: string, code: 'identity' | 'local' = 'identity'): never => {
      throw new DeviceError(code, `${options.path} node ${node}`, `${type} no. ${serial} ${text}`);
    };
    const otherUnit = unitSlip(name, shown, unit);
    if (otherUnit !== undefined) refuse(otherUnit);
    if (typeof found !== 'number' || !(Math.abs(found - shown100) <= 1e-3 * shown100))
      refuse(
        `has a capacity of ${found}; the bench file says ${capacity} for ${name}${shown100 === capacity ? '' : ` (${shown100.toFixed(2)} at its reference state)`}`,
      );
    if (unitOf(name) === 'NL_per_min') {
      // An older instrument does not have these: its unit is all that it says.
      const [temperature, pressure] = await ask(node, REFERENCE);
      const told =
        temperature === undefined
          ? undefined
          : { temperature_degC: Number(temperature), pressure_mbar: Number(pressure) };
      const otherState = referenceSlip(name, told, reference);
      if (otherState !== undefined) refuse(otherState);
    }
    if (fluid !== undefined) {
      // Asked only where it matters: a pressure instrument need not know its fluid.
      const [setTo] = await ask(node, [P.fluidName]);
      if (setTo === undefined)
        refuse(
          `does not say to which fluid it is set, expected "${fluid}" for ${name} (without \`fluid:\` it is not asked)`,
        );
      const otherFluid = fluidSlip(name, setTo, fluid);
      if (otherFluid !== undefined) refuse(otherFluid);
    }
    if (setName !== undefined) {
      const [mode] = await ask(node, [P.controlMode]);
      const otherMode = mode === undefined ? undefined : modeSlip(mode);
      if (otherMode !== undefined) refuse(otherMode, 'local');
      if (mode !== undefined) modes.add(node);
    }
    serials.add(String(serial));
  }
  return { serials, modes };
}

function table(
  options: ProparOptions,
  clock: Parameters<typeof proparLink>[0]['clock'],
): DeviceTable<ProparRequest, ProparAnswer> {
  const { path, baud, instruments } = options;
  let sequence = 0;
  let found: Found = { serials: new Set(), modes: new Set() };
  const nextSequence = (): number => {
    sequence = (sequence + 1) & 0xff;
    return sequence;
  };
  return {
    description: describe(options),
    reply_ms: REPLY_MS,
    // Half duplex is kept by one exchange at a time; the instruments ask for no pause.
    gap_ms: 0,
    makeLink: () => proparLink({ path, baud, clock, nextSequence }),
    async identify(exchange) {
      found = await identify(options, exchange);
      const { serials } = found;
      return {
        // Whoever answered last is asked: one dead instrument must not silence the bus.
        ask: { kind: 'read', node: 'last', parameters: [P.serialNumber] },
        isAnswer: ([serial]) => serials.has(String(serial)),
      };
    },
    reads: instruments.map((instrument, i) => ({
      ask: { kind: 'read', node: instrument.node, parameters: [P.fMeasure] },
      channels: [i],
      into([measure], values) {
        values[i] = normalPer(instrument) * Number(measure);
      },
    })),
    writes: Object.fromEntries(
      instruments.flatMap(instrument => {
        const { node, setName } = instrument;
        if (setName === undefined) return [];
        const per = normalPer(instrument);
        const spec = {
          encode: (value: number): ProparRequest => ({
            kind: 'write',
            node,
            parameter: P.fSetpoint,
            value: value / per,
          }),
          // A set point that it holds and does not follow is none.
          get readback(): ProparRequest {
            const parameters = found.modes.has(node) ? [P.fSetpoint, P.controlMode] : [P.fSetpoint];
            return { kind: 'read', node, parameters };
          },
          decode: ([setpoint, mode]: ProparAnswer) =>
            mode === undefined || modeSlip(mode) === undefined ? per * Number(setpoint) : Number.NaN,
        };
        return [[setName, spec] as const];
      }),
    ),
  };
}

/**
 * Bronkhorst flow and pressure instruments (EL-FLOW, EL-PRESS, mini CORI-FLOW ...) on one ProPar bus. One device =
 * one bus: a channel per instrument (fMeasure, in the instrument's own unit), a settable per controller (fSetpoint).
 * Capacity, unit, the reference state of normal litres and, where the bench file names one, fluid are compared with it at connect, anew after a lost line. Its own safe list is empty: see `describe`.
 */
export const bronkhorstPropar: DriverEntry<ProparOptions> = {
  id: 'bronkhorst/propar',
  manual: 'Bronkhorst 9.17.027 (RS-232 interface); bronkhorst-propar 1.3.0',
  triedOn: 'emulator only',
  options: optionsSchema,
  endpoint: options => options.path,
  describe: options => describe(options),
  open: (id, options, { clock, readOnly = false }) =>
    openDevice(id, table(options, clock), { clock, readOnly }),
};
