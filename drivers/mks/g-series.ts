import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { flowName, referenceOption } from '../protocol/gas-options.ts';
import { fluidSlip, normalLitres } from '../protocol/gas-state.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { endpointOf, type TextAddress, textWire } from '../transport/text/wire.ts';
import { MKS_LONGEST, type MksAnswer, type MksAsk, mksCodec } from './messages.ts';

const ID = 'mks/g-series';
/** A public program waits 0.1 s (default). */
const REPLY_MS = 200;
/** Litres per minute in 1 of each unit that it may show (texts recalled), at its own reference state. */
const LITRES: Readonly<Record<string, number>> = { SCCM: 1e-3, SLM: 1 };
/** Somebody may change its unit: it is asked so often (default). */
const UNIT_EVERY_MS = 5000;
/** Digits behind the point of a set point. */
const DECIMALS = 3;
const NUMBER = /^[+-]?\d{1,7}(\.\d{1,6})?(E[+-]?\d{1,2})?$/i;

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const quantity = flowName('n2Flow_NL_per_min');

const own = {
  address: z.number().int().min(1).max(254).default(254).meta({
    description: 'address on the line; 254 answers whatever its address, if it is alone',
  }),
  serial: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'serial number; refused at connect if it is another' }),
  name: quantity.default('flow_NL_per_min').meta({ description: 'name of the channel, in NL_per_min' }),
  setName: quantity
    .optional()
    .meta({ description: 'name of the set point; absent for one that only measures' }),
  capacity: positive.meta({
    description: 'value of 100 %, NL/min; refused at connect if the instrument says otherwise',
  }),
  safe: z.number().min(0).default(0).meta({ description: 'set point of the safe state, NL/min' }),
  fluid: z.string().min(1).optional().meta({
    description: 'gas that it must be set to, as it says it; refused at connect if it is another',
  }),
  reference: referenceOption(
    'state to which its litres refer, which it does not say; 0 degC and 1013.25 mbar where absent (recalled); its figures are converted',
  ),
};
const options = z.union(
  [
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address of a serial server before the line' }),
      port: z.number().int().min(1).max(65535).meta({ description: 'its port, bytes passed as they are' }),
      ...own,
    }),
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-mks' }),
      baud: z.number().int().min(1200).max(115_200).default(9600).meta({ description: 'bit rate, 8N1' }),
      ...own,
    }),
  ],
  { error: 'expected { path, capacity, ... } for a serial line or { host, port, capacity, ... } for TCP' },
);
type MksOptions = z.infer<typeof options>;

function addressOf(asked: MksOptions): TextAddress {
  if (!('path' in asked)) return { host: asked.host, port: asked.port };
  return { path: asked.path, baud: asked.baud, dataBits: 8, parity: 'none', stopBits: 1 };
}

function describe({ name, setName, capacity, safe }: MksOptions): DeviceDescription {
  if (safe > capacity || name === setName)
    throw new DeviceError('config', ID, 'expected "safe" within the capacity, and two different names');
  return {
    driver: ID,
    channels: [
      {
        name,
        range: [-0.05 * capacity, 1.1 * capacity],
        accuracy: { reading_pct: 1, abs: 0.002 * capacity, basis: 'recalled' },
      },
    ],
    settables:
      setName === undefined ? [] : [{ name: setName, range: [0, capacity], tolerance: 1e-3 * capacity }],
    // No watchdog on its line: the last set point stays (recalled).
    onLoss: 'hold',
    safeList: setName === undefined ? [] : [[setName, safe]],
  };
}

function tableOf(asked: MksOptions, clock: Clock): DeviceTable<MksAsk, MksAnswer> {
  const { address: at, name, setName, capacity, serial, fluid, reference } = asked;
  const address = addressOf(asked);
  const where = `${ID} at ${endpointOf(address)}`;
  const ask = (command: string, answer = NUMBER): MksAsk => ({ address: at, command, answer });
  const state = reference === undefined ? 1 : normalLitres(reference);
  /** NL/min in 1 of what it shows; known once it has been asked, never guessed. */
  let per = Number.NaN;
  let unit = '';
  const askUnit = ask('U?', /^[A-Z%]/i);

  async function identify(exchange: Exchange<MksAsk, MksAnswer>) {
    const refuse = (text: string): never => {
      throw new DeviceError('identity', where, text);
    };
    const question = ask('SN?', /^[\x21-\x7e]{2,20}$/);
    const { value: found } = await exchange(question);
    if (serial !== undefined && found !== serial) refuse(`its serial number is ${found}, expected ${serial}`);
    unit = (await exchange(askUnit)).value;
    const litres = LITRES[unit.toUpperCase()];
    if (litres === undefined)
      refuse(`shows its flow in "${unit}", expected SCCM or SLM; set its unit with the maker's program`);
    per = litres * state;
    const full = Number((await exchange(ask('FS?'))).value);
    if (!(Math.abs(full * per - capacity) <= 1e-3 * capacity))
      refuse(
        `has a range of ${(full * per).toPrecision(6)} NL/min (${full} ${unit}), expected ${capacity} for ${name}`,
      );
    if (fluid !== undefined) {
      const { value: gas } = await exchange(ask('PG?', /^[\x20-\x7e]+$/));
      const slip = fluidSlip(name, gas, fluid);
      if (slip !== undefined) refuse(slip);
    }
    return { ask: question, isAnswer: ({ isTaken, value }: MksAnswer) => isTaken && value === found };
  }

  const flowOf = ({ value }: MksAnswer): number => per * (NUMBER.test(value) ? Number(value) : Number.NaN);
  return {
    description: describe(asked),
    makeLink: () => countedMessages(ears => textWire(address, clock, ears), mksCodec, 4 * MKS_LONGEST, clock),
    reply_ms: Math.ceil(REPLY_MS + ('path' in asked ? (2 * 1000 * 10 * MKS_LONGEST) / asked.baud : 0)),
    gap_ms: 5,
    identify,
    reads: [
      {
        ask: askUnit,
        channels: [],
        every_ms: UNIT_EVERY_MS,
        into({ value }, _, __, note) {
          if (value === unit) return;
          // Neither its flow nor a set point can be told any more: until it is connected afresh.
          per = Number.NaN;
          note(`its unit has been changed to ${value}, it was ${unit}: connect it afresh`);
        },
      },
      {
        ask: ask('FX?'),
        channels: [0],
        into(reply, values) {
          values[0] = flowOf(reply);
        },
      },
    ],
    writes:
      setName === undefined
        ? {}
        : {
            [setName]: {
              // In its own unit, which is known only once it is connected.
              encode: value => ({
                address: at,
                get command() {
                  return `SX!${(value / per).toFixed(DECIMALS)}`;
                },
                answer: /^/,
              }),
              readback: ask('SX?'),
              decode: flowOf,
            },
          },
    notices: () =>
      reference === undefined
        ? ['it does not say to which state its litres refer: taken for 0 degC and 1013.25 mbar (recalled)']
        : [],
  };
}

/** Flow controllers of the MKS G series on RS-485, one on a line or by address: flow in normal litres, set point. */
export const mksGSeries: DriverEntry<MksOptions> = {
  id: ID,
  manual:
    'MKS G-series RS-485 commands as in PyExpLabSys mks_g_series.py; units, reference state and meaning of SX in them recalled',
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.clock), env),
};
