import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { flowName, referenceOption, TOLD_REFERENCE } from '../protocol/gas-options.ts';
import { fluidSlip, normalLitres, referenceSlip } from '../protocol/gas-state.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { endpointOf, type TextAddress, textWire } from '../transport/text/wire.ts';
import {
  BROOKS_LONGEST,
  type BrooksAsk,
  type BrooksFrame,
  brooksCodec,
  FIND_BY_TAG,
  packedTag,
  STATE,
  TO_ALL,
} from './frames.ts';
import { type BrooksSettings, COMMAND, settingsOf } from './settings.ts';

const ID = 'brooks/s-protocol';
/** Public programs wait 0.2 to 1 s (default). */
const REPLY_MS = 400;
/** Brooks' own number among the makers of HART instruments, and the mark of the first master. */
const BROOKS = 10;
const FIRST_MASTER = 0x80;
/** Set points: "in the unit that is selected". */
const SELECTED_UNIT = 250;
/** A set point may come back rounded by so much of the range (default). */
const TOLERANCE = 1e-4;

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const quantity = flowName('h2Flow_NL_per_min');

const instrumentSchema = z.strictObject({
  name: quantity.meta({ description: 'name of the channel, in NL_per_min' }),
  tag: z
    .string()
    .regex(/^[\x20-\x5f]{8}$/, 'expected the last 8 characters of its serial number, in capitals')
    .meta({
      description: 'tag by which it is found on the line: the last 8 characters of its serial number',
    }),
  setName: quantity
    .optional()
    .meta({ description: 'name of the set point; absent for one that only measures' }),
  capacity: positive.meta({
    description: 'value of 100 %, NL/min; refused at connect if the instrument says otherwise',
  }),
  safe: z
    .number()
    .min(0)
    .default(0)
    .meta({ description: 'set point of the safe state, NL/min: a purge may have to go on' }),
  fluid: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'gas that it must be set to, e.g. H2; refused at connect if it is another' }),
  reference: referenceOption(TOLD_REFERENCE),
});
type Instrument = z.infer<typeof instrumentSchema>;

const own = {
  instruments: z
    .array(instrumentSchema)
    .min(1, 'expected at least one instrument')
    .refine(all => new Set(all.map(one => one.tag)).size === all.length, 'expected each tag once')
    .refine(all => {
      const names = all.flatMap(({ name, setName }) => (setName === undefined ? [name] : [name, setName]));
      return new Set(names).size === names.length;
    }, 'expected each name once')
    .refine(all => all.every(one => one.safe <= one.capacity), 'expected "safe" within the capacity')
    .meta({ description: 'instruments on this line' }),
};
const options = z.union(
  [
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address of a serial server before the line' }),
      port: z.number().int().min(1).max(65535).meta({ description: 'its port, bytes passed as they are' }),
      ...own,
    }),
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-brooks' }),
      baud: z
        .number()
        .int()
        .min(1200)
        .max(115_200)
        .default(19_200)
        .meta({ description: 'bit rate; the line has 8 data bits, odd parity, 1 stop bit' }),
      ...own,
    }),
  ],
  {
    error:
      'expected { path, instruments, ... } for a serial line or { host, port, instruments, ... } for TCP',
  },
);
type BrooksOptions = z.infer<typeof options>;

function addressOf(asked: BrooksOptions): TextAddress {
  if (!('path' in asked)) return { host: asked.host, port: asked.port };
  return { path: asked.path, baud: asked.baud, dataBits: 8, parity: 'odd', stopBits: 1 };
}

function describe({ instruments }: BrooksOptions): DeviceDescription {
  const controllers = instruments.flatMap(one =>
    one.setName === undefined ? [] : [{ ...one, setName: one.setName }],
  );
  return {
    driver: ID,
    channels: instruments.map(({ name, capacity }) => ({
      name,
      range: [-0.05 * capacity, 1.1 * capacity],
      accuracy: { reading_pct: 0.9, abs: 0.0018 * capacity, basis: 'recalled' },
    })),
    settables: controllers.map(({ setName, capacity }) => ({
      name: setName,
      range: [0, capacity],
      tolerance: TOLERANCE * capacity,
    })),
    // No watchdog on the serial line: the last set point stays (recalled).
    onLoss: 'hold',
    safeList: controllers.map(({ setName, safe }) => [setName, safe] as const),
  };
}

/** One instrument, as it was found. */
interface Found {
  readonly address: Uint8Array;
  readonly settings: BrooksSettings;
  /** NL/min in 1 of what it shows. */
  readonly per: number;
}

