import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { Quantity } from '../contract/units.ts';
import type { DeviceTable, Exchange, ReadSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { endpointOf, type TextAddress, textWire } from '../transport/text/wire.ts';
import { CVM_MODELS, cellsIn, LAYOUTS } from './cells.ts';
import { XC2_COMMAND, XC2_LONGEST, XC2_SERIAL, type Xc2Ask, type Xc2Frame, xc2Codec } from './xc2.ts';

const ID = 'kolibrik/cvm';
/** The maker's library waits so long. */
const REPLY_MS = 400;
/** A monitor whose own clock has not moved for so long has stopped measuring, s (default). */
const CLOCK_STANDS_s = 1;
/** What a module answers to an echo when its program runs; 1 is its boot loader. */
const RUNS = 2;

const finite = z.number().refine(Number.isFinite, 'expected a finite number');

const moduleSchema = z
  .strictObject({
    address: z
      .number()
      .int()
      .min(2, 'expected an address 2..4095')
      .max(0xfff, 'expected an address 2..4095')
      .meta({ description: 'address on the bus; 4095 for one that was given none' }),
    model: z.enum(CVM_MODELS).meta({ description: 'model, as its plate says it' }),
    serial: z
      .string()
      .regex(/^[0-9a-f]+$/i, 'expected the hexadecimal number of its plate')
      .optional()
      .meta({ description: 'serial number; refused at connect if it is another' }),
    cells: z.number().int().min(1).meta({ description: 'so many cells from its first input on' }),
  })
  .refine(({ model, cells }) => cells <= LAYOUTS[model].cells, {
    error: 'expected no more cells than the model has inputs: CVM24P 24, CVM32A 32, CVM64H 64',
    path: ['cells'],
  });

const own = {
  modules: z
    .array(moduleSchema)
    .min(1, 'expected at least one module')
    .refine(all => new Set(all.map(one => one.address)).size === all.length, 'expected each address once')
    .meta({ description: 'modules on this bus, in the order of the cells of the stack' }),
  range_V: z
    .tuple([finite, finite])
    .refine(([low, high]) => low < high, 'expected [low, high] with low < high')
    .default([-2.5, 5])
    .meta({ description: 'voltages of a cell that are believed, V; others are bad' }),
  accuracy_V: z
    .number()
    .positive()
    .default(0.002)
    .meta({ description: 'accuracy of a cell voltage (k = 2), V, as its data sheet has it (recalled)' }),
};
const options = z.union(
  [
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address of a serial server before the bus' }),
      port: z.number().int().min(1).max(65535).meta({ description: 'its port, bytes passed as they are' }),
      ...own,
    }),
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-cvm' }),
      baud: z
        .number()
        .int()
        .min(1200)
        .max(3_000_000)
        .default(1_000_000)
        .meta({ description: 'bit rate of the bus' }),
      ...own,
    }),
  ],
  { error: 'expected { path, modules, ... } for a serial line or { host, port, modules, ... } for TCP' },
);
type CvmOptions = z.infer<typeof options>;
type Module = CvmOptions['modules'][number];

function addressOf(asked: CvmOptions): TextAddress {
  if (!('path' in asked)) return { host: asked.host, port: asked.port };
  return { path: asked.path, baud: asked.baud, dataBits: 8, parity: 'none', stopBits: 1 };
}

function describe({ modules, range_V, accuracy_V }: CvmOptions): DeviceDescription {
  const cells = modules.reduce((sum, one) => sum + one.cells, 0);
  return {
    driver: ID,
    channels: Array.from({ length: cells }, (_, i) => ({
      name: `cell[${i + 1}].voltage_V` as Quantity,
      range: range_V,
      accuracy: { reading_pct: 0, abs: accuracy_V, basis: 'recalled' as const },
    })),
    settables: [],
    onLoss: 'hold',
    safeList: [],
  };
}

const SERIAL_QUESTION = Uint8Array.of(XC2_SERIAL);

