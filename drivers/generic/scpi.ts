import { resolve } from 'node:path';
import { z } from 'zod';
import { DeviceError } from '../contract/errors.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { addressOf, textOptions } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import { familyName } from './families.ts';
import { describeFamily } from './scpi-describe.ts';
import { familyFile, readFamily, scpiFamilies } from './scpi-file.ts';
import { textTable } from './scpi-wire.ts';

const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');

/** What every supply needs, however it is wired. */
const unit = {
  family: familyName(scpiFamilies).meta({
    description:
      'how it is spoken to: a name of docs/reference/supplies.md, or a file of your own (*.yaml, from the folder of the bench file)',
  }),
  model: z.string().min(1).meta({ description: 'model, as the second field of its identity says it' }),
  serial: z.string().min(1).optional().meta({ description: 'serial number, as its identity says it' }),
  voltageNominal_V: rating.meta({
    description: 'rating of the type plate: bounds of what is set and believed',
  }),
  currentNominal_A: rating.meta({ description: 'rating of the type plate' }),
  powerNominal_W: rating
    .optional()
    .meta({ description: 'rating of the type plate, where the family sets or reads a power' }),
  output: z.number().int().min(1).optional().meta({ description: 'which output, where it has several' }),
  address: z
    .number()
    .int()
    .min(0)
    .max(255)
    .optional()
    .meta({ description: 'address on a line with several' }),
  checksum: z.boolean().default(false).meta({
    description:
      'a checksum behind every line in both directions, where the family has one (tdk-genesys: `$`)',
  }),
};

const scpiOptions = textOptions(unit, 'family, model', {
  portText: 'the usual one is in docs/reference/supplies.md',
});
export type ScpiOptions = z.infer<typeof scpiOptions>;

/** DC supplies and loads that speak lines of text (SCPI and its like): each family is a data file. */
export const genericScpi: DriverEntry<ScpiOptions> = {
  id: 'generic/scpi',
  manual: 'IEEE 488.2-1992, SCPI-1999; commands, with the basis of each, from the file of the family',
  triedOn: 'emulator only',
  options: scpiOptions,
  endpoint: options => endpointOf(addressOf(options)),
  shares: true,
  describe(options, baseDir) {
    const description = describeFamily(
      readFamily(options.family, baseDir),
      options,
      `generic/scpi (${options.family})`,
    );
    if (!options.family.endsWith('.yaml')) return description;
    return { ...description, dataFiles: [resolve(baseDir, familyFile(options.family, baseDir))] };
  },
  open(id, options, env) {
    const family = readFamily(options.family, env.baseDir);
    const name = `generic/scpi (${options.family})`;
    if (options.checksum && family.line.checksum === undefined)
      throw new DeviceError('config', id, `${options.family} has no checksum, expected checksum: false`);
    return openDevice(id, textTable(family, options, options, { ...env, name }), env);
  },
};