async function findOne(
  instrument: Instrument,
  line: string,
  exchange: Exchange<BrooksAsk, BrooksFrame>,
): Promise<Found> {
  const { name, tag, capacity, fluid, reference, setName } = instrument;
  const where = `${line} tag ${tag}`;
  const refuse = (text: string): never => {
    throw new DeviceError('identity', where, text);
  };
  const { data } = await exchange({ address: TO_ALL, command: FIND_BY_TAG, data: packedTag(tag) });
  if (data.length < 12 || data[1] !== BROOKS) refuse('answers, but is no instrument of Brooks');
  const address = Uint8Array.of(FIRST_MASTER | data[1], data[2], ...data.subarray(9, 12));
  const settings = await settingsOf(address, exchange, {
    where,
    isSet: setName !== undefined,
    asksGas: fluid !== undefined,
  });
  const otherState = referenceSlip(name, settings.reference, reference);
  if (otherState !== undefined) refuse(otherState);
  if (settings.reference === undefined) refuse('does not say to which state its litres refer');
  const otherGas = fluid === undefined ? undefined : fluidSlip(name, settings.gas, fluid);
  if (otherGas !== undefined) refuse(otherGas);
  const per = settings.litres * (reference === undefined ? 1 : normalLitres(reference));
  const { fullScale } = settings;
  if (fullScale !== undefined && !(Math.abs(fullScale * per - capacity) <= 1e-3 * capacity))
    refuse(`has a range of ${(fullScale * per).toPrecision(6)} NL/min, expected ${capacity} for ${name}`);
  return { address, settings, per };
}

function tableOf(asked: BrooksOptions, clock: Clock): DeviceTable<BrooksAsk, BrooksFrame> {
  const address = addressOf(asked);
  const where = endpointOf(address);
  const { instruments } = asked;
  let found: readonly Found[] = [];
  const flowIn = ({ data, state }: BrooksFrame, i: number): number | string => {
    const { settings, per } = found[i];
    if (data.length < 5) return `${data.length} bytes are no flow`;
    const view = new DataView(data.buffer);
    if (view.getUint8(0) !== settings.unitCode) return `its unit has been changed (to ${view.getUint8(0)})`;
    if ((state & STATE.malfunction) !== 0) return 'it reports a malfunction';
    return per * view.getFloat32(1);
  };
  const addressAt = (i: number) => (): Uint8Array => found[i].address;
  // The safe state is made ready before anything is found: its bytes are made when they go out.
  const setpoint = (i: number, value: number) => (): Uint8Array => {
    const data = new DataView(new ArrayBuffer(5));
    data.setUint8(0, SELECTED_UNIT);
    data.setFloat32(1, value / found[i].per);
    return new Uint8Array(data.buffer);
  };
  return {
    description: describe(asked),
    makeLink: () =>
      countedMessages(ears => textWire(address, clock, ears), brooksCodec, 4 * BROOKS_LONGEST, clock),
    reply_ms: Math.ceil(REPLY_MS + ('path' in asked ? (2 * 1000 * 11 * BROOKS_LONGEST) / asked.baud : 0)),
    gap_ms: 5,
    async identify(exchange) {
      const all: Found[] = [];
      for (const instrument of instruments) all.push(await findOne(instrument, where, exchange));
      found = all;
      const plate = all[0].address;
      return {
        ask: { address: TO_ALL, command: FIND_BY_TAG, data: packedTag(instruments[0].tag) },
        isAnswer: ({ command, data }) =>
          command === FIND_BY_TAG && Buffer.from(data.subarray(9, 12)).equals(Buffer.from(plate.subarray(2))),
      };
    },
    reads: instruments.map(({ name }, i) => ({
      ask: { address: addressAt(i), command: COMMAND.readFlow },
      channels: [i],
      into(reply, values, quality, note) {
        const flow = flowIn(reply, i);
        if (typeof flow === 'string') {
          note(`${name}: ${flow}`);
          return;
        }
        values[i] = flow;
        if ((reply.state & STATE.outOfRange) !== 0) {
          quality[i] = QUALITY.uncertain;
          note(`${name}: out of its range, as it says`);
        }
      },
    })),
    writes: Object.fromEntries(
      instruments.flatMap(({ setName }, i) => {
        if (setName === undefined) return [];
        const spec = {
          encode: (value: number): BrooksAsk => ({
            address: addressAt(i),
            command: COMMAND.writeSetpoint,
            data: setpoint(i, value),
          }),
          readback: { address: addressAt(i), command: COMMAND.readSetpoint },
          decode({ data }: BrooksFrame) {
            if (data.length < 10 || data[5] !== found[i].settings.unitCode) return Number.NaN;
            return found[i].per * new DataView(data.buffer).getFloat32(6);
          },
        };
        return [[setName, spec] as const];
      }),
    ),
  };
}

/**
 * Flow meters and controllers of Brooks (SLA5800, SLAMf, 4800) on one S-protocol line: a channel each, in normal litres. Unit,
 * reference state, range and gas are read at connect and compared with the bench file.
 */
export const brooksSProtocol: DriverEntry<BrooksOptions> = {
  id: ID,
  manual:
    'Brooks X-DPT-RS485-SLA5800-SLAMf RevB (541B189AAG, August 2015), commands 1, 11, 150..152, 190, 193, 230, 235, 236 as public programs quote it',
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.clock), env),
};