/** Whether every module is there, runs, and is the one of the bench file; resolves with what the first said. */
async function identify(modules: readonly Module[], where: string, exchange: Exchange<Xc2Ask, Xc2Frame>) {
  const plates: Uint8Array[] = [];
  for (const { address, model, serial } of modules) {
    const refuse = (text: string): never => {
      throw new DeviceError('identity', `${where} module ${address}`, text);
    };
    const echo = await exchange({ address, command: XC2_COMMAND.echo });
    if (echo.data[0] !== RUNS) refuse('stands in its boot loader, expected its program to run');
    const { data } = await exchange({ address, command: XC2_COMMAND.system, data: SERIAL_QUESTION });
    const type = Buffer.from(data.subarray(0, 5)).toString('latin1');
    const number = Buffer.from(data.subarray(5)).toString('hex');
    const shown = JSON.stringify(`${type} ${number}`);
    if (type.toUpperCase() !== model.slice(0, 5)) refuse(`says ${shown}, expected a ${model}`);
    if (serial !== undefined && number !== serial.toLowerCase())
      refuse(`says ${shown}, expected the serial number ${serial}`);
    plates.push(data);
  }
  const [plate] = plates;
  return {
    ask: { address: modules[0].address, command: XC2_COMMAND.system, data: SERIAL_QUESTION },
    isAnswer: ({ command, data }: Xc2Frame) =>
      command === XC2_COMMAND.system && Buffer.from(data).equals(Buffer.from(plate)),
  };
}

/** How the cells of one module are read; `first` is the place of its first one in the frame. */
function readOf({ address, model, cells }: Module, first: number, clock: Clock): ReadSpec<Xc2Ask, Xc2Frame> {
  let isLittle: boolean | undefined;
  let shown = Number.NaN;
  let movedAt_s = Number.NEGATIVE_INFINITY;
  return {
    ask: { address, command: XC2_COMMAND.applicationStatus },
    channels: Array.from({ length: cells }, (_, i) => first + i),
    into({ data }, values, quality, note) {
      const status = cellsIn(data, model, cells, isLittle);
      if (status === undefined) {
        note(`module ${address}: its answer is no status of a ${model} with ${cells} cells`);
        return;
      }
      const { cells_V, proved, sum_V, clock: ownClock } = status;
      if (proved === false) {
        const sum = cells_V.reduce((a, b) => a + b, 0);
        note(
          `module ${address}: its cells give ${sum.toFixed(3)} V, its own sum is ${sum_V.toFixed(3)} V: neither is believed`,
        );
        return;
      }
      if (proved === true) isLittle = status.isLittle;
      if (ownClock !== undefined && ownClock !== shown) {
        shown = ownClock;
        movedAt_s = clock.now_s();
      }
      const stands = ownClock !== undefined && clock.now_s() - movedAt_s > CLOCK_STANDS_s;
      if (stands) note(`module ${address}: its own clock stands still`);
      const rest = stands ? QUALITY.stale : proved ? QUALITY.good : QUALITY.uncertain;
      for (const [i, value] of cells_V.entries()) {
        if (Number.isNaN(value)) note(`cell[${first + i + 1}]: no voltage (open wire, over-range)`);
        // In which order its bytes stand has never been proved: it may be any number.
        else if (isLittle === undefined) note(`module ${address}: nothing has proved its cells yet`);
        else values[first + i] = value;
        quality[first + i] = rest;
      }
    },
  };
}

function tableOf(asked: CvmOptions, clock: Clock): DeviceTable<Xc2Ask, Xc2Frame> {
  const address = addressOf(asked);
  const where = endpointOf(address);
  const { modules } = asked;
  let first = 0;
  const reads = modules.map(module => {
    const read = readOf(module, first, clock);
    first += module.cells;
    return read;
  });
  const line_ms = 'path' in asked ? (1000 * 10 * 2 * XC2_LONGEST) / asked.baud : 0;
  return {
    description: describe(asked),
    makeLink: () => countedMessages(ears => textWire(address, clock, ears), xc2Codec, 4 * XC2_LONGEST, clock),
    reply_ms: Math.ceil(REPLY_MS + line_ms),
    gap_ms: 0,
    identify: exchange => identify(modules, where, exchange),
    reads,
    writes: {},
  };
}

/**
 * Cell voltage monitors of Kolibrik (CVM24P, CVM32A, CVM64H) on one XC2 bus: one device = one bus, a channel for each cell
 * of the stack, each with a quality of its own. Measures only; its registers are left alone.
 */
export const kolibrikCvm: DriverEntry<CvmOptions> = {
  id: ID,
  manual:
    "Kolibrik's own library xc2 (packets.py, consts.py, bus_utils.py, xc2_dev_cvm32a.py, xc2_dev_cvm64h.py); units and the status of the CVM24P recalled",
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.clock), env),
};
