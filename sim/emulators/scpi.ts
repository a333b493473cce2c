import { z } from 'zod';
import type { DialectName } from '../device/scpi/dialects.ts';
import { drawnRig, RESISTOR, resistorRig } from '../device/scpi/resistor.ts';
import { type ScpiOutput, scpiSupply } from '../device/scpi/supply.ts';
import type { Rig } from '../plant/parts/rig.ts';
import { type Emulated, type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';
import { rating } from './rating.ts';

/** Which emulator, written from the maker's papers, speaks as which family; `several`: with outputs by number;
 * `draws`: a load, on a resistor of its own, for no plant has two currents at its terminals. */
const FAMILIES: Readonly<
  Record<string, { readonly dialect: DialectName; readonly several?: true; readonly draws?: true }>
> = {
  'bk-8600': { dialect: 'bkLoad', draws: true },
  'bk-9110': { dialect: 'bk' },
  'delta-sm15k': { dialect: 'delta' },
  'ea-10000': { dialect: 'ea' },
  'itech-m3900': { dialect: 'itech' },
  'keysight-n5700': { dialect: 'keysight' },
  'keysight-n6700': { dialect: 'keysight', several: true },
  'kikusui-pwr-01': { dialect: 'kikusui' },
  'rigol-dp800': { dialect: 'rigol', several: true },
  'tdk-genesys': { dialect: 'genesys', several: true },
};

const options = z.object({
  family: z.string().refine(name => Object.hasOwn(FAMILIES, name), {
    error: ({ input }) =>
      `no emulator speaks as "${input}", expected one of ${Object.keys(FAMILIES).join(', ')}`,
  }),
  model: z.string().min(1),
  serial: z.string().min(1).default('EMULATOR-1'),
  voltageNominal_V: rating,
  currentNominal_A: rating,
  powerNominal_W: rating.optional(),
  output: z.number().int().min(1).optional(),
  address: z.number().int().optional(),
  baud: z.number().int().positive().optional(),
});
type ScpiOptions = z.infer<typeof options>;

/**
 * Supplies that speak lines. An output stands on what its roles are of (`stack`, `cell`); where the plant has nothing for
 * it, it feeds a resistor. Several devices at one address are outputs of one instrument.
 */
export const scpi: EmulatorEntry<ScpiOptions> = {
  options,
  families: Object.keys(FAMILIES),
  sample: ({ family = 'keysight-n5700' }) => ({
    family,
    model: 'EMULATED-80-120',
    voltageNominal_V: 80,
    currentNominal_A: 120,
    powerNominal_W: 5000,
    ...(family === 'tdk-genesys'
      ? { address: 6 }
      : FAMILIES[String(family)]?.several === undefined
        ? {}
        : { output: 1 }),
  }),
  open(devices, site) {
    const { dialect, several } = FAMILIES[devices[0].options.family];
    if (several === undefined) onlyOne(devices);
    const outputs = devices.map(device => outputOf(device, site.rig));
    const twice = devices.find((_, i) => outputs.findIndex(o => o.number === outputs[i].number) !== i);
    if (twice !== undefined)
      throw new Error(`${twice.id}: its output is another device's, expected one of its own`);
    const [{ options }] = devices;
    const emulator = scpiSupply(site, {
      dialect,
      plate: outputs[0].plate,
      outputs,
      ...(site.path === undefined ? { port: site.port } : { path: site.path, baud: options.baud }),
      onOutputOff: site.onOutputOff,
    });
    // The address on a line with several is a switch at its back.
    if (options.address !== undefined) {
      for (const [number, state] of emulator.outputs) state.extras.set('address', String(number));
    }
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};

function outputOf({ options, roles }: Emulated<ScpiOptions>, rig: Rig): ScpiOutput {
  const { model, serial, voltageNominal_V, currentNominal_A, output, address } = options;
  // Units on one line are told apart by their addresses.
  const number = output ?? address ?? 1;
  const { powerNominal_W = voltageNominal_V * currentNominal_A } = options;
  const plate = { model, serial, voltageNominal_V, currentNominal_A, powerNominal_W };
  if (FAMILIES[options.family].draws) return { number, plate, subject: RESISTOR, rig: drawnRig(plate, rig) };
  const subject = Object.values(roles)
    .map(signal => signal.split('.')[0])
    .find(name => rig.actuatorIndex(`${name}.outputSet_on`) >= 0);
  if (subject !== undefined) return { number, plate, subject };
  return { number, plate, subject: RESISTOR, rig: resistorRig(plate, rig) };
}
